-- 2026-11-26T21-58-18_create_everything: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop table elsewhere.counted.
-- Lock: ACCESS EXCLUSIVE on elsewhere.counted; no rewrite, no scan.
DROP TABLE "elsewhere"."counted";

-- Drop table refers.
-- Lock: ACCESS EXCLUSIVE on refers; no rewrite, no scan.
DROP TABLE "refers";

-- Drop table keys.
-- Lock: ACCESS EXCLUSIVE on keys, ACCESS EXCLUSIVE on tally, ACCESS EXCLUSIVE on defaulted, ACCESS EXCLUSIVE on called; no rewrite, no scan.
DROP TABLE "keys";

-- Drop table called.
-- Lock: ACCESS EXCLUSIVE on called; no rewrite, no scan.
DROP TABLE "called";

-- Drop table tally.
-- Lock: ACCESS EXCLUSIVE on tally; no rewrite, no scan.
DROP TABLE "tally";

-- Drop table obsolete.
-- Lock: ACCESS EXCLUSIVE on obsolete; no rewrite, no scan.
DROP TABLE "obsolete";

-- Drop table defaulted.
-- Lock: ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
DROP TABLE "defaulted";

-- Drop table plain.
-- Lock: ACCESS EXCLUSIVE on plain; no rewrite, no scan.
DROP TABLE "plain";

-- Drop enum feeling.
-- Lock: none on a table that exists.
DROP TYPE "feeling";
