-- 2026-11-26T21-55-59_add_prices: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop table price.
-- Lock: ACCESS EXCLUSIVE on price, ACCESS EXCLUSIVE on product; no rewrite, no scan.
DROP TABLE "price";
