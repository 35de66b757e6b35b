-- 2026-11-26T21-55-59_add_prices: up on sqlite.
-- piccolo: lossless
-- - add table price

-- piccolo: step
-- Change the tables.

-- Create table price.
CREATE TABLE "price" (
    "product" INTEGER NOT NULL CONSTRAINT "price_product_fkey" REFERENCES "product" ("id") ON DELETE CASCADE,
    "valid_from" TEXT NOT NULL CONSTRAINT "piccolo:date:valid_from" CHECK ("valid_from" IS date("valid_from") AND "valid_from" >= '0001'),
    "amount" REAL NOT NULL CONSTRAINT "piccolo:numeric:amount" CHECK ("amount" = round("amount", 2) AND abs("amount") < 1000000),
    CONSTRAINT "price_pkey" PRIMARY KEY ("product", "valid_from"),
    CONSTRAINT "price_19f11825_check" CHECK (amount >= 0)
) STRICT;
