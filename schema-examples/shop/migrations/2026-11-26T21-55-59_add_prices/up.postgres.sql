-- 2026-11-26T21-55-59_add_prices: up on postgres.
-- piccolo: lossless
-- - add table price

-- piccolo: step
-- Change the tables.

-- Create table price.
-- Lock: SHARE ROW EXCLUSIVE on product; no rewrite, no scan.
CREATE TABLE "price" (
    "product" bigint NOT NULL,
    "valid_from" date NOT NULL,
    "amount" numeric(8,2) NOT NULL,
    CONSTRAINT "price_pkey" PRIMARY KEY ("product", "valid_from"),
    CONSTRAINT "price_19f11825_check" CHECK (amount >= 0),
    CONSTRAINT "price_product_fkey" FOREIGN KEY ("product") REFERENCES "product" ("id") ON DELETE CASCADE
);

-- Lock: none on a table that exists.
COMMENT ON TABLE "price" IS 'What a product costs from a day on.';
