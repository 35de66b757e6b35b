-- 2026-11-26T21-56-03_call_things_by_their_names: up on postgres.
-- piccolo: lossless
-- - rename column customer.name to full_name
-- - rename column product.name to title

-- piccolo: step
-- Change the tables.

-- Rename column customer.name to full_name.
-- Lock: ACCESS EXCLUSIVE on customer; no rewrite, no scan.
ALTER TABLE "customer" RENAME COLUMN "name" TO "full_name";

-- Rename column product.name to title.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" RENAME COLUMN "name" TO "title";
