-- 2026-11-26T21-58-44_point_elsewhere: up on postgres.
-- piccolo: lossless
-- - drop foreign key keys.keys_small_fkey
-- - drop foreign key keys.keys_parent_fkey
-- - drop foreign key keys.keys_by_name_fkey
-- - add foreign key keys.keys_small_fkey
-- - add foreign key keys.keys_parent_fkey
-- - add foreign key keys.keys_by_name_fkey

-- piccolo: step
-- Change the tables.

-- Drop foreign key keys_small_fkey.
-- Lock: ACCESS EXCLUSIVE on keys, ACCESS EXCLUSIVE on tally; no rewrite, no scan.
ALTER TABLE "keys" DROP CONSTRAINT "keys_small_fkey";

-- Drop foreign key keys_parent_fkey.
-- Lock: ACCESS EXCLUSIVE on keys, ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "keys" DROP CONSTRAINT "keys_parent_fkey";

-- Drop foreign key keys_by_name_fkey.
-- Lock: ACCESS EXCLUSIVE on keys, ACCESS EXCLUSIVE on named; no rewrite, no scan.
ALTER TABLE "keys" DROP CONSTRAINT "keys_by_name_fkey";

-- Add foreign key keys_small_fkey.
-- Lock: SHARE ROW EXCLUSIVE on keys, SHARE ROW EXCLUSIVE on elsewhere.counted; scans the table.
ALTER TABLE "keys" ADD CONSTRAINT "keys_small_fkey" FOREIGN KEY ("small") REFERENCES "elsewhere"."counted" ("id");

-- Add foreign key keys_parent_fkey.
-- Lock: SHARE ROW EXCLUSIVE on keys, SHARE ROW EXCLUSIVE on defaulted; scans the table.
ALTER TABLE "keys" ADD CONSTRAINT "keys_parent_fkey" FOREIGN KEY ("parent") REFERENCES "defaulted" ("key") ON DELETE CASCADE;

-- Add foreign key keys_by_name_fkey.
-- Lock: SHARE ROW EXCLUSIVE on keys, SHARE ROW EXCLUSIVE on named; scans the table.
ALTER TABLE "keys" ADD CONSTRAINT "keys_by_name_fkey" FOREIGN KEY ("by_name") REFERENCES "named" ("name") ON UPDATE CASCADE;
