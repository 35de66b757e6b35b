-- 2026-11-26T21-58-48_key_by_two_columns: up on postgres.
-- piccolo: lossless
-- - change the primary key of keys to (left, right)
-- - add unique keys.keys_left_secret_key
-- - drop index keys.keys_right_f568be2c_idx
-- - add index keys.keys_right_f568be2c_idx
-- - drop check refers.refers_20c2fa2e_check
-- - add check refers.refers_1bedf1f2_check
-- - add foreign key refers.refers_left_right_fkey
-- - add unique named.named_nickname_key

-- piccolo: step
-- Change the tables.

-- Drop primary key keys_pkey.
-- Lock: ACCESS EXCLUSIVE on keys; no rewrite, no scan.
ALTER TABLE "keys" DROP CONSTRAINT "keys_pkey";

-- Drop index keys_right_f568be2c_idx.
-- Lock: ACCESS EXCLUSIVE on keys; no rewrite, no scan.
DROP INDEX "keys_right_f568be2c_idx";

-- Drop check refers_20c2fa2e_check.
-- Lock: ACCESS EXCLUSIVE on refers; no rewrite, no scan.
ALTER TABLE "refers" DROP CONSTRAINT "refers_20c2fa2e_check";

-- Add primary key keys_pkey.
-- Lock: ACCESS EXCLUSIVE on keys; scans the table.
ALTER TABLE "keys" ADD CONSTRAINT "keys_pkey" PRIMARY KEY ("left", "right");

-- Add unique keys_left_secret_key.
-- Lock: ACCESS EXCLUSIVE on keys; scans the table.
ALTER TABLE "keys" ADD CONSTRAINT "keys_left_secret_key" UNIQUE ("left", "secret");

-- Create index keys_right_f568be2c_idx.
-- Lock: SHARE on keys; scans the table.
CREATE INDEX "keys_right_f568be2c_idx" ON "keys" ("right" DESC, (lower("right"))) WHERE "left" > 0;

-- Add check refers_1bedf1f2_check.
-- Lock: ACCESS EXCLUSIVE on refers; scans the table.
ALTER TABLE "refers" ADD CONSTRAINT "refers_1bedf1f2_check" CHECK ("left" != 0);

-- Add unique named_nickname_key.
-- Lock: ACCESS EXCLUSIVE on named; scans the table.
ALTER TABLE "named" ADD CONSTRAINT "named_nickname_key" UNIQUE ("nickname");

-- Add foreign key refers_left_right_fkey.
-- Lock: SHARE ROW EXCLUSIVE on refers, SHARE ROW EXCLUSIVE on keys; scans the table.
ALTER TABLE "refers" ADD CONSTRAINT "refers_left_right_fkey" FOREIGN KEY ("left", "right") REFERENCES "keys" ("left", "right");
