-- 2026-11-01T10-00-00_bands: up on sqlite.
-- piccolo: lossless
-- - add table manager
-- - add table band

-- piccolo: step
-- Change the tables.

-- Create table manager.
CREATE TABLE "manager" (
    "id" INTEGER NOT NULL CONSTRAINT "manager_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL
) STRICT;

-- Create table band.
CREATE TABLE "band" (
    "id" INTEGER NOT NULL CONSTRAINT "band_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 100),
    "manager" INTEGER CONSTRAINT "band_manager_fkey" REFERENCES "manager" ("id") ON DELETE CASCADE,
    "popularity" INTEGER NOT NULL DEFAULT 0 CONSTRAINT "piccolo:range:popularity" CHECK ("popularity" BETWEEN -2147483648 AND 2147483647)
) STRICT;
