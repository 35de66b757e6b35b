-- 2026-11-26T21-58-33_change_nulls_and_defaults: down on postgres.
-- piccolo: loses which plain.date were null
-- piccolo: loses which defaulted.integer were null

-- piccolo: step
-- Change the tables.

-- Take no more nulls into plain.text_null.
-- Lock: ACCESS EXCLUSIVE on plain; scans the table.
ALTER TABLE "plain" ALTER COLUMN "text_null" SET NOT NULL;

-- Let nulls into plain.date.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ALTER COLUMN "date" DROP NOT NULL;

-- Set the default of defaulted.varchar.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "varchar" SET DEFAULT 'its';

-- Drop the default of defaulted.integer.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "integer" DROP DEFAULT;

-- Let nulls into defaulted.integer.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "integer" DROP NOT NULL;

-- Drop the default of defaulted.bytea.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "bytea" DROP DEFAULT;

-- Set the default of defaulted.mood.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "mood" SET DEFAULT 'happy';

-- Drop column defaulted.length_of_text.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" DROP COLUMN "length_of_text";
