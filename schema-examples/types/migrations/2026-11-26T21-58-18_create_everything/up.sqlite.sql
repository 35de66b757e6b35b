-- 2026-11-26T21-58-18_create_everything: up on sqlite.
-- piccolo: lossless
-- - add enum feeling
-- - add table plain
-- - add table defaulted
-- - add table obsolete
-- - add table keys
-- - add table refers
-- - add table elsewhere.counted
-- - add table tally
-- - add table called

-- piccolo: step
-- Change the tables.

-- Create table plain.
CREATE TABLE "plain" (
    "id" INTEGER NOT NULL CONSTRAINT "plain_pkey" PRIMARY KEY AUTOINCREMENT,
    "varchar" TEXT NOT NULL CONSTRAINT "piccolo:length:varchar" CHECK (length("varchar") <= 20),
    "gone" TEXT,
    "varchar_null" TEXT CONSTRAINT "piccolo:length:varchar_null" CHECK (length("varchar_null") <= 255),
    "text" TEXT NOT NULL,
    "text_null" TEXT NOT NULL,
    "small_int" INTEGER NOT NULL CONSTRAINT "piccolo:range:small_int" CHECK ("small_int" BETWEEN -32768 AND 32767),
    "small_int_null" INTEGER CONSTRAINT "piccolo:range:small_int_null" CHECK ("small_int_null" BETWEEN -32768 AND 32767),
    "integer" INTEGER NOT NULL CONSTRAINT "piccolo:range:integer" CHECK ("integer" BETWEEN -32768 AND 32767),
    "integer_null" INTEGER CONSTRAINT "piccolo:range:integer_null" CHECK ("integer_null" BETWEEN -2147483648 AND 2147483647),
    "big_int" INTEGER NOT NULL CONSTRAINT "piccolo:range:big_int" CHECK ("big_int" BETWEEN -2147483648 AND 2147483647),
    "big_int_null" INTEGER,
    "real" INTEGER NOT NULL CONSTRAINT "piccolo:range:real" CHECK ("real" BETWEEN -32768 AND 32767),
    "real_null" REAL,
    "double_precision" REAL NOT NULL,
    "double_precision_null" REAL,
    "numeric" REAL NOT NULL CONSTRAINT "piccolo:numeric:numeric" CHECK ("numeric" = round("numeric", 2) AND abs("numeric") < 100),
    "numeric_null" REAL CONSTRAINT "piccolo:numeric:numeric_null" CHECK ("numeric_null" = round("numeric_null", 6) AND abs("numeric_null") < 1000000000),
    "boolean" INTEGER NOT NULL CONSTRAINT "piccolo:boolean:boolean" CHECK ("boolean" IN (0, 1)),
    "boolean_null" INTEGER CONSTRAINT "piccolo:boolean:boolean_null" CHECK ("boolean_null" IN (0, 1)),
    "date" TEXT CONSTRAINT "piccolo:date:date" CHECK ("date" IS date("date") AND "date" >= '0001'),
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
    "bytea_null" BLOB
) STRICT;

-- Create table defaulted.
CREATE TABLE "defaulted" (
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

-- Create table obsolete.
CREATE TABLE "obsolete" (
    "id" INTEGER NOT NULL CONSTRAINT "obsolete_pkey" PRIMARY KEY AUTOINCREMENT,
    "reason" TEXT NOT NULL
) STRICT;

-- Create table keys.
CREATE TABLE "keys" (
    "left" INT NOT NULL CONSTRAINT "piccolo:range:left" CHECK ("left" BETWEEN -2147483648 AND 2147483647),
    "right" TEXT NOT NULL CONSTRAINT "piccolo:length:right" CHECK (length("right") <= 10),
    "secret" TEXT NOT NULL,
    "small" INTEGER CONSTRAINT "piccolo:range:small" CHECK ("small" BETWEEN -2147483648 AND 2147483647) CONSTRAINT "keys_small_fkey" REFERENCES "tally" ("id"),
    "parent" BLOB CONSTRAINT "piccolo:uuid:parent" CHECK (length("parent") = 16) CONSTRAINT "keys_parent_fkey" REFERENCES "defaulted" ("key"),
    "by_name" TEXT NOT NULL CONSTRAINT "piccolo:length:by_name" CHECK (length("by_name") <= 30) CONSTRAINT "keys_by_name_fkey" REFERENCES "called" ("name"),
    CONSTRAINT "keys_pkey" PRIMARY KEY ("left")
) STRICT;

-- Create table refers.
CREATE TABLE "refers" (
    "id" INTEGER NOT NULL CONSTRAINT "refers_pkey" PRIMARY KEY AUTOINCREMENT,
    "left" INTEGER NOT NULL CONSTRAINT "piccolo:range:left" CHECK ("left" BETWEEN -2147483648 AND 2147483647),
    "right" TEXT NOT NULL CONSTRAINT "piccolo:length:right" CHECK (length("right") <= 10),
    "ancestor" INTEGER CONSTRAINT "refers_ancestor_fkey" REFERENCES "refers" ("id"),
    CONSTRAINT "refers_20c2fa2e_check" CHECK ("left" <> 1)
) STRICT;

-- Create table elsewhere.counted.
CREATE TABLE "counted" (
    "id" INTEGER NOT NULL CONSTRAINT "counted_pkey" PRIMARY KEY AUTOINCREMENT CONSTRAINT "piccolo:range:id" CHECK ("id" BETWEEN -2147483648 AND 2147483647)
) STRICT;

-- Create table tally.
CREATE TABLE "tally" (
    "id" INTEGER NOT NULL CONSTRAINT "tally_pkey" PRIMARY KEY AUTOINCREMENT CONSTRAINT "piccolo:range:id" CHECK ("id" BETWEEN -2147483648 AND 2147483647)
) STRICT;

-- Create table called.
CREATE TABLE "called" (
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 30),
    "nickname" TEXT,
    CONSTRAINT "called_pkey" PRIMARY KEY ("name")
) STRICT;

-- Create index keys_right_f568be2c_idx.
CREATE INDEX "keys_right_f568be2c_idx" ON "keys" ("right", (lower("right")));
