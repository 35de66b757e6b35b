-- 2026-11-23T15-34-30_create_bands: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop table concert.
-- Lock: ACCESS EXCLUSIVE on concert, ACCESS EXCLUSIVE on band, ACCESS EXCLUSIVE on venue; no rewrite, no scan.
DROP TABLE "concert";

-- Drop table venue.
-- Lock: ACCESS EXCLUSIVE on venue; no rewrite, no scan.
DROP TABLE "venue";

-- Drop table band.
-- Lock: ACCESS EXCLUSIVE on band, ACCESS EXCLUSIVE on manager; no rewrite, no scan.
DROP TABLE "band";

-- Drop table manager.
-- Lock: ACCESS EXCLUSIVE on manager; no rewrite, no scan.
DROP TABLE "manager";

-- Drop enum genre.
-- Lock: none on a table that exists.
DROP TYPE "genre";
