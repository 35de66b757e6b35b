-- 2026-11-26T21-56-26_add_refunds: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop table refund.
-- Lock: ACCESS EXCLUSIVE on refund, ACCESS EXCLUSIVE on item; no rewrite, no scan.
DROP TABLE "refund";
