-- 2026-11-26T21-58-29_widen_types_and_add_a_value: up on postgres.
-- piccolo: lossless
-- - add value mood.in-between
-- - reorder the values of mood
-- - change column plain.varchar: the type
-- - change column plain.integer: the type
-- - change column plain.big_int: the type
-- - change column plain.real: the type
-- - change column plain.numeric: the type

-- piccolo: step
-- Change the tables.

-- Create enum mood anew.
-- Lock: none on a table that exists.
ALTER TYPE "mood" RENAME TO "_piccolo_old_mood";

-- Lock: none on a table that exists.
CREATE TYPE "mood" AS ENUM ('happy', 'in-between', 'sad', 'angry');

-- Lock: none on a table that exists.
COMMENT ON TYPE "mood" IS 'Moods.';

-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "mood" DROP DEFAULT;

-- Move column defaulted.mood to it.
-- Lock: ACCESS EXCLUSIVE on defaulted; rewrites the table.
ALTER TABLE "defaulted" ALTER COLUMN "mood" TYPE "mood" USING "mood"::text::"mood";

-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "mood" SET DEFAULT 'happy';

-- Move column lists.moods to it.
-- Lock: ACCESS EXCLUSIVE on lists; rewrites the table.
ALTER TABLE "lists" ALTER COLUMN "moods" TYPE "mood"[] USING "moods"::text[]::"mood"[];

-- Lock: none on a table that exists.
DROP TYPE "_piccolo_old_mood";

-- Change the type of plain.varchar.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ALTER COLUMN "varchar" TYPE character varying(50) COLLATE "C";

-- Change the type of plain.integer.
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "integer" TYPE integer;

-- Change the type of plain.big_int.
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "big_int" TYPE bigint;

-- Change the type of plain.real.
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "real" TYPE real USING CASE WHEN "real" IS NULL THEN NULL WHEN "real" BETWEEN -16777216 AND 16777216 THEN "real"::real ELSE ('does not fit plain.real: ' || "real"::text)::integer::text::real END;

-- Change the type of plain.numeric.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ALTER COLUMN "numeric" TYPE numeric(5,2);
