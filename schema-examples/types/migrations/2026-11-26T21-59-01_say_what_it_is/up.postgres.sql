-- 2026-11-26T21-59-01_say_what_it_is: up on postgres.
-- piccolo: lossless
-- - change the comment of enum mood
-- - change the comment of table plain
-- - change column plain.mood: to have no default
-- - change the comment of table counted
-- - change column named.nickname: the comment

-- piccolo: step
-- Change the tables.

-- Drop the default of plain.mood.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
ALTER TABLE "plain" ALTER COLUMN "mood" DROP DEFAULT;

-- Comment on enum mood.
-- Lock: none on a table that exists.
COMMENT ON TYPE "mood" IS 'How one feels.';

-- Comment on table plain.
-- Lock: SHARE UPDATE EXCLUSIVE on plain; no rewrite, no scan.
COMMENT ON TABLE "plain" IS 'Every type of the language: as it is, and with null.';

-- Comment on table counted.
-- Lock: SHARE UPDATE EXCLUSIVE on counted; no rewrite, no scan.
COMMENT ON TABLE "counted" IS 'Counted up with 32 bits.';

-- Comment on column named.nickname.
-- Lock: SHARE UPDATE EXCLUSIVE on named; no rewrite, no scan.
COMMENT ON COLUMN "named"."nickname" IS 'What it is called by those who know it.';
