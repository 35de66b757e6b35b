-- 2026-11-26T21-56-03_call_things_by_their_names: down on sqlite.
-- piccolo: lossless

-- piccolo: step
-- Rename what has a new name.

-- Rename column customer.full_name to name.
ALTER TABLE "customer" RENAME COLUMN "full_name" TO "name";

-- Rename column product.title to name.
ALTER TABLE "product" RENAME COLUMN "title" TO "name";

-- piccolo: step rebuild "customer" rebuild "product"
-- Change the tables.

-- Rebuild customer: rename column customer.full_name to name.
CREATE TABLE "_piccolo_new_customer" (
    "id" INTEGER NOT NULL CONSTRAINT "customer_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 100),
    "email" TEXT NOT NULL CONSTRAINT "piccolo:length:email" CHECK (length("email") <= 100),
    CONSTRAINT "customer_email_key" UNIQUE ("email")
) STRICT;

INSERT INTO "_piccolo_new_customer" ("id", "name", "email")
SELECT "customer"."id", "customer"."name", "customer"."email"
FROM "customer";

DROP TABLE "customer";

ALTER TABLE "_piccolo_new_customer" RENAME TO "customer";

-- Rebuild product: rename column product.title to name.
CREATE TABLE "_piccolo_new_product" (
    "id" INTEGER NOT NULL CONSTRAINT "product_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 200),
    "price" REAL NOT NULL CONSTRAINT "piccolo:numeric:price" CHECK ("price" = round("price", 2) AND abs("price") < 1000000),
    "category" INTEGER CONSTRAINT "product_category_fkey" REFERENCES "category" ("id") ON DELETE SET NULL,
    CONSTRAINT "product_a8080cba_check" CHECK (price >= 0)
) STRICT;

INSERT INTO "_piccolo_new_product" ("id", "name", "price", "category")
SELECT "product"."id", "product"."name", "product"."price", "product"."category"
FROM "product";

DROP TABLE "product";

ALTER TABLE "_piccolo_new_product" RENAME TO "product";
