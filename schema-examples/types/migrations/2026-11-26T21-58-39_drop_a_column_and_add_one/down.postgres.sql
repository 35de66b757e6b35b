-- 2026-11-26T21-58-39_drop_a_column_and_add_one: down on postgres.
-- piccolo: loses the values of plain.gone

-- piccolo: step
-- Change the tables.

-- Add column plain.gone.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ADD COLUMN "gone" text COLLATE "C";

-- Drop column plain.mood.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" DROP COLUMN "mood";

-- Drop column plain.mood_null.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" DROP COLUMN "mood_null";
