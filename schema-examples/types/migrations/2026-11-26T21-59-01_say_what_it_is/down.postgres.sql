-- 2026-11-26T21-59-01_say_what_it_is: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Set the default of plain.mood.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ALTER COLUMN "mood" SET DEFAULT 'sad';

-- Comment on enum mood.
-- Lock: none on a table that exists.
COMMENT ON TYPE "mood" IS 'Moods.';

-- Comment on table plain.
-- Lock: SHARE UPDATE EXCLUSIVE on plain; no rewrite, no scan.
COMMENT ON TABLE "plain" IS 'Every type there is.';

-- Comment on table counted.
-- Lock: SHARE UPDATE EXCLUSIVE on counted; no rewrite, no scan.
COMMENT ON TABLE "counted" IS 'It counts.';

-- Comment on column named.nickname.
-- Lock: SHARE UPDATE EXCLUSIVE on named; no rewrite, no scan.
COMMENT ON COLUMN "named"."nickname" IS NULL;
