-- 2026-11-02T10-00-00_slugs: up on sqlite.
-- piccolo: lossless
-- - add unique manager.manager_name_key
-- - add column band.slug
-- - add check band.band_af10e51e_check
-- - add index band.band_popularity_idx
-- - add table venue

-- piccolo: step rebuild "manager" rebuild "band"
-- Change the tables.

-- Create table venue.
CREATE TABLE "venue" (
    "id" INTEGER NOT NULL CONSTRAINT "venue_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "owner" INTEGER CONSTRAINT "venue_owner_fkey" REFERENCES "manager" ("id")
) STRICT;

-- Rebuild manager: add unique manager.manager_name_key.
CREATE TABLE "_piccolo_new_manager" (
    "id" INTEGER NOT NULL CONSTRAINT "manager_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    CONSTRAINT "manager_name_key" UNIQUE ("name")
) STRICT;

INSERT INTO "_piccolo_new_manager" ("id", "name")
SELECT "manager"."id", "manager"."name"
FROM "manager";

DROP TABLE "manager";

ALTER TABLE "_piccolo_new_manager" RENAME TO "manager";

-- Rebuild band: add column band.slug; add check band.band_af10e51e_check; add index band.band_popularity_idx.
CREATE TABLE "_piccolo_new_band" (
    "id" INTEGER NOT NULL CONSTRAINT "band_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 100),
    "slug" TEXT NOT NULL,
    "manager" INTEGER CONSTRAINT "band_manager_fkey" REFERENCES "manager" ("id") ON DELETE CASCADE,
    "popularity" INTEGER NOT NULL DEFAULT 0 CONSTRAINT "piccolo:range:popularity" CHECK ("popularity" BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT "band_af10e51e_check" CHECK (popularity >= 0)
) STRICT;

INSERT INTO "_piccolo_new_band" ("id", "name", "slug", "manager", "popularity")
SELECT "band"."id", "band"."name", (lower(name)), "band"."manager", "band"."popularity"
FROM "band";

DROP TABLE "band";

ALTER TABLE "_piccolo_new_band" RENAME TO "band";

-- Create index band_popularity_idx.
CREATE INDEX "band_popularity_idx" ON "band" ("popularity" DESC);
