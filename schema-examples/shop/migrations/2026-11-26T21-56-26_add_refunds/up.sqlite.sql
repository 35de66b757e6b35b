-- 2026-11-26T21-56-26_add_refunds: up on sqlite.
-- piccolo: lossless
-- - add table refund

-- piccolo: step
-- Change the tables.

-- Create table refund.
CREATE TABLE "refund" (
    "id" INTEGER NOT NULL CONSTRAINT "refund_pkey" PRIMARY KEY AUTOINCREMENT,
    "order" INTEGER NOT NULL,
    "line" INTEGER NOT NULL CONSTRAINT "piccolo:range:line" CHECK ("line" BETWEEN -32768 AND 32767),
    "amount" REAL NOT NULL CONSTRAINT "piccolo:numeric:amount" CHECK ("amount" = round("amount", 2) AND abs("amount") < 100000000),
    "reason" TEXT NOT NULL DEFAULT '',
    "refunded_at" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) CONSTRAINT "piccolo:timestamp:refunded_at" CHECK (substr("refunded_at", 1, 19) IS datetime(substr("refunded_at", 1, 19)) AND substr("refunded_at", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "refunded_at" >= '0001'),
    CONSTRAINT "refund_c5d90bac_check" CHECK (amount > 0),
    CONSTRAINT "refund_order_line_fkey" FOREIGN KEY ("order", "line") REFERENCES "item" ("order", "line") ON DELETE CASCADE
) STRICT;
