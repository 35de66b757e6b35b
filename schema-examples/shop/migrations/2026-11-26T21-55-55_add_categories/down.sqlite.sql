-- 2026-11-26T21-55-55_add_categories: down on sqlite.
-- piccolo: lossless

-- piccolo: step foreign-keys=suspended
-- Change the tables.

-- Drop column product.category.
ALTER TABLE "product" DROP COLUMN "category";

-- Drop table category.
DROP TABLE "category";
