-- 2026-11-26T21-58-29_widen_types_and_add_a_value: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Create enum mood anew.
-- Lock: none on a table that exists.
ALTER TYPE "mood" RENAME TO "_piccolo_old_mood";

-- Lock: none on a table that exists.
CREATE TYPE "mood" AS ENUM ('sad', 'happy', 'angry');

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
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "varchar" TYPE character varying(20) COLLATE "C" USING CASE WHEN "varchar" IS NULL THEN NULL WHEN length("varchar") <= 20 THEN "varchar" ELSE ('does not fit plain.varchar: ' || "varchar"::text)::integer::text::character varying(20) END;

-- Change the type of plain.integer.
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "integer" TYPE smallint;

-- Change the type of plain.big_int.
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "big_int" TYPE integer;

-- Change the type of plain.real.
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "real" TYPE smallint USING CASE WHEN "real" IS NULL THEN NULL WHEN "real" = trunc("real"::numeric) THEN "real"::smallint ELSE ('does not fit plain.real: ' || "real"::text)::integer::text::smallint END;

-- Change the type of plain.numeric.
-- Lock: ACCESS EXCLUSIVE on plain; rewrites the table.
ALTER TABLE "plain" ALTER COLUMN "numeric" TYPE numeric(4,2);
