-- 2026-11-26T21-55-52_create_shop: down on sqlite.
-- piccolo: lossless

-- piccolo: step foreign-keys=suspended
-- Change the tables.

-- Drop table customer.
DROP TABLE "customer";

-- Drop table product.
DROP TABLE "product";

-- Drop table order.
DROP TABLE "order";

-- Drop table item.
DROP TABLE "item";
