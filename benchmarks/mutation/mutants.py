"""The mutants of one source file: every small change that its tests ought to notice.

Invariant: the same text gives the same mutants in the same order. Not changed: docstrings,
annotations, imports, decorators, type makers, `__slots__`, and what only states what a programmer
can break: asserts and `strict=` of `zip`.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
}
LEFT_ALONE = (ast.Import, ast.ImportFrom, ast.Assert)
UNSEEN = {"annotation", "returns", "decorator_list", "bases"}
TYPE_MAKERS = {"TypeVar", "NewType", "ParamSpec"}


@dataclass(frozen=True)
class Mutant:
    """One change. `function` is the outermost function, empty when the change lies outside of the
    bodies of functions; `names` are then the names whose meaning changes."""

    module: str
    function: str
    lines: range
    line: int
    original: str
    mutant: str
    names: frozenset[str]
    change: Callable[[], None]
    """Makes the change in the file's tree; there is no way back."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is, whatever line it has moved to."""
        return self.module, self.function, self.original, self.mutant


@dataclass(frozen=True)
class Place:
    """Where the walk is: the outermost function, the names defined around, and the statement."""

    module: str
    source: list[str]
    function: str = ""
    scope: str = ""
    names: frozenset[str] = frozenset()
    lines: range = range(0)
    text: ast.AST | None = None


def mutants(module: str, source: str) -> tuple[ast.Module, list[Mutant]]:
    """The tree of a file and its mutants; changing one changes that tree."""
    tree = ast.parse(source)
    return tree, list(_walk(tree, Place(module, source.splitlines())))


def _walk(node: ast.AST, place: Place) -> Iterator[Mutant]:
    for field, value in ast.iter_fields(node):
        if field in UNSEEN or (isinstance(node, ast.ClassDef) and field == "keywords"):
            continue
        slots = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for index, child in slots:
            if isinstance(child, ast.AST) and not _left_alone(child):
                inside = _enter(node, field, child, place)
                for new in _changes(field, child, inside):
                    yield _mutant(node, field, index, child, new, inside)
                yield from _walk(child, inside)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, LEFT_ALONE) or (isinstance(node, ast.Expr) and _is_text(node.value)):
        return True
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return True
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        made = node.value.func if isinstance(node.value, ast.Call) else None
        return node.targets[0].id.startswith("__") or getattr(made, "id", "") in TYPE_MAKERS
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _enter(parent: ast.AST, field: str, node: ast.AST, place: Place) -> Place:
    """The place of `node`, seen from its parent's."""
    changed = dict(vars(place))
    if isinstance(parent, ast.FunctionDef) and field == "body" and not place.function:
        changed |= {"function": place.scope}
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and not place.function:
        changed["names"] = place.names | {node.name}
        changed["scope"] = f"{place.scope}.{node.name}".removeprefix(".")
    elif isinstance(node, ast.Assign | ast.AnnAssign) and not place.function:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        found = {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
        changed["names"] = place.names | found
    if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
        changed["lines"] = _own_lines(node)
    if isinstance(node, ast.JoinedStr) and place.text is None:
        changed["text"] = node
    return Place(**changed)


def _own_lines(node: ast.AST) -> range:
    """The lines of a statement, without those of the block it opens."""
    first = getattr(node, "lineno", 0) or node.pattern.lineno  # type: ignore[attr-defined]
    body = getattr(node, "body", None)
    last = body[0].lineno - 1 if isinstance(body, list) else node.end_lineno  # type: ignore[attr-defined]
    return range(first, max(first, last) + 1)


def _changes(field: str, node: ast.AST, place: Place) -> Iterator[ast.AST]:
    """What may stand in the place of `node`."""
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BinOp(op=op) if type(op) in OPERATORS:
            if place.function or not isinstance(op, ast.BitOr):
                yield ast.BinOp(node.left, OPERATORS[type(op)](), node.right)
        case ast.AugAssign(op=op) if type(op) in OPERATORS:
            yield ast.AugAssign(node.target, OPERATORS[type(op)](), node.value)
        case ast.BoolOp(op=op):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case ast.Constant():
            yield from _constants(node)
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
    if field in ("test", "ifs") and isinstance(node, ast.Name | ast.Attribute | ast.Call):
        yield ast.UnaryOp(ast.Not(), node)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for i, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            ops = [*node.ops[:i], other(), *node.ops[i + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant(f"XX{value}")
    elif isinstance(value, bytes):
        yield ast.Constant(b"XX" + value)


def _mutant(
    parent: ast.AST, field: str, index: int | None, old: ast.AST, new: ast.AST, place: Place
) -> Mutant:
    def change() -> None:
        ast.copy_location(new, old)
        ast.fix_missing_locations(new)
        if index is None:
            setattr(parent, field, new)
        else:
            getattr(parent, field)[index] = new

    line, original, mutated = _shown(old, new, place)
    names = frozenset() if place.function else place.names
    return Mutant(place.module, place.function, place.lines, line, original, mutated, names, change)


def _shown(old: ast.AST, new: ast.AST, place: Place) -> tuple[int, str, str]:
    """The line, its text, and the text it becomes; lines of one change are joined."""
    shown = place.text if place.text is not None else old
    line, end = shown.lineno, shown.end_lineno  # type: ignore[attr-defined]
    texts = place.source[line - 1 : end]
    original = " ".join(text.strip() for text in texts)
    if place.text is not None:
        return line, original, f"{ast.unparse(old)} -> {ast.unparse(new)} in {original}"
    head = texts[0].encode()[: old.col_offset].decode()  # type: ignore[attr-defined]
    tail = texts[-1].encode()[old.end_col_offset :].decode()  # type: ignore[attr-defined]
    return line, original, f"{head}{ast.unparse(new)}{tail}".strip()
