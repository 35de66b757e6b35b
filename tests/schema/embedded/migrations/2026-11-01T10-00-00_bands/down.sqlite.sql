-- 2026-11-01T10-00-00_bands: down on sqlite.
-- piccolo: lossless

-- piccolo: step foreign-keys=suspended
-- Change the tables.

-- Drop table manager.
DROP TABLE "manager";

-- Drop table band.
DROP TABLE "band";
