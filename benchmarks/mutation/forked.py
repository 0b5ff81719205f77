"""One mutant tried in a forked process that already has every test ready to run.

Invariant: the parent's modules stay as they were. A change inside a function exchanges the code of
the living function; any other one imports the modules and tests anew from the changed tree. A
mutant is noticed when a test fails, when it is not done in its time, or when it cannot be imported.
"""

import ast
import gc
import importlib.abc
import importlib.util
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

MEMORY_MAX = 6 << 30
PURGED = ("well.matching", "well.policy", "builders", "tests.unit", "unit.")
QUIET = (
    "-p",
    "no:terminal",
    "-p",
    "no:xdist",
    "-W",
    "ignore:Module already imported",
    "-o",
    "addopts=--strict-markers --import-mode=importlib",
)
Functions = dict[tuple[str, str, int], list[FunctionType]]
"""Living functions by file, qualified name and first line."""


def living(folders: tuple[str, ...]) -> Functions:
    """Every function of the files, also those that other functions made when they were imported."""
    found: Functions = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(folders):
            found.setdefault(_key(one.__code__), []).append(one)
    return found


def answer(work: Callable[[], Any], seconds: float) -> Any:
    """What `work` gives in a forked process; None when it is killed on the way, as it is when it
    takes more than so many seconds of the processor."""
    sys.stdout.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        with open(os.devnull, "w") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        try:
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(work(), pipe)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        given = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(given) if given else None  # noqa: S301


def limit_memory() -> None:
    """A mutant that asks for all memory fails instead of taking the machine with it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))


class Failures:
    """A plugin that counts what failed."""

    def __init__(self, order: Sequence[str] = ()) -> None:
        self.failed: list[str] = []
        self.place = {name: i for i, name in enumerate(order)}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called by pytest after each phase of a test."""
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Only the tests wanted, quickest first."""
        wanted = [item for item in items if item.nodeid in self.place]
        items[:] = sorted(wanted, key=lambda item: self.place[item.nodeid])


def exchange(tree: ast.Module, file: str, function: str, functions: Functions) -> None:
    """Give the living functions the code of the changed tree: the one changed and those in it."""
    for code in _codes(compile(tree, file, "exec", dont_inherit=True)):
        if f"{code.co_qualname}.".startswith(f"{function}."):
            for one in functions.get(_key(code), []):
                if one.__code__.co_freevars == code.co_freevars:
                    one.__code__ = code


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> list[CodeType]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return [code, *(deep for one in inner for deep in _codes(one))]


def fails(items: Sequence[pytest.Item]) -> bool:
    """Whether a test fails; stops at the first that does."""
    failures = Failures()
    items[0].config.pluginmanager.register(failures)
    for item, after in zip(items, [*items[1:], None], strict=True):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
        if failures.failed:
            return True
    return False


class FromTree(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module in a tree instead of its file."""

    def __init__(self, name: str, file: str, tree: ast.Module) -> None:
        self.name, self.file, self.tree = name, file, tree

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        """The module that is changed, none other."""
        if name != self.name:
            return None
        package = [os.path.dirname(self.file)] if self.file.endswith("__init__.py") else None  # noqa: PTH120
        spec = importlib.util.spec_from_file_location(
            name, self.file, loader=self, submodule_search_locations=package
        )
        assert spec is not None
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed tree."""
        exec(compile(self.tree, self.file, "exec", dont_inherit=True), module.__dict__)  # noqa: S102


def fails_anew(name: str, file: str, tree: ast.Module, order: Sequence[str]) -> bool:
    """Whether a test fails after everything is imported anew with the changed tree."""
    for one in [n for n in sys.modules if n.startswith(PURGED)]:
        del sys.modules[one]
    importlib.invalidate_caches()
    sys.meta_path.insert(0, FromTree(name, file, tree))
    failures = Failures(order)
    files = sorted({one.split("::")[0] for one in order})
    quiet = ["-x", "-p", "no:cacheprovider", *QUIET]
    return pytest.main([*quiet, *files], plugins=[failures]) != pytest.ExitCode.OK
