-- 2026-11-26T21-58-21_add_lists_and_drop_what_is_obsolete: up on sqlite.
-- piccolo: loses the table obsolete with its rows
-- - add table lists
-- - drop table obsolete

-- piccolo: step foreign-keys=suspended
-- Change the tables.

-- Create table lists.
CREATE TABLE "lists" (
    "id" INTEGER NOT NULL CONSTRAINT "lists_pkey" PRIMARY KEY AUTOINCREMENT,
    "varchars" TEXT NOT NULL CONSTRAINT "piccolo:array:varchars" CHECK (json_valid("varchars") AND "varchars" GLOB '[[]*'),
    "texts" TEXT NOT NULL CONSTRAINT "piccolo:array:texts" CHECK (json_valid("texts") AND "texts" GLOB '[[]*'),
    "small_ints" TEXT NOT NULL CONSTRAINT "piccolo:array:small_ints" CHECK (json_valid("small_ints") AND "small_ints" GLOB '[[]*'),
    "integers" TEXT NOT NULL CONSTRAINT "piccolo:array:integers" CHECK (json_valid("integers") AND "integers" GLOB '[[]*'),
    "big_ints" TEXT NOT NULL CONSTRAINT "piccolo:array:big_ints" CHECK (json_valid("big_ints") AND "big_ints" GLOB '[[]*'),
    "reals" TEXT NOT NULL CONSTRAINT "piccolo:array:reals" CHECK (json_valid("reals") AND "reals" GLOB '[[]*'),
    "doubles" TEXT NOT NULL CONSTRAINT "piccolo:array:doubles" CHECK (json_valid("doubles") AND "doubles" GLOB '[[]*'),
    "numerics" TEXT NOT NULL CONSTRAINT "piccolo:array:numerics" CHECK (json_valid("numerics") AND "numerics" GLOB '[[]*'),
    "booleans" TEXT NOT NULL CONSTRAINT "piccolo:array:booleans" CHECK (json_valid("booleans") AND "booleans" GLOB '[[]*'),
    "dates" TEXT NOT NULL CONSTRAINT "piccolo:array:dates" CHECK (json_valid("dates") AND "dates" GLOB '[[]*'),
    "times" TEXT NOT NULL CONSTRAINT "piccolo:array:times" CHECK (json_valid("times") AND "times" GLOB '[[]*'),
    "timestamps" TEXT NOT NULL CONSTRAINT "piccolo:array:timestamps" CHECK (json_valid("timestamps") AND "timestamps" GLOB '[[]*'),
    "timestamptzs" TEXT NOT NULL CONSTRAINT "piccolo:array:timestamptzs" CHECK (json_valid("timestamptzs") AND "timestamptzs" GLOB '[[]*'),
    "intervals" TEXT NOT NULL CONSTRAINT "piccolo:array:intervals" CHECK (json_valid("intervals") AND "intervals" GLOB '[[]*'),
    "uuids" TEXT NOT NULL CONSTRAINT "piccolo:array:uuids" CHECK (json_valid("uuids") AND "uuids" GLOB '[[]*'),
    "jsons" TEXT NOT NULL CONSTRAINT "piccolo:array:jsons" CHECK (json_valid("jsons") AND "jsons" GLOB '[[]*'),
    "byteas" TEXT NOT NULL CONSTRAINT "piccolo:array:byteas" CHECK (json_valid("byteas") AND "byteas" GLOB '[[]*'),
    "moods" TEXT NOT NULL CONSTRAINT "piccolo:array:moods" CHECK (json_valid("moods") AND "moods" GLOB '[[]*'),
    "texts_null" TEXT CONSTRAINT "piccolo:array:texts_null" CHECK (json_valid("texts_null") AND "texts_null" GLOB '[[]*')
) STRICT;

-- Drop table obsolete.
DROP TABLE "obsolete";
