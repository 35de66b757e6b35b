-- 2026-11-26T21-56-08_number_the_products: up on sqlite.
-- piccolo: lossless
-- - add column product.sku

-- piccolo: step rebuild "product"
-- Change the tables.

-- Rebuild product: add column product.sku.
CREATE TABLE "_piccolo_new_product" (
    "id" INTEGER NOT NULL CONSTRAINT "product_pkey" PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL CONSTRAINT "piccolo:length:title" CHECK (length("title") <= 200),
    "sku" TEXT NOT NULL CONSTRAINT "piccolo:length:sku" CHECK (length("sku") <= 20),
    "price" REAL NOT NULL CONSTRAINT "piccolo:numeric:price" CHECK ("price" = round("price", 2) AND abs("price") < 1000000),
    "category" INTEGER CONSTRAINT "product_category_fkey" REFERENCES "category" ("id") ON DELETE SET NULL,
    CONSTRAINT "product_a8080cba_check" CHECK (price >= 0)
) STRICT;

INSERT INTO "_piccolo_new_product" ("id", "title", "sku", "price", "category")
SELECT "product"."id", "product"."title", ('SKU-' || id), "product"."price", "product"."category"
FROM "product";

DROP TABLE "product";

ALTER TABLE "_piccolo_new_product" RENAME TO "product";
