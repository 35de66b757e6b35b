-- 2026-11-26T21-55-59_add_prices: down on sqlite.
-- piccolo: lossless

-- piccolo: step foreign-keys=suspended
-- Change the tables.

-- Drop table price.
DROP TABLE "price";
