-- 2026-11-26T21-56-34_say_what_happened_to_lost_orders: up on sqlite.
-- piccolo: loses which order_status were lost
-- piccolo: loses the values of product.price
-- - drop value order_status.lost
-- - drop column product.price
-- - drop check product.product_a8080cba_check

-- piccolo: step rebuild "product" rebuild "order"
-- Change the tables.

-- Rebuild product: drop column product.price; drop check product.product_a8080cba_check.
CREATE TABLE "_piccolo_new_product" (
    "id" INTEGER NOT NULL CONSTRAINT "product_pkey" PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL CONSTRAINT "piccolo:length:title" CHECK (length("title") <= 200),
    "sku" TEXT NOT NULL CONSTRAINT "piccolo:length:sku" CHECK (length("sku") <= 20),
    "department" INTEGER CONSTRAINT "product_department_fkey" REFERENCES "department" ("id") ON DELETE SET NULL,
    CONSTRAINT "product_sku_key" UNIQUE ("sku")
) STRICT;

INSERT INTO "_piccolo_new_product" ("id", "title", "sku", "department")
SELECT "product"."id", "product"."title", "product"."sku", "product"."department"
FROM "product";

DROP TABLE "product";

ALTER TABLE "_piccolo_new_product" RENAME TO "product";

-- Rebuild order for the new values of its enum.
CREATE TABLE "_piccolo_new_order" (
    "id" INTEGER NOT NULL CONSTRAINT "order_pkey" PRIMARY KEY AUTOINCREMENT,
    "customer" INTEGER NOT NULL CONSTRAINT "order_customer_fkey" REFERENCES "customer" ("id"),
    "status" TEXT NOT NULL DEFAULT 'open' CONSTRAINT "piccolo:enum:status" CHECK ("status" IN ('cancelled', 'open', 'packed', 'paid', 'shipped')),
    "placed_at" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) CONSTRAINT "piccolo:timestamp:placed_at" CHECK (substr("placed_at", 1, 19) IS datetime(substr("placed_at", 1, 19)) AND substr("placed_at", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "placed_at" >= '0001')
) STRICT;

INSERT INTO "_piccolo_new_order" ("id", "customer", "status", "placed_at")
SELECT "order"."id", "order"."customer", CASE "order"."status" WHEN 'lost' THEN 'cancelled' ELSE "order"."status" END, "order"."placed_at"
FROM "order";

DROP TABLE "order";

ALTER TABLE "_piccolo_new_order" RENAME TO "order";

-- Create index order_customer_placed_at_idx.
CREATE INDEX "order_customer_placed_at_idx" ON "order" ("customer", "placed_at" DESC);

-- Create index order_placed_at_idx.
CREATE INDEX "order_placed_at_idx" ON "order" ("placed_at") WHERE status = 'open';
