SELECT
    nullif(n.nspname, current_schema())::text AS namespace,
    c.relname::text AS name,
    nullif(concat_ws(' ',
        CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' END,
        CASE WHEN c.relispartition THEN 'PARTITION OF ' || parents.names || ' ' || pg_get_expr(c.relpartbound, c.oid)
             ELSE 'INHERITS (' || parents.names || ')' END,
        'PARTITION BY ' || CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
        'WITH (' || array_to_string(c.reloptions, ', ') || ')',
        CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END,
        CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END
    ), '') AS options,
    obj_description(c.oid, 'pg_class') AS comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN LATERAL (
    SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno) AS names
    FROM pg_inherits i WHERE i.inhrelid = c.oid
) parents ON true
WHERE c.relkind IN ('r', 'p') AND {scope}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
