SELECT 'entry' AS source, m.type AS kind, m.name AS name, m.tbl_name AS owner, m.sql AS text,
    0 AS position, 0 AS first_flag, 0 AS second_flag
FROM main.sqlite_schema AS m
WHERE m.sql IS NOT NULL AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'
UNION ALL
SELECT 'table', l.type, l.name, l.name, NULL, 0, l.wr, l.strict
FROM pragma_table_list AS l
WHERE l.schema = 'main' AND l.type <> 'view' AND l.name NOT LIKE 'sqlite\_%' ESCAPE '\'
UNION ALL
SELECT 'column', c.type, c.name, m.name, c.dflt_value, c.cid, c."notnull", c.hidden
FROM main.sqlite_schema AS m JOIN pragma_table_xinfo(m.name, 'main') AS c
WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND m.sql NOT LIKE 'CREATE VIRTUAL%'
