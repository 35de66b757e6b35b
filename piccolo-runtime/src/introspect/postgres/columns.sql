SELECT
    nullif(n.nspname, current_schema())::text AS namespace,
    c.relname::text AS table_name,
    a.attname::text AS name,
    format_type(a.atttypid, a.atttypmod) AS type,
    NOT a.attnotnull AS takes_null,
    pg_get_expr(d.adbin, d.adrelid) AS expression,
    a.attgenerated::text AS generated,
    a.attidentity::text AS identity,
    nullif(sn.nspname, current_schema())::text AS sequence_namespace,
    s.relname::text AS sequence,
    CASE WHEN pg_collation_is_visible(co.oid) THEN co.collname::text ELSE cn.nspname || '.' || co.collname END AS collation,
    col_description(c.oid, a.attnum) AS comment
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
LEFT JOIN pg_depend i ON a.attidentity <> '' AND i.deptype = 'i'
    AND i.refclassid = 'pg_class'::regclass AND i.refobjid = a.attrelid AND i.refobjsubid = a.attnum
    AND i.classid = 'pg_class'::regclass
LEFT JOIN pg_class s ON s.oid = i.objid
LEFT JOIN pg_namespace sn ON sn.oid = s.relnamespace
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {scope}
ORDER BY c.oid, a.attnum
