-- 2026-11-23T15-34-30_create_bands: down on sqlite.
-- piccolo: lossless

-- piccolo: step foreign-keys=suspended
-- Change the tables.

-- Drop table manager.
DROP TABLE "manager";

-- Drop table band.
DROP TABLE "band";

-- Drop table venue.
DROP TABLE "venue";

-- Drop table concert.
DROP TABLE "concert";
