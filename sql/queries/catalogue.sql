-- The schema as PostgreSQL's catalogue knows it, for sql/schema.sql and the data dictionary.

-- name: catalogue_schemas
-- Our schemas.
SELECT n.nspname AS name, obj_description(n.oid, 'pg_namespace') AS comment
FROM pg_namespace AS n
WHERE n.nspname IN ('news', 'deal', 'alert', 'ops', 'analytics')
ORDER BY array_position(ARRAY['news', 'deal', 'alert', 'ops', 'analytics'], n.nspname::text);

-- name: catalogue_relations
-- Our tables and views.
SELECT c.relnamespace::regnamespace::text AS schema_name, c.relname AS name, c.relkind = 'v' AS is_view,
    obj_description(c.oid, 'pg_class') AS comment
FROM pg_class AS c
WHERE c.relkind IN ('r', 'v') AND c.relnamespace::regnamespace::text IN ('news', 'deal', 'alert', 'ops', 'analytics')
ORDER BY 1, 2;

-- name: catalogue_columns
-- The columns of our tables and views.
SELECT c.relnamespace::regnamespace::text AS schema_name, c.relname AS relation, a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required, a.attidentity <> '' AS numbered, a.attgenerated <> '' AS generated,
    pg_get_expr(d.adbin, d.adrelid) AS default_value, col_description(c.oid, a.attnum) AS comment
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relkind IN ('r', 'v') AND c.relnamespace::regnamespace::text IN ('news', 'deal', 'alert', 'ops', 'analytics')
ORDER BY 1, 2, a.attnum;

-- name: catalogue_constraints
-- What our tables do not allow.
SELECT c.relnamespace::regnamespace::text AS schema_name, c.relname AS relation, k.conname AS name,
    pg_get_constraintdef(k.oid) AS definition
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
WHERE c.relnamespace::regnamespace::text IN ('news', 'deal', 'alert', 'ops') AND k.contype IN ('p', 'u', 'f', 'c')
ORDER BY 1, 2, array_position(ARRAY['p', 'u', 'f', 'c'], k.contype::text), 3;

-- name: catalogue_indexes
-- Indexes that no constraint made.
SELECT c.relnamespace::regnamespace::text AS schema_name, c.relname AS relation, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indrelid
WHERE c.relnamespace::regnamespace::text IN ('news', 'deal', 'alert', 'ops')
    AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)
ORDER BY 1, 2, 3;

-- name: catalogue_functions
-- Our functions.
SELECT p.pronamespace::regnamespace::text AS schema_name, p.proname AS name, pg_get_function_arguments(p.oid) AS arguments,
    pg_get_function_result(p.oid) AS result, obj_description(p.oid, 'pg_proc') AS comment
FROM pg_proc AS p
WHERE p.pronamespace::regnamespace::text IN ('news', 'deal', 'alert', 'ops', 'analytics')
ORDER BY 1, 2;
