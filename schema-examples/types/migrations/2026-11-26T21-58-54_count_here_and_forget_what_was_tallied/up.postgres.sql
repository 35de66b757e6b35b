-- 2026-11-26T21-58-54_count_here_and_forget_what_was_tallied: up on postgres.
-- piccolo: loses which mood were angry
-- piccolo: loses the table tally with its rows
-- - drop value mood.angry
-- - move table elsewhere.counted to counted
-- - drop table tally

-- piccolo: step
-- Change the tables.

-- Rename table elsewhere.counted to counted.
-- Lock: ACCESS EXCLUSIVE on elsewhere.counted; no rewrite, no scan.
ALTER TABLE "elsewhere"."counted" SET SCHEMA "public";

-- Create enum mood anew.
-- Lock: none on a table that exists.
ALTER TYPE "mood" RENAME TO "_piccolo_old_mood";

-- Lock: none on a table that exists.
CREATE TYPE "mood" AS ENUM ('happy', 'in-between', 'sad');

-- Lock: none on a table that exists.
COMMENT ON TYPE "mood" IS 'Moods.';

-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ALTER COLUMN "mood" DROP DEFAULT;

-- Move column plain.mood to it.
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "mood" TYPE "mood" USING (CASE "mood"::text WHEN 'angry' THEN 'sad' ELSE "mood"::text END)::"mood";

-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ALTER COLUMN "mood" SET DEFAULT 'sad';

-- Move column plain.mood_null to it.
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "mood_null" TYPE "mood" USING (CASE "mood_null"::text WHEN 'angry' THEN 'sad' ELSE "mood_null"::text END)::"mood";

-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "mood" DROP DEFAULT;

-- Move column defaulted.mood to it.
-- Lock: ACCESS EXCLUSIVE on defaulted; rewrites the table.
ALTER TABLE "defaulted" ALTER COLUMN "mood" TYPE "mood" USING (CASE "mood"::text WHEN 'angry' THEN 'sad' ELSE "mood"::text END)::"mood";

-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "mood" SET DEFAULT 'in-between';

-- Move column lists.moods to it.
-- Lock: ACCESS EXCLUSIVE on lists; rewrites the table.
ALTER TABLE "lists" ALTER COLUMN "moods" TYPE "mood"[] USING array_replace(array_replace("moods"::text[], 'angry', '' || 'sad'), '' || 'sad', 'sad')::"mood"[];

-- Lock: none on a table that exists.
DROP TYPE "_piccolo_old_mood";

-- Drop table tally.
-- Lock: ACCESS EXCLUSIVE on tally; no rewrite, no scan.
DROP TABLE "tally";
