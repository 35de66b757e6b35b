-- 2026-11-01T10-00-00_bands: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop table band.
-- Lock: ACCESS EXCLUSIVE on band, ACCESS EXCLUSIVE on manager; no rewrite, no scan.
DROP TABLE "band";

-- Drop table manager.
-- Lock: ACCESS EXCLUSIVE on manager; no rewrite, no scan.
DROP TABLE "manager";
