-- 2026-11-26T21-58-39_drop_a_column_and_add_one: down on sqlite.
-- piccolo: loses the values of plain.gone

-- piccolo: step
-- Change the tables.

-- Add column plain.gone.
ALTER TABLE "plain" ADD COLUMN "gone" TEXT;

-- Drop column plain.mood.
ALTER TABLE "plain" DROP COLUMN "mood";

-- Drop column plain.mood_null.
ALTER TABLE "plain" DROP COLUMN "mood_null";
