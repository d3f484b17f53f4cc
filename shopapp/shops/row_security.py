"""The database's own wall between shops, as migration operations.

The owner role migrates and is not bound by the policies; the application role owns nothing and
cannot bypass them. What a sweep over all shops may learn is a shop's id, through functions that
run with the owner's rights and return nothing else.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations

SHOP_FUNCTION = """
CREATE OR REPLACE FUNCTION rebasket_shop() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('rebasket.shop_id', true), '')::bigint $$
"""


def grant_to_application(apps: Any, schema_editor: Any) -> None:
    """Let the application role read and write (never own, never truncate) what the owner makes."""
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ):
        schema_editor.execute(statement)


def wall(*tables: str) -> list[migrations.RunSQL]:
    """Return the operations that wall these tables off by their ``shop_id``."""
    return [
        migrations.RunSQL(
            sql=f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
            f" CREATE POLICY one_shop ON {table}"
            " USING (shop_id = rebasket_shop()) WITH CHECK (shop_id = rebasket_shop());",
            reverse_sql=f"DROP POLICY one_shop ON {table};"
            f" ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
        )
        for table in tables
    ]


def due_shops_function(name: str, query: str) -> migrations.RunSQL:
    """Return the operation that makes ``name(at timestamptz)``: the ids of shops with due rows.

    ``query`` selects ``shop_id`` and may use ``at``; the function runs with the owner's rights.
    """
    return migrations.RunSQL(
        sql=f"CREATE FUNCTION {name}(at timestamptz) RETURNS SETOF bigint LANGUAGE sql STABLE"
        f" SECURITY DEFINER SET search_path = public AS $$ {query} $$;",
        reverse_sql=f"DROP FUNCTION {name}(timestamptz);",
    )
