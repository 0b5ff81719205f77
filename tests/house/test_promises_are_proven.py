"""The page of promises names tests, and each of them exists."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "promises-of-the-product.md"
TEST = re.compile(r"`(tests/[a-z0-9_/]+\.py)::(test_[a-z0-9_]+)`")
WITHOUT = ("  Not provable here: ", "  Not so: ")


def promises() -> list[str]:
    """Each promise with its lines."""
    found: list[str] = []
    for line in PAGE.read_text().splitlines():
        if line.startswith("- "):
            found.append(line)
        elif found and line.startswith("  "):
            found[-1] += "\n" + line
    return found


@cache
def names_in(path: str) -> frozenset[str]:
    """The names of a file's tests, those of classes included."""
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_promise_has_a_test_or_says_why_not() -> None:
    assert len(promises()) > 50
    bare = [p for p in promises() if not TEST.search(p) and not any(w in p for w in WITHOUT)]
    assert not bare


def test_no_promise_stands_twice() -> None:
    sentences = [promise.splitlines()[0] for promise in promises()]
    assert len(set(sentences)) == len(sentences)


def test_every_test_that_is_named_exists() -> None:
    named = TEST.findall(PAGE.read_text())
    assert PAGE.read_text().count("::test_") == len(named), "a test is named in another form"
    gone = [(path, name) for path, name in named if not (ROOT / path).exists()]
    assert not gone
    assert not [(path, name) for path, name in named if name not in names_in(path)]
