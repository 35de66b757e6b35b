-- 2026-11-26T21-56-14_find_open_orders_quickly: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop unique product_sku_key.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" DROP CONSTRAINT "product_sku_key";

-- Drop index order_customer_placed_at_idx.
-- Lock: ACCESS EXCLUSIVE on order; no rewrite, no scan.
DROP INDEX "order_customer_placed_at_idx";

-- Drop index order_placed_at_idx.
-- Lock: ACCESS EXCLUSIVE on order; no rewrite, no scan.
DROP INDEX "order_placed_at_idx";

-- Create enum order_status anew.
-- Lock: none on a table that exists.
ALTER TYPE "order_status" RENAME TO "_piccolo_old_order_status";

-- Lock: none on a table that exists.
CREATE TYPE "order_status" AS ENUM ('open', 'paid', 'shipped', 'lost');

-- Lock: none on a table that exists.
COMMENT ON TYPE "order_status" IS 'How far an order has come.';

-- Lock: ACCESS EXCLUSIVE on order; no rewrite, no scan.
ALTER TABLE "order" ALTER COLUMN "status" DROP DEFAULT;

-- Move column order.status to it.
-- Lock: ACCESS EXCLUSIVE on order; rewrites the table.
ALTER TABLE "order" ALTER COLUMN "status" TYPE "order_status" USING "status"::text::"order_status";

-- Lock: ACCESS EXCLUSIVE on order; no rewrite, no scan.
ALTER TABLE "order" ALTER COLUMN "status" SET DEFAULT 'open';

-- Lock: none on a table that exists.
DROP TYPE "_piccolo_old_order_status";
