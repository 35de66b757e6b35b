-- 2026-11-26T21-58-25_rename_everything: up on postgres.
-- piccolo: lossless
-- - rename enum feeling to mood
-- - rename value mood.glad to happy
-- - change the comment of enum mood
-- - rename column refers.ancestor to parent
-- - rename foreign key refers.refers_ancestor_fkey to refers_parent_fkey
-- - rename table called to named
-- - rename primary key named.called_pkey to named_pkey

-- piccolo: step
-- Change the tables.

-- Rename enum feeling to mood.
-- Lock: none on a table that exists.
ALTER TYPE "feeling" RENAME TO "mood";

-- Rename table called to named.
-- Lock: ACCESS EXCLUSIVE on called; no rewrite, no scan.
ALTER TABLE "called" RENAME TO "named";

-- Rename column refers.ancestor to parent.
-- Lock: ACCESS EXCLUSIVE on refers; no rewrite, no scan.
ALTER TABLE "refers" RENAME COLUMN "ancestor" TO "parent";

-- Rename value glad of mood to happy.
-- Lock: none on a table that exists.
ALTER TYPE "mood" RENAME VALUE 'glad' TO 'happy';

-- Rename constraint refers_ancestor_fkey to refers_parent_fkey.
-- Lock: ACCESS EXCLUSIVE on refers; no rewrite, no scan.
ALTER TABLE "refers" RENAME CONSTRAINT "refers_ancestor_fkey" TO "refers_parent_fkey";

-- Rename index called_pkey to named_pkey.
-- Lock: none on a table that exists.
ALTER INDEX "called_pkey" RENAME TO "named_pkey";

-- Comment on enum mood.
-- Lock: none on a table that exists.
COMMENT ON TYPE "mood" IS 'Moods.';
