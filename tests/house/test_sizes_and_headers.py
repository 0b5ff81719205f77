"""The tidy test: sizes, headers, and habits that a reader relies on."""

import ast
from pathlib import Path
from statistics import median

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "well"
FILES = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
FILE_LINES_MAX, FILE_LINES_MEDIAN = 500, 120
FUNCTION_LINES_MAX, FUNCTION_LINES_MEDIAN = 60, 10
EDGES = {"worker/run.py", "worker/engine.py", "worker/returned.py", "web/errors.py", "cli/main.py"}
"""The only places that may catch any exception: worker loop, request handler, command line."""


def _functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


TREES = {path: ast.parse(path.read_text()) for path in FILES}


def test_no_file_is_over_its_limit_and_the_median_is_small() -> None:
    lines = {path: len(path.read_text().splitlines()) for path in FILES}
    assert not {str(p): n for p, n in lines.items() if n > FILE_LINES_MAX}
    assert median(n for n in lines.values() if n > 3) <= FILE_LINES_MEDIAN


def test_no_function_is_over_its_limit_and_the_median_is_small() -> None:
    lengths = {
        f"{path.relative_to(SOURCE)}:{node.name}": _length(node)
        for path, tree in TREES.items()
        for node in _functions(tree)
    }
    assert not {name: n for name, n in lengths.items() if n > FUNCTION_LINES_MAX}
    assert median(lengths.values()) <= FUNCTION_LINES_MEDIAN


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_says_what_it_is(path: Path) -> None:
    header = ast.get_docstring(TREES[path])
    assert header, f"{path.relative_to(SOURCE)} has no header"
    assert len(header.splitlines()[0]) > 20, "one line of what it is"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_of_ourselves_are_not_hidden_in_functions(path: Path) -> None:
    hidden = [
        node.lineno
        for function in _functions(TREES[path])
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("well")
    ]
    assert not hidden


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_any_exception_is_caught_only_at_the_edges(path: Path) -> None:
    if str(path.relative_to(SOURCE)) in EDGES:
        return
    broad = [
        node.lineno
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]
    assert not broad


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_clock_and_chance_come_through_ports(path: Path) -> None:
    if path.parts[len(SOURCE.parts)] in ("sandbox", "cli") or path.name == "clock.py":
        return
    found = [
        f"{node.lineno}: {node.func.attr}"
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("utcnow", "today", "now")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("datetime", "date", "timezone")
    ]
    assert not found
