-- 2026-11-26T21-56-30_call_categories_departments: up on postgres.
-- piccolo: lossless
-- - rename column product.category to department
-- - rename foreign key product.product_category_fkey to product_department_fkey
-- - rename table category to department
-- - change the comment of table department
-- - rename primary key department.category_pkey to department_pkey
-- - rename unique department.category_name_key to department_name_key
-- - rename foreign key department.category_parent_fkey to department_parent_fkey

-- piccolo: step
-- Change the tables.

-- Rename table category to department.
-- Lock: ACCESS EXCLUSIVE on category; no rewrite, no scan.
ALTER TABLE "category" RENAME TO "department";

-- Rename column product.category to department.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" RENAME COLUMN "category" TO "department";

-- Rename sequence category_id_seq to department_id_seq.
-- Lock: none on a table that exists.
ALTER SEQUENCE "category_id_seq" RENAME TO "department_id_seq";

-- Rename constraint product_category_fkey to product_department_fkey.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" RENAME CONSTRAINT "product_category_fkey" TO "product_department_fkey";

-- Rename constraint category_parent_fkey to department_parent_fkey.
-- Lock: ACCESS EXCLUSIVE on department; no rewrite, no scan.
ALTER TABLE "department" RENAME CONSTRAINT "category_parent_fkey" TO "department_parent_fkey";

-- Rename index category_pkey to department_pkey.
-- Lock: none on a table that exists.
ALTER INDEX "category_pkey" RENAME TO "department_pkey";

-- Rename index category_name_key to department_name_key.
-- Lock: none on a table that exists.
ALTER INDEX "category_name_key" RENAME TO "department_name_key";

-- Comment on table department.
-- Lock: SHARE UPDATE EXCLUSIVE on department; no rewrite, no scan.
COMMENT ON TABLE "department" IS 'Where products are looked for. Departments nest.';
