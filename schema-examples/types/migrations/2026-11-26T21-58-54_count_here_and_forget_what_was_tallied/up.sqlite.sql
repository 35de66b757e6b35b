-- 2026-11-26T21-58-54_count_here_and_forget_what_was_tallied: up on sqlite.
-- piccolo: loses which mood were angry
-- piccolo: loses the table tally with its rows
-- - drop value mood.angry
-- - move table elsewhere.counted to counted
-- - drop table tally

-- piccolo: step rebuild "plain" rebuild "defaulted" rebuild "lists"
-- Change the tables.

-- Rebuild plain for the new values of its enum.
CREATE TABLE "_piccolo_new_plain" (
    "id" INTEGER NOT NULL CONSTRAINT "plain_pkey" PRIMARY KEY AUTOINCREMENT,
    "varchar" TEXT NOT NULL CONSTRAINT "piccolo:length:varchar" CHECK (length("varchar") <= 50),
    "varchar_null" TEXT CONSTRAINT "piccolo:length:varchar_null" CHECK (length("varchar_null") <= 255),
    "text" TEXT NOT NULL,
    "text_null" TEXT,
    "small_int" INTEGER NOT NULL CONSTRAINT "piccolo:range:small_int" CHECK ("small_int" BETWEEN -32768 AND 32767),
    "small_int_null" INTEGER CONSTRAINT "piccolo:range:small_int_null" CHECK ("small_int_null" BETWEEN -32768 AND 32767),
    "integer" INTEGER NOT NULL CONSTRAINT "piccolo:range:integer" CHECK ("integer" BETWEEN -2147483648 AND 2147483647),
    "integer_null" INTEGER CONSTRAINT "piccolo:range:integer_null" CHECK ("integer_null" BETWEEN -2147483648 AND 2147483647),
    "big_int" INTEGER NOT NULL,
    "big_int_null" INTEGER,
    "real" REAL NOT NULL,
    "real_null" REAL,
    "double_precision" REAL NOT NULL,
    "double_precision_null" REAL,
    "numeric" REAL NOT NULL CONSTRAINT "piccolo:numeric:numeric" CHECK ("numeric" = round("numeric", 2) AND abs("numeric") < 1000),
    "numeric_null" REAL CONSTRAINT "piccolo:numeric:numeric_null" CHECK ("numeric_null" = round("numeric_null", 6) AND abs("numeric_null") < 1000000000),
    "boolean" INTEGER NOT NULL CONSTRAINT "piccolo:boolean:boolean" CHECK ("boolean" IN (0, 1)),
    "boolean_null" INTEGER CONSTRAINT "piccolo:boolean:boolean_null" CHECK ("boolean_null" IN (0, 1)),
    "date" TEXT NOT NULL CONSTRAINT "piccolo:date:date" CHECK ("date" IS date("date") AND "date" >= '0001'),
    "date_null" TEXT CONSTRAINT "piccolo:date:date_null" CHECK ("date_null" IS date("date_null") AND "date_null" >= '0001'),
    "time" TEXT NOT NULL CONSTRAINT "piccolo:time:time" CHECK (substr("time", 1, 8) IS time(substr("time", 1, 8)) AND substr("time", 9) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]'),
    "time_null" TEXT CONSTRAINT "piccolo:time:time_null" CHECK (substr("time_null", 1, 8) IS time(substr("time_null", 1, 8)) AND substr("time_null", 9) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]'),
    "timestamp" TEXT NOT NULL CONSTRAINT "piccolo:timestamp:timestamp" CHECK (substr("timestamp", 1, 19) IS datetime(substr("timestamp", 1, 19)) AND substr("timestamp", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "timestamp" >= '0001'),
    "timestamp_null" TEXT CONSTRAINT "piccolo:timestamp:timestamp_null" CHECK (substr("timestamp_null", 1, 19) IS datetime(substr("timestamp_null", 1, 19)) AND substr("timestamp_null", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "timestamp_null" >= '0001'),
    "timestamptz" TEXT NOT NULL CONSTRAINT "piccolo:timestamp:timestamptz" CHECK (substr("timestamptz", 1, 19) IS datetime(substr("timestamptz", 1, 19)) AND substr("timestamptz", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "timestamptz" >= '0001'),
    "timestamptz_null" TEXT CONSTRAINT "piccolo:timestamp:timestamptz_null" CHECK (substr("timestamptz_null", 1, 19) IS datetime(substr("timestamptz_null", 1, 19)) AND substr("timestamptz_null", 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND "timestamptz_null" >= '0001'),
    "interval" INTEGER NOT NULL,
    "interval_null" INTEGER,
    "uuid" BLOB NOT NULL CONSTRAINT "piccolo:uuid:uuid" CHECK (length("uuid") = 16),
    "uuid_null" BLOB CONSTRAINT "piccolo:uuid:uuid_null" CHECK (length("uuid_null") = 16),
    "json" TEXT NOT NULL CONSTRAINT "piccolo:json:json" CHECK (json_valid("json")),
    "json_null" TEXT CONSTRAINT "piccolo:json:json_null" CHECK (json_valid("json_null")),
    "bytea" BLOB NOT NULL,
    "bytea_null" BLOB,
    "mood" TEXT NOT NULL DEFAULT 'sad' CONSTRAINT "piccolo:enum:mood" CHECK ("mood" IN ('happy', 'in-between', 'sad')),
    "mood_null" TEXT CONSTRAINT "piccolo:enum:mood_null" CHECK ("mood_null" IN ('happy', 'in-between', 'sad'))
) STRICT;

INSERT INTO "_piccolo_new_plain" ("id", "varchar", "varchar_null", "text", "text_null", "small_int", "small_int_null", "integer", "integer_null", "big_int", "big_int_null", "real", "real_null", "double_precision", "double_precision_null", "numeric", "numeric_null", "boolean", "boolean_null", "date", "date_null", "time", "time_null", "timestamp", "timestamp_null", "timestamptz", "timestamptz_null", "interval", "interval_null", "uuid", "uuid_null", "json", "json_null", "bytea", "bytea_null", "mood", "mood_null")
SELECT "plain"."id", "plain"."varchar", "plain"."varchar_null", "plain"."text", "plain"."text_null", "plain"."small_int", "plain"."small_int_null", "plain"."integer", "plain"."integer_null", "plain"."big_int", "plain"."big_int_null", "plain"."real", "plain"."real_null", "plain"."double_precision", "plain"."double_precision_null", "plain"."numeric", "plain"."numeric_null", "plain"."boolean", "plain"."boolean_null", "plain"."date", "plain"."date_null", "plain"."time", "plain"."time_null", "plain"."timestamp", "plain"."timestamp_null", "plain"."timestamptz", "plain"."timestamptz_null", "plain"."interval", "plain"."interval_null", "plain"."uuid", "plain"."uuid_null", "plain"."json", "plain"."json_null", "plain"."bytea", "plain"."bytea_null", CASE "plain"."mood" WHEN 'angry' THEN 'sad' ELSE "plain"."mood" END, CASE "plain"."mood_null" WHEN 'angry' THEN 'sad' ELSE "plain"."mood_null" END
FROM "plain";

DROP TABLE "plain";

ALTER TABLE "_piccolo_new_plain" RENAME TO "plain";

-- Rebuild defaulted for the new values of its enum.
CREATE TABLE "_piccolo_new_defaulted" (
    "key" BLOB NOT NULL DEFAULT (unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || hex(randomblob(6)))) CONSTRAINT "piccolo:uuid:key" CHECK (length("key") = 16),
    "varchar" TEXT NOT NULL DEFAULT 'it''s' CONSTRAINT "piccolo:length:varchar" CHECK (length("varchar") <= 255),
    "text" TEXT NOT NULL DEFAULT '',
    "small_int" INTEGER NOT NULL DEFAULT -3 CONSTRAINT "piccolo:range:small_int" CHECK ("small_int" BETWEEN -32768 AND 32767),
    "integer" INTEGER NOT NULL DEFAULT 0 CONSTRAINT "piccolo:range:integer" CHECK ("integer" BETWEEN -2147483648 AND 2147483647),
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
    "bytea" BLOB NOT NULL DEFAULT X'00ff',
    "mood" TEXT NOT NULL DEFAULT 'in-between' CONSTRAINT "piccolo:enum:mood" CHECK ("mood" IN ('happy', 'in-between', 'sad')),
    "numbers" TEXT NOT NULL DEFAULT '[1,2,3]' CONSTRAINT "piccolo:array:numbers" CHECK (json_valid("numbers") AND "numbers" GLOB '[[]*'),
    "length_of_text" INTEGER NOT NULL DEFAULT (1 + 1) CONSTRAINT "piccolo:range:length_of_text" CHECK ("length_of_text" BETWEEN -2147483648 AND 2147483647),
    CONSTRAINT "defaulted_pkey" PRIMARY KEY ("key")
) STRICT;

INSERT INTO "_piccolo_new_defaulted" ("key", "varchar", "text", "small_int", "integer", "big_int", "real", "double_precision", "numeric", "boolean", "date", "today", "time", "timestamp", "timestamptz", "interval", "ordered", "fixed", "json", "bytea", "mood", "numbers", "length_of_text")
SELECT "defaulted"."key", "defaulted"."varchar", "defaulted"."text", "defaulted"."small_int", "defaulted"."integer", "defaulted"."big_int", "defaulted"."real", "defaulted"."double_precision", "defaulted"."numeric", "defaulted"."boolean", "defaulted"."date", "defaulted"."today", "defaulted"."time", "defaulted"."timestamp", "defaulted"."timestamptz", "defaulted"."interval", "defaulted"."ordered", "defaulted"."fixed", "defaulted"."json", "defaulted"."bytea", CASE "defaulted"."mood" WHEN 'angry' THEN 'sad' ELSE "defaulted"."mood" END, "defaulted"."numbers", "defaulted"."length_of_text"
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
SELECT "lists"."id", "lists"."varchars", "lists"."texts", "lists"."small_ints", "lists"."integers", "lists"."big_ints", "lists"."reals", "lists"."doubles", "lists"."numerics", "lists"."booleans", "lists"."dates", "lists"."times", "lists"."timestamps", "lists"."timestamptzs", "lists"."intervals", "lists"."uuids", "lists"."jsons", "lists"."byteas", CASE WHEN "lists"."moods" IS NOT NULL THEN (SELECT json_group_array(CASE e.value WHEN 'angry' THEN 'sad' ELSE e.value END) FROM json_each("lists"."moods") e) END, "lists"."texts_null"
FROM "lists";

DROP TABLE "lists";

ALTER TABLE "_piccolo_new_lists" RENAME TO "lists";

-- Drop table tally.
DROP TABLE "tally";
