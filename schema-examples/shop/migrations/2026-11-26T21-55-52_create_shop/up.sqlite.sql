-- 2026-11-26T21-55-52_create_shop: up on sqlite.
-- piccolo: lossless
-- - add enum order_status
-- - add table customer
-- - add table product
-- - add table order
-- - add table item

-- piccolo: step
-- Change the tables.

-- Create table customer.
CREATE TABLE "customer" (
    "id" INTEGER NOT NULL CONSTRAINT "customer_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 100),
    "email" TEXT NOT NULL CONSTRAINT "piccolo:length:email" CHECK (length("email") <= 100),
    CONSTRAINT "customer_email_key" UNIQUE ("email")
) STRICT;

-- Create table product.
CREATE TABLE "product" (
    "id" INTEGER NOT NULL CONSTRAINT "product_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 200),
    "price" REAL NOT NULL CONSTRAINT "piccolo:numeric:price" CHECK ("price" = round("price", 2) AND abs("price") < 1000000),
    CONSTRAINT "product_a8080cba_check" CHECK (price >= 0)
) STRICT;

-- Create table order.
CREATE TABLE "order" (
    "id" INTEGER NOT NULL CONSTRAINT "order_pkey" PRIMARY KEY AUTOINCREMENT,
    "customer" INTEGER NOT NULL CONSTRAINT "order_customer_fkey" REFERENCES "customer" ("id"),
    "status" TEXT NOT NULL DEFAULT 'open' CONSTRAINT "piccolo:enum:status" CHECK ("status" IN ('lost', 'open', 'paid', 'shipped')),
    "placed_at" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) CONSTRAINT "piccolo:timestamp:placed_at" CHECK (substr("placed_at", 1, 19) IS datetime(substr("placed_at", 1, 19)) AND substr("placed_at", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "placed_at" >= '0001')
) STRICT;

-- Create table item.
CREATE TABLE "item" (
    "order" INTEGER NOT NULL CONSTRAINT "item_order_fkey" REFERENCES "order" ("id") ON DELETE CASCADE,
    "line" INTEGER NOT NULL CONSTRAINT "piccolo:range:line" CHECK ("line" BETWEEN -32768 AND 32767),
    "product" INTEGER NOT NULL CONSTRAINT "item_product_fkey" REFERENCES "product" ("id"),
    "quantity" INTEGER NOT NULL DEFAULT 1 CONSTRAINT "piccolo:range:quantity" CHECK ("quantity" BETWEEN -32768 AND 32767),
    CONSTRAINT "item_pkey" PRIMARY KEY ("order", "line"),
    CONSTRAINT "item_80e6e22a_check" CHECK (quantity > 0)
) STRICT;
