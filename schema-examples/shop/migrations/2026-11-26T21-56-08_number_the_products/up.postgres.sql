-- 2026-11-26T21-56-08_number_the_products: up on postgres.
-- piccolo: lossless
-- - add column product.sku

-- piccolo: step
-- Change the tables.

-- Add column product.sku.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" ADD COLUMN "sku" character varying(20) COLLATE "C";

-- Fill product.sku.
-- Lock: ROW EXCLUSIVE on product; updates its rows.
UPDATE "product" SET "sku" = ('SKU-' || id);

-- Take no more nulls into product.sku.
-- Lock: ACCESS EXCLUSIVE on product; scans the table.
ALTER TABLE "product" ALTER COLUMN "sku" SET NOT NULL;
