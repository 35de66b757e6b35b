-- 2026-11-26T21-56-34_say_what_happened_to_lost_orders: down on postgres.
-- piccolo: loses which order_status were lost
-- piccolo: loses the values of product.price

-- piccolo: step
-- Add values to enums.

-- Add value lost to order_status.
-- Lock: none on a table that exists.
ALTER TYPE "order_status" ADD VALUE 'lost' AFTER 'shipped';

-- piccolo: step
-- Change the tables.

-- Add column product.price.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" ADD COLUMN "price" numeric(8,2);

-- Fill product.price.
-- Lock: ROW EXCLUSIVE on product; updates its rows.
UPDATE "product" SET "price" = 0;

-- Take no more nulls into product.price.
-- Lock: ACCESS EXCLUSIVE on product; scans the table.
ALTER TABLE "product" ALTER COLUMN "price" SET NOT NULL;

-- Add check product_a8080cba_check.
-- Lock: ACCESS EXCLUSIVE on product; scans the table.
ALTER TABLE "product" ADD CONSTRAINT "product_a8080cba_check" CHECK (price >= 0);
