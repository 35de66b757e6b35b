-- 2026-11-26T21-56-19_make_room: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop check item_92580029_check.
-- Lock: ACCESS EXCLUSIVE on item; no rewrite, no scan.
ALTER TABLE "item" DROP CONSTRAINT "item_92580029_check";

-- Drop check price_19f11825_check.
-- Lock: ACCESS EXCLUSIVE on price; no rewrite, no scan.
ALTER TABLE "price" DROP CONSTRAINT "price_19f11825_check";

-- Change the type of customer.email.
-- Lock: ACCESS EXCLUSIVE on customer; rewrites the table.
ALTER TABLE "customer" ALTER COLUMN "email" TYPE character varying(100) COLLATE "C" USING CASE WHEN "email" IS NULL THEN NULL WHEN length("email") <= 100 THEN "email" ELSE ('does not fit customer.email: ' || "email"::text)::integer::text::character varying(100) END;

-- Change the type of price.amount.
-- Lock: ACCESS EXCLUSIVE on price; rewrites the table.
ALTER TABLE "price" ALTER COLUMN "amount" TYPE numeric(8,2);

-- Drop the default of item.quantity.
-- Lock: ACCESS EXCLUSIVE on item; no rewrite, no scan.
ALTER TABLE "item" ALTER COLUMN "quantity" DROP DEFAULT;

-- Change the type of item.quantity.
-- Lock: ACCESS EXCLUSIVE on item; rewrites the table.
ALTER TABLE "item" ALTER COLUMN "quantity" TYPE smallint;

-- Set the default of item.quantity.
-- Lock: ACCESS EXCLUSIVE on item; no rewrite, no scan.
ALTER TABLE "item" ALTER COLUMN "quantity" SET DEFAULT 1;

-- Add check item_80e6e22a_check.
-- Lock: ACCESS EXCLUSIVE on item; scans the table.
ALTER TABLE "item" ADD CONSTRAINT "item_80e6e22a_check" CHECK (quantity > 0);

-- Add check price_19f11825_check.
-- Lock: ACCESS EXCLUSIVE on price; scans the table.
ALTER TABLE "price" ADD CONSTRAINT "price_19f11825_check" CHECK (amount >= 0);
