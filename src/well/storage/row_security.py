"""Row security on PostgreSQL: the second wall between workspaces.

Invariant: on every tenant table, reads and writes reach only rows of the workspace named by
`well.workspace` in the current transaction; unset, they reach none, the table's owner included.
The application's role must be neither superuser nor BYPASSRLS: both pass through it. SQLite has
no such wall; there the first one (`scope.rows`) and the per-workspace keys stand alone.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Model

SETTING = "well.workspace"
POLICY = "own_workspace"


def is_tenant(model: type[Model]) -> bool:
    """Whether a model's rows belong to a workspace."""
    return any(field.name == "workspace_id" for field in model._meta.concrete_fields)


def enable(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the wall before every tenant table there is; again is harmless. For RunPython."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for model in apps.get_app_config("storage").get_models():
        if is_tenant(model):
            for statement in _statements(schema_editor.quote_name(model._meta.db_table)):
                schema_editor.execute(statement)


def _statements(table: str) -> list[str]:
    own = f"workspace_id = current_setting('{SETTING}', true)"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS {POLICY} ON {table}",
        f"CREATE POLICY {POLICY} ON {table} USING ({own}) WITH CHECK ({own})",
    ]


def keep(_apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Going back leaves the wall where it stands; it goes with its table."""
