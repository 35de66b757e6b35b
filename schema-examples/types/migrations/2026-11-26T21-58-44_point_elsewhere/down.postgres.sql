-- 2026-11-26T21-58-44_point_elsewhere: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop foreign key keys_small_fkey.
-- Lock: ACCESS EXCLUSIVE on keys, ACCESS EXCLUSIVE on elsewhere.counted; no rewrite, no scan.
ALTER TABLE "keys" DROP CONSTRAINT "keys_small_fkey";

-- Drop foreign key keys_parent_fkey.
-- Lock: ACCESS EXCLUSIVE on keys, ACCESS EXCLUSIVE on defaulted; no rewrite, no scan.
ALTER TABLE "keys" DROP CONSTRAINT "keys_parent_fkey";

-- Drop foreign key keys_by_name_fkey.
-- Lock: ACCESS EXCLUSIVE on keys, ACCESS EXCLUSIVE on named; no rewrite, no scan.
ALTER TABLE "keys" DROP CONSTRAINT "keys_by_name_fkey";

-- Add foreign key keys_small_fkey.
-- Lock: SHARE ROW EXCLUSIVE on keys, SHARE ROW EXCLUSIVE on tally; scans the table.
ALTER TABLE "keys" ADD CONSTRAINT "keys_small_fkey" FOREIGN KEY ("small") REFERENCES "tally" ("id");

-- Add foreign key keys_parent_fkey.
-- Lock: SHARE ROW EXCLUSIVE on keys, SHARE ROW EXCLUSIVE on defaulted; scans the table.
ALTER TABLE "keys" ADD CONSTRAINT "keys_parent_fkey" FOREIGN KEY ("parent") REFERENCES "defaulted" ("key");

-- Add foreign key keys_by_name_fkey.
-- Lock: SHARE ROW EXCLUSIVE on keys, SHARE ROW EXCLUSIVE on named; scans the table.
ALTER TABLE "keys" ADD CONSTRAINT "keys_by_name_fkey" FOREIGN KEY ("by_name") REFERENCES "named" ("name");
