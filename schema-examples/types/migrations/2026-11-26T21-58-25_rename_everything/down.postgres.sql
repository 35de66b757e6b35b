-- 2026-11-26T21-58-25_rename_everything: down on postgres.
-- piccolo: lossless

-- piccolo: step
-- Change the tables.

-- Rename enum mood to feeling.
-- Lock: none on a table that exists.
ALTER TYPE "mood" RENAME TO "feeling";

-- Rename table named to called.
-- Lock: ACCESS EXCLUSIVE on named; no rewrite, no scan.
ALTER TABLE "named" RENAME TO "called";

-- Rename column refers.parent to ancestor.
-- Lock: ACCESS EXCLUSIVE on refers; no rewrite, no scan.
ALTER TABLE "refers" RENAME COLUMN "parent" TO "ancestor";

-- Rename value happy of feeling to glad.
-- Lock: none on a table that exists.
ALTER TYPE "feeling" RENAME VALUE 'happy' TO 'glad';

-- Rename constraint refers_parent_fkey to refers_ancestor_fkey.
-- Lock: ACCESS EXCLUSIVE on refers; no rewrite, no scan.
ALTER TABLE "refers" RENAME CONSTRAINT "refers_parent_fkey" TO "refers_ancestor_fkey";

-- Rename index named_pkey to called_pkey.
-- Lock: none on a table that exists.
ALTER INDEX "named_pkey" RENAME TO "called_pkey";

-- Comment on enum feeling.
-- Lock: none on a table that exists.
COMMENT ON TYPE "feeling" IS 'Feelings.';
