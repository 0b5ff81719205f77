"""The run: collect the tests once, follow them once, then try each chosen mutant.

Invariant: which mutants are tried depends on the files, the sample and the seed alone. Each mutant
meets only the tests that execute its lines (or that use the names it changes), quickest first, and
stops at the first that fails.
"""

import gc
import re
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from benchmarks.mutation import forked
from benchmarks.mutation.mutants import Mutant, mutants
from benchmarks.mutation.traced import Followed, Lines

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "well"
TESTS = ("tests/unit/matching", "tests/unit/policy")
FOLDERS = (f"{SOURCE}/matching/", f"{SOURCE}/policy/")
SECONDS = 15
"""A mutant may take this long and ten times what its tests took while they were followed."""


@dataclass
class Trial:
    """What became of one module's mutants."""

    module: str
    mutants: int
    tried: int = 0
    survived: list[Mutant] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Choice:
    """What to try: names of modules ("matching/bits"; a folder stands for all in it), none for all;
    how many of each, None for all; and the seed of the sample."""

    modules: tuple[str, ...] = ()
    sample: int | None = 40
    seed: int = 1


class Session:
    """A plugin of pytest: in place of running the tests it tries the mutants."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.trials: list[Trial] = []
        self.broken: list[str] = []
        self.followed = Followed(FOLDERS)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_collection(self, session: pytest.Session) -> Iterator[None]:
        """Failing examples are not made smaller: that one fails is all we ask."""
        phases = [Phase.explicit, Phase.generate]
        settings.register_profile(
            "mutation", settings(), phases=phases, suppress_health_check=list(HealthCheck)
        )
        settings.load_profile("mutation")
        with self.followed.lines() as self.imported:
            yield

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Follow, then try."""
        forked.limit_memory()
        self.b=time.perf_counter()
        self.items = session.items
        self.text = {p: p.read_text() for f in FOLDERS for p in sorted(Path(f).rglob("*.py"))}
        outcome = forked.answer(self._follow, 3600)
        self.tests, self.took, self.broken = outcome or ({}, {}, ["the tests did not end"])
        print('followed', time.perf_counter()-self.b, __import__('resource').getrusage(__import__('resource').RUSAGE_CHILDREN), file=sys.stderr)
        self.by_name = {item.nodeid: item for item in session.items}
        self.functions = forked.living(FOLDERS)
        gc.collect()
        gc.freeze()
        self.users = users(self.text)
        if not self.broken:
            for path in self.text:
                module = str(path.relative_to(SOURCE)).removesuffix(".py")
                if self._wanted(module):
                    self.trials.append(self._try_module(module, path))
        return True

    def _wanted(self, module: str) -> bool:
        names = self.choice.modules
        return not names or any(module == n or module.startswith(f"{n}/") for n in names)

    def _follow(self) -> tuple[dict[tuple[str, int], list[str]], dict[str, float], list[str]]:
        """The tests of each line, how long each test takes, and those that fail unchanged."""
        tests: dict[tuple[str, int], list[str]] = {}
        took: dict[str, float] = {}
        failures = forked.Failures()
        session = self.items[0].session
        session.config.pluginmanager.register(failures)
        for item, after in zip(self.items, [*self.items[1:], None], strict=True):
            began = time.perf_counter()
            with self.followed.lines() as lines:
                item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
            took[item.nodeid] = time.perf_counter() - began
            for line in lines:
                tests.setdefault(line, []).append(item.nodeid)
        return tests, took, failures.failed

    def _try_module(self, module: str, path: Path) -> Trial:
        began = time.perf_counter()
        count = len(mutants(module, self.text[path])[1])
        chosen = list(range(count))
        if self.choice.sample is not None and self.choice.sample < count:
            chance = Random(f"{self.choice.seed}:{module}")
            chosen = sorted(chance.sample(chosen, self.choice.sample))
        trial = Trial(module, count, len(chosen))
        for number in chosen:
            tree, found = mutants(module, self.text[path])
            if not self._noticed(found[number], tree, path):
                m=found[number]
                print(f"  {m.module}:{m.line} [{m.function}]\n     {m.original}\n     {m.mutant}",file=sys.stderr,flush=True)
                trial.survived.append(found[number])
        trial.seconds = time.perf_counter() - began
        print(
            f"{module:36} {trial.tried - len(trial.survived):4} of {trial.tried:4} noticed "
            f"({count} in all), {trial.seconds:.0f} s",
            file=sys.stderr,
            flush=True,
        )
        return trial

    def _noticed(self, mutant: Mutant, tree: Any, path: Path) -> bool:
        """Whether a test fails with the mutant in place."""
        file = str(path)
        inside = bool(mutant.function) and (file, mutant.function) in self.functions
        inside = inside and not any((file, n) in self.imported for n in mutant.lines)
        order = self._tests_of(mutant, file) if inside else self._tests_around(mutant, file)
        if not order:
            return False
        seconds = int(SECONDS + 10 * sum(self.took[name] for name in order))
        mutant.change()

        def swapped() -> bool:
            failures = forked.Failures()
            items = [self.by_name[name] for name in order]
            items[0].session.config.pluginmanager.register(failures)
            forked.exchange(tree, file, mutant.function, self.functions)
            return forked.run(items, failures)

        def again() -> bool:
            name = "well." + mutant.module.replace("/", ".").removesuffix(".__init__")
            return forked.anew(name, file, tree, order)

        noticed = forked.answer(swapped if inside else again, seconds)
        return noticed is None or bool(noticed)

    def _tests_of(self, mutant: Mutant, file: str) -> list[str]:
        return self._quickest(self._at((file, n) for n in mutant.lines))

    def _tests_around(self, mutant: Mutant, file: str) -> list[str]:
        """Those that run a line where a changed name is used, or that use it themselves."""
        names = set(mutant.names) or {mutant.function.split(".")[0]}
        lines, names = self.users.of(names)
        word = re.compile(r"\b(" + "|".join(map(re.escape, sorted(names))) + r")\b")
        said = {n for n, item in self.by_name.items() if word.search(source_of(item))}
        own = self._at((file, n) for n in range(len(self.text[Path(file)].splitlines())))
        return self._quickest(self._at(lines) | said | own)

    def _at(self, lines: Iterable[tuple[str, int]]) -> set[str]:
        return {name for line in lines for name in self.tests.get(line, ())}

    def _quickest(self, names: set[str]) -> list[str]:
        return sorted(names, key=lambda name: (self.took[name], name))


