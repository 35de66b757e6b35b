-- 2026-11-26T21-58-39_drop_a_column_and_add_one: up on sqlite.
-- piccolo: loses the values of plain.gone
-- - add column plain.mood
-- - add column plain.mood_null
-- - drop column plain.gone

-- piccolo: step
-- Change the tables.

-- Add column plain.mood.
ALTER TABLE "plain" ADD COLUMN "mood" TEXT NOT NULL DEFAULT 'sad' CONSTRAINT "piccolo:enum:mood" CHECK ("mood" IN ('angry', 'happy', 'in-between', 'sad'));

-- Add column plain.mood_null.
ALTER TABLE "plain" ADD COLUMN "mood_null" TEXT CONSTRAINT "piccolo:enum:mood_null" CHECK ("mood_null" IN ('angry', 'happy', 'in-between', 'sad'));

-- Drop column plain.gone.
ALTER TABLE "plain" DROP COLUMN "gone";
