-- 2026-11-26T21-56-19_make_room: up on sqlite.
-- piccolo: lossless
-- - change column customer.email: the type
-- - change column price.amount: the type
-- - change column item.quantity: the type
-- - drop check item.item_80e6e22a_check
-- - add check item.item_92580029_check

-- piccolo: step rebuild "customer" rebuild "price" rebuild "item"
-- Change the tables.

-- Rebuild customer: change column customer.email: the type.
CREATE TABLE "_piccolo_new_customer" (
    "id" INTEGER NOT NULL CONSTRAINT "customer_pkey" PRIMARY KEY AUTOINCREMENT,
    "full_name" TEXT NOT NULL CONSTRAINT "piccolo:length:full_name" CHECK (length("full_name") <= 100),
    "email" TEXT NOT NULL CONSTRAINT "piccolo:length:email" CHECK (length("email") <= 254),
    CONSTRAINT "customer_email_key" UNIQUE ("email")
) STRICT;

INSERT INTO "_piccolo_new_customer" ("id", "full_name", "email")
SELECT "customer"."id", "customer"."full_name", "customer"."email"
FROM "customer";

DROP TABLE "customer";

ALTER TABLE "_piccolo_new_customer" RENAME TO "customer";

-- Rebuild price: change column price.amount: the type.
CREATE TABLE "_piccolo_new_price" (
    "product" INTEGER NOT NULL CONSTRAINT "price_product_fkey" REFERENCES "product" ("id") ON DELETE CASCADE,
    "valid_from" TEXT NOT NULL CONSTRAINT "piccolo:date:valid_from" CHECK ("valid_from" IS date("valid_from") AND "valid_from" >= '0001'),
    "amount" REAL NOT NULL CONSTRAINT "piccolo:numeric:amount" CHECK ("amount" = round("amount", 2) AND abs("amount") < 100000000),
    CONSTRAINT "price_pkey" PRIMARY KEY ("product", "valid_from"),
    CONSTRAINT "price_19f11825_check" CHECK (amount >= 0)
) STRICT;

INSERT INTO "_piccolo_new_price" ("product", "valid_from", "amount")
SELECT "price"."product", "price"."valid_from", "price"."amount"
FROM "price";

DROP TABLE "price";

ALTER TABLE "_piccolo_new_price" RENAME TO "price";

-- Rebuild item: change column item.quantity: the type; drop check item.item_80e6e22a_check; add check item.item_92580029_check.
CREATE TABLE "_piccolo_new_item" (
    "order" INTEGER NOT NULL CONSTRAINT "item_order_fkey" REFERENCES "order" ("id") ON DELETE CASCADE,
    "line" INTEGER NOT NULL CONSTRAINT "piccolo:range:line" CHECK ("line" BETWEEN -32768 AND 32767),
    "product" INTEGER NOT NULL CONSTRAINT "item_product_fkey" REFERENCES "product" ("id"),
    "quantity" INTEGER NOT NULL DEFAULT 1 CONSTRAINT "piccolo:range:quantity" CHECK ("quantity" BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT "item_pkey" PRIMARY KEY ("order", "line"),
    CONSTRAINT "item_92580029_check" CHECK (quantity BETWEEN 1 AND 9999)
) STRICT;

INSERT INTO "_piccolo_new_item" ("order", "line", "product", "quantity")
SELECT "item"."order", "item"."line", "item"."product", "item"."quantity"
FROM "item";

DROP TABLE "item";

ALTER TABLE "_piccolo_new_item" RENAME TO "item";
