-- 2026-11-26T21-58-39_drop_a_column_and_add_one: up on postgres.
-- piccolo: loses the values of plain.gone
-- - add column plain.mood
-- - add column plain.mood_null
-- - drop column plain.gone

-- piccolo: step
-- Change the tables.

-- Add column plain.mood.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ADD COLUMN "mood" "mood" NOT NULL DEFAULT 'sad';

-- Add column plain.mood_null.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ADD COLUMN "mood_null" "mood";

-- Drop column plain.gone.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" DROP COLUMN "gone";
