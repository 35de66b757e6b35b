-- 2026-11-26T21-58-21_add_lists_and_drop_what_is_obsolete: down on sqlite.
-- piccolo: loses the table obsolete with its rows

-- piccolo: step foreign-keys=suspended
-- Change the tables.

-- Create table obsolete.
CREATE TABLE "obsolete" (
    "id" INTEGER NOT NULL CONSTRAINT "obsolete_pkey" PRIMARY KEY AUTOINCREMENT,
    "reason" TEXT NOT NULL
) STRICT;

-- Drop table lists.
DROP TABLE "lists";
