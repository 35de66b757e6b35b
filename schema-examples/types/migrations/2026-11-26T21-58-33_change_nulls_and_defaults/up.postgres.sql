-- 2026-11-26T21-58-33_change_nulls_and_defaults: up on postgres.
-- piccolo: loses which plain.date were null
-- piccolo: loses which defaulted.integer were null
-- - change column plain.text_null: to take nulls
-- - change column plain.date: to take no nulls
-- - change column defaulted.varchar: the default
-- - change column defaulted.integer: to take no nulls, to have a default
-- - change column defaulted.bytea: to have a default
-- - change column defaulted.mood: the default
-- - add column defaulted.length_of_text

-- piccolo: step
-- Change the tables.

-- Let nulls into plain.text_null.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ALTER COLUMN "text_null" DROP NOT NULL;

-- Fill plain.date.
-- Lock: ROW EXCLUSIVE on plain; updates its rows.
UPDATE "plain" SET "date" = ('2020-01-01') WHERE "date" IS NULL;

-- Take no more nulls into plain.date.
-- Lock: ACCESS EXCLUSIVE on plain; scans the table.
ALTER TABLE "plain" ALTER COLUMN "date" SET NOT NULL;

-- Set the default of defaulted.varchar.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "varchar" SET DEFAULT 'it''s';

-- Set the default of defaulted.integer.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "integer" SET DEFAULT 0;

-- Fill defaulted.integer.
-- Lock: ROW EXCLUSIVE on defaulted; updates its rows.
UPDATE "defaulted" SET "integer" = 0 WHERE "integer" IS NULL;

-- Take no more nulls into defaulted.integer.
-- Lock: ACCESS EXCLUSIVE on defaulted; scans the table.
ALTER TABLE "defaulted" ALTER COLUMN "integer" SET NOT NULL;

-- Set the default of defaulted.bytea.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "bytea" SET DEFAULT '\x00ff';

-- Set the default of defaulted.mood.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "defaulted" ALTER COLUMN "mood" SET DEFAULT 'in-between';

-- Add column defaulted.length_of_text.
-- Lock: ACCESS EXCLUSIVE on defaulted; rewrites the table unless the default is the same for all rows.
ALTER TABLE "defaulted" ADD COLUMN "length_of_text" integer NOT NULL DEFAULT (1 + 1);
