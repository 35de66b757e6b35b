-- 2026-11-26T21-58-44_point_elsewhere: up on sqlite.
-- piccolo: lossless
-- - drop foreign key keys.keys_small_fkey
-- - drop foreign key keys.keys_parent_fkey
-- - drop foreign key keys.keys_by_name_fkey
-- - add foreign key keys.keys_small_fkey
-- - add foreign key keys.keys_parent_fkey
-- - add foreign key keys.keys_by_name_fkey

-- piccolo: step rebuild "keys"
-- Change the tables.

-- Rebuild keys: drop foreign key keys.keys_small_fkey; drop foreign key keys.keys_parent_fkey; drop foreign key keys.keys_by_name_fkey; add foreign key keys.keys_small_fkey; add foreign key keys.keys_parent_fkey; add foreign key keys.keys_by_name_fkey.
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

-- Create index keys_right_f568be2c_idx.
CREATE INDEX "keys_right_f568be2c_idx" ON "keys" ("right", (lower("right")));
