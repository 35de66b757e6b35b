-- 2026-11-26T21-58-48_key_by_two_columns: down on sqlite.
-- piccolo: lossless

-- piccolo: step rebuild "keys" rebuild "refers" rebuild "named"
-- Change the tables.

-- Drop index keys_right_f568be2c_idx.
DROP INDEX "keys_right_f568be2c_idx";

-- Rebuild keys: change the primary key of keys to (left); drop unique keys.keys_left_secret_key; drop index keys.keys_right_f568be2c_idx; add index keys.keys_right_f568be2c_idx.
CREATE TABLE "_piccolo_new_keys" (
    "left" INT NOT NULL CONSTRAINT "piccolo:range:left" CHECK ("left" BETWEEN -2147483648 AND 2147483647),
    "right" TEXT NOT NULL CONSTRAINT "piccolo:length:right" CHECK (length("right") <= 10),
    "secret" TEXT NOT NULL,
    "small" INTEGER CONSTRAINT "piccolo:range:small" CHECK ("small" BETWEEN -2147483648 AND 2147483647) CONSTRAINT "keys_small_fkey" REFERENCES "counted" ("id"),
    "parent" BLOB CONSTRAINT "piccolo:uuid:parent" CHECK (length("parent") = 16) CONSTRAINT "keys_parent_fkey" REFERENCES "defaulted" ("key") ON DELETE CASCADE,
    "by_name" TEXT NOT NULL CONSTRAINT "piccolo:length:by_name" CHECK (length("by_name") <= 30) CONSTRAINT "keys_by_name_fkey" REFERENCES "named" ("name") ON UPDATE CASCADE,
    CONSTRAINT "keys_pkey" PRIMARY KEY ("left")
) STRICT;

INSERT INTO "_piccolo_new_keys" ("left", "right", "secret", "small", "parent", "by_name")
SELECT "keys"."left", "keys"."right", "keys"."secret", "keys"."small", "keys"."parent", "keys"."by_name"
FROM "keys";

DROP TABLE "keys";

ALTER TABLE "_piccolo_new_keys" RENAME TO "keys";

-- Rebuild refers: drop check refers.refers_1bedf1f2_check; add check refers.refers_20c2fa2e_check; drop foreign key refers.refers_left_right_fkey.
CREATE TABLE "_piccolo_new_refers" (
    "id" INTEGER NOT NULL CONSTRAINT "refers_pkey" PRIMARY KEY AUTOINCREMENT,
    "left" INTEGER NOT NULL CONSTRAINT "piccolo:range:left" CHECK ("left" BETWEEN -2147483648 AND 2147483647),
    "right" TEXT NOT NULL CONSTRAINT "piccolo:length:right" CHECK (length("right") <= 10),
    "parent" INTEGER CONSTRAINT "refers_parent_fkey" REFERENCES "refers" ("id"),
    CONSTRAINT "refers_20c2fa2e_check" CHECK ("left" <> 1)
) STRICT;

INSERT INTO "_piccolo_new_refers" ("id", "left", "right", "parent")
SELECT "refers"."id", "refers"."left", "refers"."right", "refers"."parent"
FROM "refers";

DROP TABLE "refers";

ALTER TABLE "_piccolo_new_refers" RENAME TO "refers";

-- Rebuild named: drop unique named.named_nickname_key.
CREATE TABLE "_piccolo_new_named" (
    "name" TEXT NOT NULL CONSTRAINT "piccolo:length:name" CHECK (length("name") <= 30),
    "nickname" TEXT,
    CONSTRAINT "named_pkey" PRIMARY KEY ("name")
) STRICT;

INSERT INTO "_piccolo_new_named" ("name", "nickname")
SELECT "named"."name", "named"."nickname"
FROM "named";

DROP TABLE "named";

ALTER TABLE "_piccolo_new_named" RENAME TO "named";

-- Create index keys_right_f568be2c_idx.
CREATE INDEX "keys_right_f568be2c_idx" ON "keys" ("right", (lower("right")));
