-- 2026-11-02T10-00-00_slugs: down on sqlite.
-- piccolo: lossless

-- piccolo: step rebuild "manager" rebuild "band"
-- Change the tables.

-- Drop index band_popularity_idx.
DROP INDEX "band_popularity_idx";

-- Rebuild manager: drop unique manager.manager_name_key.
CREATE TABLE "_piccolo_new_manager" (
    "id" INTEGER NOT NULL CONSTRAINT "manager_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL
) STRICT;

INSERT INTO "_piccolo_new_manager" ("id", "name")
SELECT "manager"."id", "manager"."name"
FROM "manager";

DROP TABLE "manager";

ALTER TABLE "_piccolo_new_manager" RENAME TO "manager";

-- Rebuild band: drop column band.slug; drop check band.band_af10e51e_check; drop index band.band_popularity_idx.
CREATE TABLE "_piccolo_new_band" (
    "id" INTEGER NOT NULL CONSTRAINT "band_pkey" PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 100),
    "manager" INTEGER CONSTRAINT "band_manager_fkey" REFERENCES "manager" ("id") ON DELETE CASCADE,
    "popularity" INTEGER NOT NULL DEFAULT 0 CONSTRAINT "piccolo:range:popularity" CHECK ("popularity" BETWEEN -2147483648 AND 2147483647)
) STRICT;

INSERT INTO "_piccolo_new_band" ("id", "name", "manager", "popularity")
SELECT "band"."id", "band"."name", "band"."manager", "band"."popularity"
FROM "band";

DROP TABLE "band";

ALTER TABLE "_piccolo_new_band" RENAME TO "band";

-- Drop table venue.
DROP TABLE "venue";
