-- 2026-11-26T21-58-25_rename_everything: down on sqlite.
-- piccolo: lossless

-- piccolo: step
-- Rename what has a new name.

-- Rename table named to called.
ALTER TABLE "named" RENAME TO "called";

-- Rename column refers.parent to ancestor.
ALTER TABLE "refers" RENAME COLUMN "parent" TO "ancestor";

-- piccolo: step rebuild "defaulted" rebuild "lists" rebuild "refers" rebuild "called"
-- Change the tables.

-- Rebuild defaulted for the new values of its enum.
CREATE TABLE "_piccolo_new_defaulted" (
    "key" BLOB NOT NULL DEFAULT (unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || hex(randomblob(6)))) CONSTRAINT "piccolo:uuid:key" CHECK (length("key") = 16),
    "varchar" TEXT NOT NULL DEFAULT 'its' CONSTRAINT "piccolo:length:varchar" CHECK (length("varchar") <= 255),
    "text" TEXT NOT NULL DEFAULT '',
    "small_int" INTEGER NOT NULL DEFAULT -3 CONSTRAINT "piccolo:range:small_int" CHECK ("small_int" BETWEEN -32768 AND 32767),
    "integer" INTEGER CONSTRAINT "piccolo:range:integer" CHECK ("integer" BETWEEN -2147483648 AND 2147483647),
    "big_int" INTEGER NOT NULL DEFAULT 9000000000,
    "real" REAL NOT NULL DEFAULT 1.5,
    "double_precision" REAL NOT NULL DEFAULT -0.25,
    "numeric" REAL NOT NULL DEFAULT 9.99 CONSTRAINT "piccolo:numeric:numeric" CHECK ("numeric" = round("numeric", 2) AND abs("numeric") < 1000),
    "boolean" INTEGER NOT NULL DEFAULT 1 CONSTRAINT "piccolo:boolean:boolean" CHECK ("boolean" IN (0, 1)),
    "date" TEXT NOT NULL DEFAULT '2020-05-17' CONSTRAINT "piccolo:date:date" CHECK ("date" IS date("date") AND "date" >= '0001'),
    "today" TEXT NOT NULL DEFAULT (date('now')) CONSTRAINT "piccolo:date:today" CHECK ("today" IS date("today") AND "today" >= '0001'),
    "time" TEXT NOT NULL DEFAULT '12:30:00.000000' CONSTRAINT "piccolo:time:time" CHECK (substr("time", 1, 8) IS time(substr("time", 1, 8)) AND substr("time", 9) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]'),
    "timestamp" TEXT NOT NULL DEFAULT '2022-01-01 21:00:00.000000' CONSTRAINT "piccolo:timestamp:timestamp" CHECK (substr("timestamp", 1, 19) IS datetime(substr("timestamp", 1, 19)) AND substr("timestamp", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "timestamp" >= '0001'),
    "timestamptz" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')) CONSTRAINT "piccolo:timestamp:timestamptz" CHECK (substr("timestamptz", 1, 19) IS datetime(substr("timestamptz", 1, 19)) AND substr("timestamptz", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "timestamptz" >= '0001'),
    "interval" INTEGER NOT NULL DEFAULT 93600000000,
    "ordered" BLOB NOT NULL DEFAULT (unhex(printf('%012X', CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)) || '7' || substr(hex(randomblob(2)), 2) || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || hex(randomblob(6)))) CONSTRAINT "piccolo:uuid:ordered" CHECK (length("ordered") = 16),
    "fixed" BLOB NOT NULL DEFAULT X'7d6fa2b04f7c4d549a5b0a2b3c4d5e6f' CONSTRAINT "piccolo:uuid:fixed" CHECK (length("fixed") = 16),
    "json" TEXT NOT NULL DEFAULT '{}' CONSTRAINT "piccolo:json:json" CHECK (json_valid("json")),
    "bytea" BLOB NOT NULL,
    "mood" TEXT NOT NULL DEFAULT 'glad' CONSTRAINT "piccolo:enum:mood" CHECK ("mood" IN ('angry', 'glad', 'sad')),
    "numbers" TEXT NOT NULL DEFAULT '[1,2,3]' CONSTRAINT "piccolo:array:numbers" CHECK (json_valid("numbers") AND "numbers" GLOB '[[]*'),
    CONSTRAINT "defaulted_pkey" PRIMARY KEY ("key")
) STRICT;

