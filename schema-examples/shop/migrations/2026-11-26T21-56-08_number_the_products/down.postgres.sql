-- 2026-11-26T21-56-08_number_the_products: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop column product.sku.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" DROP COLUMN "sku";
