-- 2026-11-26T21-56-19_make_room: up on postgres.
-- piccolo: lossless
-- - change column customer.email: the type
-- - change column price.amount: the type
-- - change column item.quantity: the type
-- - drop check item.item_80e6e22a_check
-- - add check item.item_92580029_check

-- piccolo: step
-- Change the tables.

-- Drop check item_80e6e22a_check.
-- Lock: ACCESS EXCLUSIVE on item; no rewrite, no scan.
ALTER TABLE "item" DROP CONSTRAINT "item_80e6e22a_check";

-- Drop check price_19f11825_check.
-- Lock: ACCESS EXCLUSIVE on price; no rewrite, no scan.
ALTER TABLE "price" DROP CONSTRAINT "price_19f11825_check";

-- Change the type of customer.email.
-- Lock: ACCESS EXCLUSIVE on customer; no rewrite, no scan.
ALTER TABLE "customer" ALTER COLUMN "email" TYPE character varying(254) COLLATE "C";

-- Change the type of price.amount.
-- Lock: ACCESS EXCLUSIVE on price; no rewrite, no scan.
ALTER TABLE "price" ALTER COLUMN "amount" TYPE numeric(10,2);

-- Drop the default of item.quantity.
-- Lock: ACCESS EXCLUSIVE on item; no rewrite, no scan.
ALTER TABLE "item" ALTER COLUMN "quantity" DROP DEFAULT;

-- Change the type of item.quantity.
-- Lock: ACCESS EXCLUSIVE on item; rewrites the table.
ALTER TABLE "item" ALTER COLUMN "quantity" TYPE integer;

-- Set the default of item.quantity.
-- Lock: ACCESS EXCLUSIVE on item; no rewrite, no scan.
ALTER TABLE "item" ALTER COLUMN "quantity" SET DEFAULT 1;

-- Add check item_92580029_check.
-- Lock: ACCESS EXCLUSIVE on item; scans the table.
ALTER TABLE "item" ADD CONSTRAINT "item_92580029_check" CHECK (quantity BETWEEN 1 AND 9999);

-- Add check price_19f11825_check.
-- Lock: ACCESS EXCLUSIVE on price; scans the table.
ALTER TABLE "price" ADD CONSTRAINT "price_19f11825_check" CHECK (amount >= 0);