INSERT INTO "_piccolo_new_defaulted" ("key", "varchar", "text", "small_int", "integer", "big_int", "real", "double_precision", "numeric", "boolean", "date", "today", "time", "timestamp", "timestamptz", "interval", "ordered", "fixed", "json", "bytea", "mood", "numbers")
SELECT "defaulted"."key", "defaulted"."varchar", "defaulted"."text", "defaulted"."small_int", "defaulted"."integer", "defaulted"."big_int", "defaulted"."real", "defaulted"."double_precision", "defaulted"."numeric", "defaulted"."boolean", "defaulted"."date", "defaulted"."today", "defaulted"."time", "defaulted"."timestamp", "defaulted"."timestamptz", "defaulted"."interval", "defaulted"."ordered", "defaulted"."fixed", "defaulted"."json", "defaulted"."bytea", CASE "defaulted"."mood" WHEN 'happy' THEN 'glad' ELSE "defaulted"."mood" END, "defaulted"."numbers"
FROM "defaulted";

DROP TABLE "defaulted";

ALTER TABLE "_piccolo_new_defaulted" RENAME TO "defaulted";

-- Rebuild lists for the new values of its enum.
CREATE TABLE "_piccolo_new_lists" (
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

INSERT INTO "_piccolo_new_lists" ("id", "varchars", "texts", "small_ints", "integers", "big_ints", "reals", "doubles", "numerics", "booleans", "dates", "times", "timestamps", "timestamptzs", "intervals", "uuids", "jsons", "byteas", "moods", "texts_null")
SELECT "lists"."id", "lists"."varchars", "lists"."texts", "lists"."small_ints", "lists"."integers", "lists"."big_ints", "lists"."reals", "lists"."doubles", "lists"."numerics", "lists"."booleans", "lists"."dates", "lists"."times", "lists"."timestamps", "lists"."timestamptzs", "lists"."intervals", "lists"."uuids", "lists"."jsons", "lists"."byteas", CASE WHEN "lists"."moods" IS NOT NULL THEN (SELECT json_group_array(CASE e.value WHEN 'happy' THEN 'glad' ELSE e.value END) FROM json_each("lists"."moods") e) END, "lists"."texts_null"
FROM "lists";

DROP TABLE "lists";

ALTER TABLE "_piccolo_new_lists" RENAME TO "lists";

-- Rebuild refers: rename column refers.parent to ancestor; rename foreign key refers.refers_parent_fkey to refers_ancestor_fkey.
CREATE TABLE "_piccolo_new_refers" (
    "id" INTEGER NOT NULL CONSTRAINT "refers_pkey" PRIMARY KEY AUTOINCREMENT,
    "left" INTEGER NOT NULL CONSTRAINT "piccolo:range:left" CHECK ("left" BETWEEN -2147483648 AND 2147483647),
    "right" TEXT NOT NULL CONSTRAINT "piccolo:length:right" CHECK (length("right") <= 10),
    "ancestor" INTEGER CONSTRAINT "refers_ancestor_fkey" REFERENCES "refers" ("id"),
    CONSTRAINT "refers_20c2fa2e_check" CHECK ("left" <> 1)
) STRICT;

INSERT INTO "_piccolo_new_refers" ("id", "left", "right", "ancestor")
SELECT "refers"."id", "refers"."left", "refers"."right", "refers"."ancestor"
FROM "refers";

DROP TABLE "refers";

ALTER TABLE "_piccolo_new_refers" RENAME TO "refers";

-- Rebuild called: rename table named to called; rename primary key called.named_pkey to called_pkey.
CREATE TABLE "_piccolo_new_called" (
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 30),
    "nickname" TEXT,
    CONSTRAINT "called_pkey" PRIMARY KEY ("name")
) STRICT;

INSERT INTO "_piccolo_new_called" ("name", "nickname")
SELECT "called"."name", "called"."nickname"
FROM "called";

DROP TABLE "called";

ALTER TABLE "_piccolo_new_called" RENAME TO "called";
