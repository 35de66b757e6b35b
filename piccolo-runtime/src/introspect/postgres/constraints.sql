SELECT
    nullif(n.nspname, current_schema())::text AS namespace,
    c.relname::text AS table_name,
    k.conname::text AS name,
    k.contype::text AS kind,
    own.names AS columns,
    nullif(tn.nspname, current_schema())::text AS target_namespace,
    t.relname::text AS target,
    targeted.names AS target_columns,
    k.confdeltype::text AS on_delete,
    k.confupdtype::text AS on_update,
    k.condeferrable AS deferrable,
    k.condeferred AS deferred,
    k.convalidated AS valid,
    CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid) ELSE definition.text END AS definition,
    nullif(concat_ws(' ',
        CASE WHEN k.contype IN ('p', 'u') THEN nullif(
            regexp_replace(definition.text, '( DEFERRABLE)?( INITIALLY DEFERRED)?$', ''),
            CASE k.contype WHEN 'p' THEN 'PRIMARY KEY (' ELSE 'UNIQUE (' END || own.list || ')') END,
        CASE k.confmatchtype WHEN 'f' THEN 'MATCH FULL' WHEN 'p' THEN 'MATCH PARTIAL' END,
        CASE k.contype WHEN 'f' THEN substring(definition.text FROM 'ON DELETE SET [A-Z]+ \([^)]*\)') END,
        CASE WHEN k.contype = 'c' AND k.connoinherit THEN 'NO INHERIT' END,
        CASE WHEN NOT (to_jsonb(k) ->> 'conenforced')::boolean THEN 'NOT ENFORCED' END
    ), '') AS options
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class t ON t.oid = k.confrelid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
CROSS JOIN LATERAL (SELECT pg_get_constraintdef(k.oid) AS text) definition
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(a.attname::text ORDER BY u.place), '{}') AS names,
        string_agg(quote_ident(a.attname), ', ' ORDER BY u.place) AS list
    FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number
) own
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(a.attname::text ORDER BY u.place), '{}') AS names
    FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
    JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number
) targeted
WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND {scope}
