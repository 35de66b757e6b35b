-- 2026-11-26T21-55-52_create_shop: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop table item.
-- Lock: ACCESS EXCLUSIVE on item, ACCESS EXCLUSIVE on order, ACCESS EXCLUSIVE on product; no rewrite, no scan.
DROP TABLE "item";

-- Drop table order.
-- Lock: ACCESS EXCLUSIVE on order, ACCESS EXCLUSIVE on customer; no rewrite, no scan.
DROP TABLE "order";

-- Drop table product.
-- Lock: ACCESS EXCLUSIVE on product; no rewrite, no scan.
DROP TABLE "product";

-- Drop table customer.
-- Lock: ACCESS EXCLUSIVE on customer; no rewrite, no scan.
DROP TABLE "customer";

-- Drop enum order_status.
-- Lock: none on a table that exists.
DROP TYPE "order_status";
