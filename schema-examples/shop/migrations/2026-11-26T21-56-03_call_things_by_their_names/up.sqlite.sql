-- 2026-11-26T21-56-03_call_things_by_their_names: up on sqlite.
-- piccolo: lossless
-- - rename column customer.name to full_name
-- - rename column product.name to title

-- piccolo: step
-- Rename what has a new name.

-- Rename column customer.name to full_name.
ALTER TABLE "customer" RENAME COLUMN "name" TO "full_name";

-- Rename column product.name to title.
ALTER TABLE "product" RENAME COLUMN "name" TO "title";

-- piccolo: step rebuild "customer" rebuild "product"
-- Change the tables.

-- Rebuild customer: rename column customer.name to full_name.
CREATE TABLE "_piccolo_new_customer" (
    "id" INTEGER NOT NULL CONSTRAINT "customer_pkey" PRIMARY KEY AUTOINCREMENT,
    "full_name" TEXT NOT NULL CONSTRAINT "piccolo:length:full_name" CHECK (length("full_name") <= 100),
    "email" TEXT NOT NULL CONSTRAINT "piccolo:length:email" CHECK (length("email") <= 100),
    CONSTRAINT "customer_email_key" UNIQUE ("email")
) STRICT;

INSERT INTO "_piccolo_new_customer" ("id", "full_name", "email")
SELECT "customer"."id", "customer"."full_name", "customer"."email"
FROM "customer";

DROP TABLE "customer";

ALTER TABLE "_piccolo_new_customer" RENAME TO "customer";

-- Rebuild product: rename column product.name to title.
CREATE TABLE "_piccolo_new_product" (
    "id" INTEGER NOT NULL CONSTRAINT "product_pkey" PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL CONSTRAINT "piccolo:length:title" CHECK (length("title") <= 200),
    "price" REAL NOT NULL CONSTRAINT "piccolo:numeric:price" CHECK ("price" = round("price", 2) AND abs("price") < 1000000),
    "category" INTEGER CONSTRAINT "product_category_fkey" REFERENCES "category" ("id") ON DELETE SET NULL,
    CONSTRAINT "product_a8080cba_check" CHECK (price >= 0)
) STRICT;

INSERT INTO "_piccolo_new_product" ("id", "title", "price", "category")
SELECT "product"."id", "product"."title", "product"."price", "product"."category"
FROM "product";

DROP TABLE "product";

ALTER TABLE "_piccolo_new_product" RENAME TO "product";
