-- 2026-11-26T21-56-30_call_categories_departments: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Rename table department to category.
-- Lock: ACCESS EXCLUSIVE on department; no rewrite, no scan.
ALTER TABLE "department" RENAME TO "category";

-- Rename column product.department to category.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" RENAME COLUMN "department" TO "category";

-- Rename sequence department_id_seq to category_id_seq.
-- Lock: none on a table that exists.
ALTER SEQUENCE "department_id_seq" RENAME TO "category_id_seq";

-- Rename constraint product_department_fkey to product_category_fkey.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" RENAME CONSTRAINT "product_department_fkey" TO "product_category_fkey";

-- Rename constraint department_parent_fkey to category_parent_fkey.
-- Lock: ACCESS EXCLUSIVE on category; no rewrite, no scan.
ALTER TABLE "category" RENAME CONSTRAINT "department_parent_fkey" TO "category_parent_fkey";

-- Rename index department_pkey to category_pkey.
-- Lock: none on a table that exists.
ALTER INDEX "department_pkey" RENAME TO "category_pkey";

-- Rename index department_name_key to category_name_key.
-- Lock: none on a table that exists.
ALTER INDEX "department_name_key" RENAME TO "category_name_key";

-- Comment on table category.
-- Lock: SHARE UPDATE EXCLUSIVE on category; no rewrite, no scan.
COMMENT ON TABLE "category" IS 'Where products are looked for. Categories nest.';
