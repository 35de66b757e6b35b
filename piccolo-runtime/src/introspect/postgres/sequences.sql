SELECT
    nullif(n.nspname, current_schema())::text AS namespace,
    s.relname::text AS name,
    owner.name AS owner
FROM pg_class s
JOIN pg_namespace n ON n.oid = s.relnamespace
LEFT JOIN LATERAL (
    SELECT t.relname || '.' || a.attname AS name
    FROM pg_depend d
    JOIN pg_class t ON t.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
) owner ON true
WHERE s.relkind = 'S' AND {scope}
    AND NOT EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.deptype IN ('e', 'i')
    )
