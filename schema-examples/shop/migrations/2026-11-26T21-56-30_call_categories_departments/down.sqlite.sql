-- 2026-11-26T21-56-30_call_categories_departments: down on sqlite.
-- piccolo: lossless

-- piccolo: step
-- Rename what has a new name.

-- Rename table department to category.
ALTER TABLE "department" RENAME TO "category";

-- Rename column product.department to category.
ALTER TABLE "product" RENAME COLUMN "department" TO "category";

-- piccolo: step rebuild "product" rebuild "category"
-- Change the tables.

-- Rebuild product: rename column product.department to category; rename foreign key product.product_department_fkey to product_category_fkey.
CREATE TABLE "_piccolo_new_product" (
    "id" INTEGER NOT NULL CONSTRAINT "product_pkey" PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL CONSTRAINT "piccolo:length:title" CHECK (length("title") <= 200),
    "sku" TEXT NOT NULL CONSTRAINT "piccolo:length:sku" CHECK (length("sku") <= 20),
    "price" REAL NOT NULL CONSTRAINT "piccolo:numeric:price" CHECK ("price" = round("price", 2) AND abs("price") < 1000000),
    "category" INTEGER CONSTRAINT "product_category_fkey" REFERENCES "category" ("id") ON DELETE SET NULL,
    CONSTRAINT "product_sku_key" UNIQUE ("sku"),
    CONSTRAINT "product_a8080cba_check" CHECK (price >= 0)
) STRICT;

INSERT INTO "_piccolo_new_product" ("id", "title", "sku", "price", "category")
SELECT "product"."id", "product"."title", "product"."sku", "product"."price", "product"."category"
FROM "product";

DROP TABLE "product";

ALTER TABLE "_piccolo_new_product" RENAME TO "product";

-- Rebuild category: rename table department to category; change the comment of table category; rename primary key category.department_pkey to category_pkey; rename unique category.department_name_key to category_name_key; rename foreign key category.department_parent_fkey to category_parent_fkey.
CREATE TABLE "_piccolo_new_category" (
    "id" INTEGER NOT NULL CONSTRAINT "category_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 60),
    "parent" INTEGER CONSTRAINT "category_parent_fkey" REFERENCES "category" ("id"),
    CONSTRAINT "category_name_key" UNIQUE ("name")
) STRICT;

INSERT INTO "_piccolo_new_category" ("id", "name", "parent")
SELECT "category"."id", "category"."name", "category"."parent"
FROM "category";

DROP TABLE "category";

ALTER TABLE "_piccolo_new_category" RENAME TO "category";
