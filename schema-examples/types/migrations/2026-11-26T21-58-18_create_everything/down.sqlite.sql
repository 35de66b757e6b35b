-- 2026-11-26T21-58-18_create_everything: down on sqlite.
-- piccolo: lossless

-- piccolo: step foreign-keys=suspended
-- Change the tables.

-- Drop table plain.
DROP TABLE "plain";

-- Drop table defaulted.
DROP TABLE "defaulted";

-- Drop table obsolete.
DROP TABLE "obsolete";

-- Drop table keys.
DROP TABLE "keys";

-- Drop table refers.
DROP TABLE "refers";

-- Drop table elsewhere.counted.
DROP TABLE "counted";

-- Drop table tally.
DROP TABLE "tally";

-- Drop table called.
DROP TABLE "called";
