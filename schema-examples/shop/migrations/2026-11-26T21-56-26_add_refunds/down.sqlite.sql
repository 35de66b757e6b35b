-- 2026-11-26T21-56-26_add_refunds: down on sqlite.
-- piccolo: lossless

-- piccolo: step foreign-keys=suspended
-- Change the tables.

-- Drop table refund.
DROP TABLE "refund";
