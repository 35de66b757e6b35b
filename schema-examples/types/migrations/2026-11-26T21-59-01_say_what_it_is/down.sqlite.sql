-- 2026-11-26T21-59-01_say_what_it_is: down on sqlite.
-- piccolo: lossless

-- piccolo: step rebuild "plain"
-- Change the tables.

-- Rebuild plain: change the comment of table plain; change column plain.mood: to have a default.
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
SELECT "plain"."id", "plain"."varchar", "plain"."varchar_null", "plain"."text", "plain"."text_null", "plain"."small_int", "plain"."small_int_null", "plain"."integer", "plain"."integer_null", "plain"."big_int", "plain"."big_int_null", "plain"."real", "plain"."real_null", "plain"."double_precision", "plain"."double_precision_null", "plain"."numeric", "plain"."numeric_null", "plain"."boolean", "plain"."boolean_null", "plain"."date", "plain"."date_null", "plain"."time", "plain"."time_null", "plain"."timestamp", "plain"."timestamp_null", "plain"."timestamptz", "plain"."timestamptz_null", "plain"."interval", "plain"."interval_null", "plain"."uuid", "plain"."uuid_null", "plain"."json", "plain"."json_null", "plain"."bytea", "plain"."bytea_null", "plain"."mood", "plain"."mood_null"
FROM "plain";

DROP TABLE "plain";

ALTER TABLE "_piccolo_new_plain" RENAME TO "plain";
