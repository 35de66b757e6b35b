-- 2026-11-23T15-34-30_create_bands: up on sqlite.
-- piccolo: lossless
-- - add enum genre
-- - add table manager
-- - add table band
-- - add table venue
-- - add table concert

-- piccolo: step
-- Change the tables.

-- Create table manager.
CREATE TABLE "manager" (
    "id" INTEGER NOT NULL CONSTRAINT "manager_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 100)
) STRICT;

-- Create table band.
CREATE TABLE "band" (
    "id" INTEGER NOT NULL CONSTRAINT "band_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 100),
    "manager" INTEGER CONSTRAINT "band_manager_fkey" REFERENCES "manager" ("id") ON DELETE SET NULL,
    "popularity" INTEGER NOT NULL DEFAULT 0 CONSTRAINT "piccolo:range:popularity" CHECK ("popularity" BETWEEN -2147483648 AND 2147483647),
    "genre" TEXT NOT NULL DEFAULT 'rock' CONSTRAINT "piccolo:enum:genre" CHECK ("genre" IN ('folk', 'jazz', 'rock')),
    CONSTRAINT "band_af10e51e_check" CHECK (popularity >= 0)
) STRICT;

-- Create table venue.
CREATE TABLE "venue" (
    "id" INTEGER NOT NULL CONSTRAINT "venue_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 100),
    "capacity" INTEGER NOT NULL DEFAULT 0 CONSTRAINT "piccolo:range:capacity" CHECK ("capacity" BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT "venue_name_key" UNIQUE ("name")
) STRICT;

-- Create table concert.
CREATE TABLE "concert" (
    "id" INTEGER NOT NULL CONSTRAINT "concert_pkey" PRIMARY KEY AUTOINCREMENT,
    "band_1" INTEGER NOT NULL CONSTRAINT "concert_band_1_fkey" REFERENCES "band" ("id") ON DELETE CASCADE,
    "band_2" INTEGER NOT NULL CONSTRAINT "concert_band_2_fkey" REFERENCES "band" ("id") ON DELETE CASCADE,
    "venue" INTEGER CONSTRAINT "concert_venue_fkey" REFERENCES "venue" ("id") ON DELETE SET NULL,
    "starts" TEXT NOT NULL CONSTRAINT "piccolo:timestamp:starts" CHECK (substr("starts", 1, 19) IS datetime(substr("starts", 1, 19)) AND substr("starts", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "starts" >= '0001')
) STRICT;

-- Create index band_popularity_name_idx.
CREATE INDEX "band_popularity_name_idx" ON "band" ("popularity" DESC, "name");
