-- 2026-11-26T21-56-08_number_the_products: down on sqlite.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop column product.sku.
ALTER TABLE "product" DROP COLUMN "sku";
