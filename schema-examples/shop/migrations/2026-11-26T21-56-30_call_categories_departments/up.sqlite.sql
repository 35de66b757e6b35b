-- 2026-11-26T21-56-30_call_categories_departments: up on sqlite.
-- piccolo: lossless
-- - rename column product.category to department
-- - rename foreign key product.product_category_fkey to product_department_fkey
-- - rename table category to department
-- - change the comment of table department
-- - rename primary key department.category_pkey to department_pkey
-- - rename unique department.category_name_key to department_name_key
-- - rename foreign key department.category_parent_fkey to department_parent_fkey

-- piccolo: step
-- Rename what has a new name.

-- Rename table category to department.
ALTER TABLE "category" RENAME TO "department";

-- Rename column product.category to department.
ALTER TABLE "product" RENAME COLUMN "category" TO "department";

-- piccolo: step rebuild "product" rebuild "department"
-- Change the tables.

-- Rebuild product: rename column product.category to department; rename foreign key product.product_category_fkey to product_department_fkey.
CREATE TABLE "_piccolo_new_product" (
    "id" INTEGER NOT NULL CONSTRAINT "product_pkey" PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL CONSTRAINT "piccolo:length:title" CHECK (length("title") <= 200),
    "sku" TEXT NOT NULL CONSTRAINT "piccolo:length:sku" CHECK (length("sku") <= 20),
    "price" REAL NOT NULL CONSTRAINT "piccolo:numeric:price" CHECK ("price" = round("price", 2) AND abs("price") < 1000000),
    "department" INTEGER CONSTRAINT "product_department_fkey" REFERENCES "department" ("id") ON DELETE SET NULL,
    CONSTRAINT "product_sku_key" UNIQUE ("sku"),
    CONSTRAINT "product_a8080cba_check" CHECK (price >= 0)
) STRICT;

INSERT INTO "_piccolo_new_product" ("id", "title", "sku", "price", "department")
SELECT "product"."id", "product"."title", "product"."sku", "product"."price", "product"."department"
FROM "product";

DROP TABLE "product";

ALTER TABLE "_piccolo_new_product" RENAME TO "product";

-- Rebuild department: rename table category to department; change the comment of table department; rename primary key department.category_pkey to department_pkey; rename unique department.category_name_key to department_name_key; rename foreign key department.category_parent_fkey to department_parent_fkey.
CREATE TABLE "_piccolo_new_department" (
    "id" INTEGER NOT NULL CONSTRAINT "department_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 60),
    "parent" INTEGER CONSTRAINT "department_parent_fkey" REFERENCES "department" ("id"),
    CONSTRAINT "department_name_key" UNIQUE ("name")
) STRICT;

INSERT INTO "_piccolo_new_department" ("id", "name", "parent")
SELECT "department"."id", "department"."name", "department"."parent"
FROM "department";

DROP TABLE "department";

ALTER TABLE "_piccolo_new_department" RENAME TO "department";