def source_of(item: pytest.Item) -> str:
    """The text of the file of a test."""
    return _text(item.path)


def _text(path: Path, kept: dict[Path, str] = {}) -> str:  # noqa: B006 - a memory of this process
    if path not in kept:
        kept[path] = path.read_text()
    return kept[path]


@dataclass(frozen=True)
class Users:
    """Where each word stands in the code: lines inside of functions, and names defined outside."""

    inside: dict[str, Lines]
    outside: dict[str, set[str]]

    def of(self, names: set[str]) -> tuple[Lines, set[str]]:
        """Lines that use the names, and all names whose meaning depends on them."""
        known: set[str] = set()
        while names - known:
            new = names - known
            known |= new
            names = names | {n for name in new for n in self.outside.get(name, ())}
        return {line for name in known for line in self.inside.get(name, ())}, known


def users(texts: dict[Path, str]) -> Users:
    """Read from the files: the words of every line of every statement."""
    inside: dict[str, Lines] = {}
    outside: dict[str, set[str]] = {}
    for path, text in texts.items():
        lines = text.splitlines()
        for mutant in mutants("", text)[1]:
            for number in mutant.lines:
                for word in re.findall(r"[A-Za-z_]\w*", lines[number - 1]):
                    if mutant.function:
                        inside.setdefault(word, set()).add((str(path), number))
                    else:
                        outside.setdefault(word, set()).update(mutant.names)
    return Users(inside, outside)
