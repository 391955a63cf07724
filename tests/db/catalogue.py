"""What Postgres' catalogue says of a database, as text that can be compared."""

from sqlalchemy import Connection, text

_PARTS = {
    "relations": """
        SELECT c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
               (SELECT array_agg(acl::text ORDER BY acl::text) FROM unnest(coalesce(
                   c.relacl, acldefault((CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", c.relowner)
               )) AS acl),
               obj_description(c.oid, 'pg_class')
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'S', 'i')""",
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               a.attgenerated, pg_get_expr(d.adbin, d.adrelid), coalesce(a.attacl::text, '{}'),
               col_description(c.oid, a.attnum)
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
    "functions": """
        SELECT proname, pg_get_functiondef(oid), obj_description(oid, 'pg_proc'),
               (SELECT array_agg(acl::text ORDER BY acl::text)
                FROM unnest(coalesce(proacl, acldefault('f', proowner))) AS acl)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
    "policies": """
        SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies""",
    "roles": """
        SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolbypassrls
        FROM pg_roles WHERE rolname LIKE 'goalkeeper%'""",
    "clock": 'SELECT "only", clock_offset, moved_at FROM business_clock',
}


Catalogue = dict[str, list[tuple[str, ...]]]
"""The rows of each part, in a fixed order."""


def dump(connection: Connection, *parts: str) -> Catalogue:
    """The rows of these parts of the catalogue (all of them unless named), in a fixed order."""
    return {part: _rows(connection, _PARTS[part]) for part in parts or _PARTS}


def _rows(connection: Connection, query: str) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in connection.execute(text(query)))
