-- Which namespaces are meant is asked first: the definitions of the thousands of functions that every database has take long to write.
WITH space AS (SELECT n.oid, n.nspname FROM pg_namespace n WHERE {scope})
SELECT
    o.kind,
    nullif(n.nspname, current_schema())::text AS namespace,
    o.name,
    nullif(tn.nspname, current_schema())::text AS table_namespace,
    o.table_name,
    o.definition
FROM (
    SELECT CASE v.relkind WHEN 'v' THEN 'view' ELSE 'materialized-view' END AS kind, v.relnamespace AS namespace,
        v.relname::text AS name, NULL::oid AS table_namespace, NULL::text AS table_name,
        pg_get_viewdef(v.oid) AS definition, 'pg_class'::regclass AS class, v.oid AS object
    FROM pg_class v WHERE v.relkind IN ('v', 'm') AND v.relnamespace IN (SELECT oid FROM space)
    UNION ALL
    SELECT 'foreign-table', f.relnamespace, f.relname::text, NULL, NULL, 'SERVER ' || s.srvname, 'pg_class'::regclass, f.oid
    FROM pg_class f JOIN pg_foreign_table ft ON ft.ftrelid = f.oid JOIN pg_foreign_server s ON s.oid = ft.ftserver
    UNION ALL
    SELECT 'trigger', c.relnamespace, t.tgname::text, c.relnamespace, c.relname::text,
        pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' (enabled: ' || t.tgenabled::text || ')' END,
        'pg_trigger'::regclass, t.oid
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgparentid = 0
        AND c.relnamespace IN (SELECT oid FROM space)
    UNION ALL
    SELECT 'rule', c.relnamespace, r.rulename::text, c.relnamespace, c.relname::text, pg_get_ruledef(r.oid),
        'pg_rewrite'::regclass, r.oid
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE r.rulename <> '_RETURN' AND c.relnamespace IN (SELECT oid FROM space)
    UNION ALL
    SELECT 'policy', c.relnamespace, p.polname::text, c.relnamespace, c.relname::text,
        concat_ws(' ', CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END, 'FOR ' || p.polcmd::text,
            'TO ' || ARRAY(SELECT CASE r WHEN 0 THEN 'public' ELSE pg_get_userbyid(r)::text END FROM unnest(p.polroles) r)::text,
            'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
            'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'),
        'pg_policy'::regclass, p.oid
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    UNION ALL
    SELECT 'function', f.pronamespace, f.proname || '(' || pg_get_function_identity_arguments(f.oid) || ')', NULL, NULL,
        CASE f.prokind WHEN 'a' THEN 'aggregate' ELSE pg_get_functiondef(f.oid) END, 'pg_proc'::regclass, f.oid
    FROM pg_proc f WHERE f.pronamespace IN (SELECT oid FROM space)
    UNION ALL
    SELECT 'domain', t.typnamespace, t.typname::text, NULL, NULL,
        concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'NOT NULL' END,
            'DEFAULT ' || t.typdefault,
            (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.conname) FROM pg_constraint k
             WHERE k.contypid = t.oid AND k.contype = 'c')),
        'pg_type'::regclass, t.oid
    FROM pg_type t WHERE t.typtype = 'd' AND t.typnamespace IN (SELECT oid FROM space)
    UNION ALL
    SELECT 'composite-type', c.relnamespace, c.relname::text, NULL, NULL,
        (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
         FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped),
        'pg_type'::regclass, c.reltype
    FROM pg_class c WHERE c.relkind = 'c' AND c.relnamespace IN (SELECT oid FROM space)
    UNION ALL
    SELECT 'extension', e.extnamespace, e.extname::text, NULL, NULL, '', 'pg_extension'::regclass, e.oid
    FROM pg_extension e
) o
JOIN space n ON n.oid = o.namespace
LEFT JOIN pg_namespace tn ON tn.oid = o.table_namespace
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.object AND d.deptype = 'e')
