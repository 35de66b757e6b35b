-- 2026-11-26T21-58-48_key_by_two_columns: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Drop foreign key refers_left_right_fkey.
-- Lock: ACCESS EXCLUSIVE on refers, ACCESS EXCLUSIVE on keys; no rewrite, no scan.
ALTER TABLE "refers" DROP CONSTRAINT "refers_left_right_fkey";

-- Drop primary key keys_pkey.
-- Lock: ACCESS EXCLUSIVE on keys; no rewrite, no scan.
ALTER TABLE "keys" DROP CONSTRAINT "keys_pkey";

-- Drop unique keys_left_secret_key.
-- Lock: ACCESS EXCLUSIVE on keys; no rewrite, no scan.
ALTER TABLE "keys" DROP CONSTRAINT "keys_left_secret_key";

-- Drop index keys_right_f568be2c_idx.
-- Lock: ACCESS EXCLUSIVE on keys; no rewrite, no scan.
DROP INDEX "keys_right_f568be2c_idx";

-- Drop check refers_1bedf1f2_check.
-- Lock: ACCESS EXCLUSIVE on refers; no rewrite, no scan.
ALTER TABLE "refers" DROP CONSTRAINT "refers_1bedf1f2_check";

-- Drop unique named_nickname_key.
-- Lock: ACCESS EXCLUSIVE on named; no rewrite, no scan.
ALTER TABLE "named" DROP CONSTRAINT "named_nickname_key";

-- Add primary key keys_pkey.
-- Lock: ACCESS EXCLUSIVE on keys; scans the table.
ALTER TABLE "keys" ADD CONSTRAINT "keys_pkey" PRIMARY KEY ("left");

-- Create index keys_right_f568be2c_idx.
-- Lock: SHARE on keys; scans the table.
CREATE INDEX "keys_right_f568be2c_idx" ON "keys" ("right", (lower("right")));

-- Add check refers_20c2fa2e_check.
-- Lock: ACCESS EXCLUSIVE on refers; scans the table.
ALTER TABLE "refers" ADD CONSTRAINT "refers_20c2fa2e_check" CHECK ("left" != 1);
