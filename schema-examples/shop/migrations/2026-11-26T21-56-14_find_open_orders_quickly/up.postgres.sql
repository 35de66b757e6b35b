-- 2026-11-26T21-56-14_find_open_orders_quickly: up on postgres.
-- piccolo: lossless
-- - add value order_status.packed
-- - add value order_status.cancelled
-- - add unique product.product_sku_key
-- - add index order.order_customer_placed_at_idx
-- - add index order.order_placed_at_idx

-- piccolo: step
-- Add values to enums.

-- Add value packed to order_status.
-- Lock: none on a table that exists.
ALTER TYPE "order_status" ADD VALUE 'packed' AFTER 'paid';

-- Add value cancelled to order_status.
-- Lock: none on a table that exists.
ALTER TYPE "order_status" ADD VALUE 'cancelled' AFTER 'lost';

-- piccolo: step
-- Change the tables.

-- Add unique product_sku_key.
-- Lock: ACCESS EXCLUSIVE on product; scans the table.
ALTER TABLE "product" ADD CONSTRAINT "product_sku_key" UNIQUE ("sku");

-- Create index order_customer_placed_at_idx.
-- Lock: SHARE on order; scans the table.
CREATE INDEX "order_customer_placed_at_idx" ON "order" ("customer", "placed_at" DESC);

-- Create index order_placed_at_idx.
-- Lock: SHARE on order; scans the table.
CREATE INDEX "order_placed_at_idx" ON "order" ("placed_at") WHERE status = 'open';
