"""Nobody reaches tenant rows but through the one door that names the workspace.

Django's managers, database choices, cursors and raw SQL are refused by name in all of the source;
two doors are known: `storage/scope.py` for tenant rows, and the accounts' own control tables.
"""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "well"
DOOR = "storage/scope.py"
CONTROL = "accounts/"
"""Its tables are in the control database and belong to no workspace."""

PDF_OBJECTS = {"documents/checking/pdf_a.py"}
"""Files whose `.objects` are those of a PDF; the layers keep them from the database anyway."""

MANAGERS = {
    "_default_manager",
    "_base_manager",
    "objects",
}
CALLED = {"using", "raw", "extra", "cursor", "executemany", "executescript"}
"""Plain words elsewhere, but ways around the door when called."""
RAW = {"RawSQL", "connection", "sqlite3", "psycopg"}
MAY_SPEAK_SQL = {"storage/row_security.py"}


def _files() -> list[Path]:
    """All of the product; stand-ins keep books of their own and cannot import it."""
    found = sorted(SOURCE.rglob("*.py"))
    return [p for p in found if p.relative_to(SOURCE).parts[0] != "sandbox"]


def _reaches_a_database(tree: ast.AST) -> bool:
    modules = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
    ]
    return any(name.startswith(("django", "well.storage", "well.accounts")) for name in modules)


def offences(name: str, tree: ast.AST) -> list[str]:
    """What in `tree` goes around the door, for the file `name`."""
    if name == DOOR or name in MAY_SPEAK_SQL or "migrations" in Path(name).parts:
        return []
    plain = name.startswith(CONTROL) or name in PDF_OBJECTS
    managers = MANAGERS - ({"objects"} if plain else set())
    called = CALLED if _reaches_a_database(tree) else set()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in managers:
            found.append(f"{name}:{node.lineno} .{node.attr}")
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in called:
            found.append(f"{name}:{node.lineno} .{ast.unparse(node.func)}()")
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db"):
            names = {alias.name for alias in node.names} & RAW
            found += [f"{name}:{node.lineno} imports {word}" for word in sorted(names)]
        if isinstance(node, ast.Import):
            names = {alias.name.split(".")[0] for alias in node.names} & RAW
            found += [f"{name}:{node.lineno} imports {word}" for word in sorted(names)]
    return found


@pytest.mark.parametrize("path", _files(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_query_goes_around_the_door(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    assert offences(name, ast.parse(path.read_text())) == []


@pytest.mark.parametrize(
    "line",
    [
        "CaseRow.objects.all()",
        "CaseRow._default_manager.filter(id=1)",
        "CaseRow._base_manager.count()",
        "import django; found.using('eu')",
        "from django.db import connections; connections['eu'].cursor()",
        "from well.storage.scope import rows; found.raw('select 1')",
        "from well.storage.scope import rows; found.extra(where=['1=1'])",
        "from django.db import connection",
        "from django.db.models.expressions import RawSQL",
        "import sqlite3",
    ],
)
def test_each_way_around_is_seen(line: str) -> None:
    assert offences("web/pages/queue.py", ast.parse(line))


def test_accounts_may_use_the_managers_of_their_own_tables_only() -> None:
    assert offences("accounts/workspaces.py", ast.parse("Workspace.objects.all()")) == []
    cursor = "from django.db import connections; connections['eu'].cursor()"
    assert offences("accounts/workspaces.py", ast.parse(cursor))
    imports = [
        node.module or ""
        for path in (SOURCE / "accounts").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
    ]
    assert not [module for module in imports if module.startswith("well.storage")]
