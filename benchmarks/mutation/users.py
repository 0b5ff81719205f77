"""Where a name is used: which lines a change outside of functions can be noticed on.

Invariant: a name is followed through the names made from it outside of functions, as a table made
from a constant, until nothing new comes. Words are compared, not meanings: two names spelled alike
count as one, which only makes more tests run.
"""

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.mutation.traced import Lines

Names = frozenset[str]


@dataclass
class Users:
    """By word: lines inside of functions, and names defined outside of them."""

    inside: dict[str, Lines] = field(default_factory=dict)
    outside: dict[str, set[str]] = field(default_factory=dict)

    def of(self, names: Collection[str]) -> tuple[Lines, set[str]]:
        """Lines that use the names, and all names whose meaning depends on them."""
        known: set[str] = set()
        new = set(names)
        while new - known:
            known |= new
            new = {n for name in known for n in self.outside.get(name, ())}
        return {line for name in known for line in self.inside.get(name, ())}, known


def users(texts: dict[Path, str], imported: Collection[tuple[str, int]]) -> Users:
    """Read from the files, each a text of Python; `imported` are lines that run at their import."""
    found = Users()
    for path, text in texts.items():
        for node, names in _parts(ast.parse(text).body, frozenset()):
            lines = {(str(path), n) for n in range(node.lineno, (node.end_lineno or 0) + 1)}
            at_import = not isinstance(node, ast.stmt) or not lines.isdisjoint(imported)
            for line, word in _words(node):
                if isinstance(node, ast.stmt):
                    found.inside.setdefault(word, set()).add((str(path), line))
                if at_import:
                    found.outside.setdefault(word, set()).update(names)
    return found


def _parts(body: Iterable[ast.stmt], around: Names) -> Iterator[tuple[ast.stmt | ast.expr, Names]]:
    """What uses names: statements inside of functions, and expressions outside of them; with the
    names defined there."""
    for node in body:
        match node:
            case ast.FunctionDef(name=name, args=args):
                given = (*args.defaults, *args.kw_defaults, *node.decorator_list)
                yield from ((one, around | {name}) for one in given if one is not None)
                yield from ((one, around | {name}) for one in node.body)
            case ast.ClassDef(name=name):
                yield from ((one, around | {name}) for one in node.bases)
                yield from _parts(node.body, around | {name})
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                made = (n for n in ast.walk(node) if isinstance(n, ast.Name))
                stored = {n.id for n in made if isinstance(n.ctx, ast.Store)}
                yield value, around | stored


def _words(node: ast.AST) -> Iterator[tuple[int, str]]:
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield one.lineno, one.id
        elif isinstance(one, ast.Attribute):
            yield one.lineno, one.attr
