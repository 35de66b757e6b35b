-- 2026-11-02T10-00-00_slugs: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop unique manager_name_key.
-- Lock: ACCESS EXCLUSIVE on manager; no rewrite, no scan.
ALTER TABLE "manager" DROP CONSTRAINT "manager_name_key";

-- Drop check band_af10e51e_check.
-- Lock: ACCESS EXCLUSIVE on band; no rewrite, no scan.
ALTER TABLE "band" DROP CONSTRAINT "band_af10e51e_check";

-- piccolo: step no-transaction
-- Drop index band_popularity_idx.

-- Lock: SHARE UPDATE EXCLUSIVE on band; no rewrite, no scan.
DROP INDEX CONCURRENTLY "band_popularity_idx";

-- piccolo: step
-- Change the tables.

-- Drop column band.slug.
-- Lock: ACCESS EXCLUSIVE on band; no rewrite, no scan.
ALTER TABLE "band" DROP COLUMN "slug";

-- Drop table venue.
-- Lock: ACCESS EXCLUSIVE on venue, ACCESS EXCLUSIVE on manager; no rewrite, no scan.
DROP TABLE "venue";
