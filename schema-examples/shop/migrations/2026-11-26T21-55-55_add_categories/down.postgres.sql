-- 2026-11-26T21-55-55_add_categories: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop foreign key product_category_fkey.
-- Lock: ACCESS EXCLUSIVE on product, ACCESS EXCLUSIVE on category; no rewrite, no scan.
ALTER TABLE "product" DROP CONSTRAINT "product_category_fkey";

-- Drop column product.category.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" DROP COLUMN "category";

-- Drop table category.
-- Lock: ACCESS EXCLUSIVE on category; no rewrite, no scan.
DROP TABLE "category";
