-- 2026-11-26T21-56-34_say_what_happened_to_lost_orders: up on postgres.
-- piccolo: loses which order_status were lost
-- piccolo: loses the values of product.price
-- - drop value order_status.lost
-- - drop column product.price
-- - drop check product.product_a8080cba_check

-- piccolo: step
-- Change the tables.

-- Drop check product_a8080cba_check.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" DROP CONSTRAINT "product_a8080cba_check";

-- Drop index order_placed_at_idx.
-- Lock: ACCESS EXCLUSIVE on order; no rewrite, no scan.
DROP INDEX "order_placed_at_idx";

-- Create enum order_status anew.
-- Lock: none on a table that exists.
ALTER TYPE "order_status" RENAME TO "_piccolo_old_order_status";

-- Lock: none on a table that exists.
CREATE TYPE "order_status" AS ENUM ('open', 'paid', 'packed', 'shipped', 'cancelled');

-- Lock: none on a table that exists.
COMMENT ON TYPE "order_status" IS 'How far an order has come.';

-- Lock: ACCESS EXCLUSIVE on order; no rewrite, no scan.
ALTER TABLE "order" ALTER COLUMN "status" DROP DEFAULT;

-- Move column order.status to it.
-- Lock: ACCESS EXCLUSIVE on order; rewrites the table.
ALTER TABLE "order" ALTER COLUMN "status" TYPE "order_status" USING (CASE "status"::text WHEN 'lost' THEN 'cancelled' ELSE "status"::text END)::"order_status";

-- Lock: ACCESS EXCLUSIVE on order; no rewrite, no scan.
ALTER TABLE "order" ALTER COLUMN "status" SET DEFAULT 'open';

-- Lock: none on a table that exists.
DROP TYPE "_piccolo_old_order_status";

-- Create index order_placed_at_idx.
-- Lock: SHARE on order; scans the table.
CREATE INDEX "order_placed_at_idx" ON "order" ("placed_at") WHERE status = 'open';

-- Drop column product.price.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
ALTER TABLE "product" DROP COLUMN "price";
