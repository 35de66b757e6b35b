-- 2026-11-26T21-56-03_call_things_by_their_names: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Rename column customer.full_name to name.
-- Lock: ACCESS EXCLUSIVE on customer; no rewrite, no scan.
ALTER TABLE "customer" RENAME COLUMN "full_name" TO "name";

-- Rename column product.title to name.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" RENAME COLUMN "title" TO "name";
