SELECT
    nullif(n.nspname, current_schema())::text AS namespace,
    c.relname::text AS table_name,
    ic.relname::text AS name,
    i.indisunique AS is_unique,
    am.amname::text AS method,
    pg_get_indexdef(i.indexrelid) AS definition,
    keys.texts AS keys,
    keys.columns AS key_columns,
    included.columns AS included,
    pg_get_expr(i.indpred, i.indrelid) AS predicate,
    i.indisvalid AND i.indisready AS valid,
    nullif(concat_ws(' ',
        CASE WHEN (to_jsonb(i) ->> 'indnullsnotdistinct')::boolean THEN 'NULLS NOT DISTINCT' END,
        'WITH (' || array_to_string(ic.reloptions, ', ') || ')'
    ), '') AS options
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_am am ON am.oid = ic.relam
CROSS JOIN LATERAL (
    SELECT array_agg(pg_get_indexdef(i.indexrelid, place, false) ORDER BY place) AS texts,
        array_agg(coalesce(a.attname::text, '') ORDER BY place) AS columns
    FROM generate_series(1, i.indnkeyatts) AS place
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[place - 1] AND a.attnum <> 0
) keys
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(a.attname::text ORDER BY place), '{}') AS columns
    FROM generate_series(i.indnkeyatts + 1, i.indnatts) AS place
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[place - 1]
) included
WHERE c.relkind IN ('r', 'p') AND {scope}
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
