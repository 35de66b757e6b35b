-- 2026-11-26T21-56-14_find_open_orders_quickly: up on sqlite.
-- piccolo: lossless
-- - add value order_status.packed
-- - add value order_status.cancelled
-- - add unique product.product_sku_key
-- - add index order.order_customer_placed_at_idx
-- - add index order.order_placed_at_idx

-- piccolo: step rebuild "product" rebuild "order"
-- Change the tables.

-- Rebuild product: add unique product.product_sku_key.
CREATE TABLE "_piccolo_new_product" (
    "id" INTEGER NOT NULL CONSTRAINT "product_pkey" PRIMARY KEY AUTOINCREMENT,
    "title" TEXT NOT NULL CONSTRAINT "piccolo:length:title" CHECK (length("title") <= 200),
    "sku" TEXT NOT NULL CONSTRAINT "piccolo:length:sku" CHECK (length("sku") <= 20),
    "price" REAL NOT NULL CONSTRAINT "piccolo:numeric:price" CHECK ("price" = round("price", 2) AND abs("price") < 1000000),
    "category" INTEGER CONSTRAINT "product_category_fkey" REFERENCES "category" ("id") ON DELETE SET NULL,
    CONSTRAINT "product_sku_key" UNIQUE ("sku"),
    CONSTRAINT "product_a8080cba_check" CHECK (price >= 0)
) STRICT;

INSERT INTO "_piccolo_new_product" ("id", "title", "sku", "price", "category")
SELECT "product"."id", "product"."title", "product"."sku", "product"."price", "product"."category"
FROM "product";

DROP TABLE "product";

ALTER TABLE "_piccolo_new_product" RENAME TO "product";

-- Rebuild order: add index order.order_customer_placed_at_idx; add index order.order_placed_at_idx.
CREATE TABLE "_piccolo_new_order" (
    "id" INTEGER NOT NULL CONSTRAINT "order_pkey" PRIMARY KEY AUTOINCREMENT,
    "customer" INTEGER NOT NULL CONSTRAINT "order_customer_fkey" REFERENCES "customer" ("id"),
    "status" TEXT NOT NULL DEFAULT 'open' CONSTRAINT "piccolo:enum:status" CHECK ("status" IN ('cancelled', 'lost', 'open', 'packed', 'paid', 'shipped')),
    "placed_at" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) CONSTRAINT "piccolo:timestamp:placed_at" CHECK (substr("placed_at", 1, 19) IS datetime(substr("placed_at", 1, 19)) AND substr("placed_at", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "placed_at" >= '0001')
) STRICT;

INSERT INTO "_piccolo_new_order" ("id", "customer", "status", "placed_at")
SELECT "order"."id", "order"."customer", "order"."status", "order"."placed_at"
FROM "order";

DROP TABLE "order";

ALTER TABLE "_piccolo_new_order" RENAME TO "order";

-- Create index order_customer_placed_at_idx.
CREATE INDEX "order_customer_placed_at_idx" ON "order" ("customer", "placed_at" DESC);

-- Create index order_placed_at_idx.
CREATE INDEX "order_placed_at_idx" ON "order" ("placed_at") WHERE status = 'open';
