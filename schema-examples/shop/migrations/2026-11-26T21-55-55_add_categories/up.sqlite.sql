-- 2026-11-26T21-55-55_add_categories: up on sqlite.
-- piccolo: lossless
-- - add column product.category
-- - add foreign key product.product_category_fkey
-- - add table category

-- piccolo: step
-- Change the tables.

-- Create table category.
CREATE TABLE "category" (
    "id" INTEGER NOT NULL CONSTRAINT "category_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 60),
    "parent" INTEGER CONSTRAINT "category_parent_fkey" REFERENCES "category" ("id"),
    CONSTRAINT "category_name_key" UNIQUE ("name")
) STRICT;

-- Add column product.category.
ALTER TABLE "product" ADD COLUMN "category" INTEGER CONSTRAINT "product_category_fkey" REFERENCES "category" ("id") ON DELETE SET NULL;
