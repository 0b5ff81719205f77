"""The run: collect the tests once, then try each chosen mutant with the tests that concern it.

Invariant: which mutants are tried depends on the files, the sample and the seed alone. Each mutant
meets only the tests that execute its lines (or that use the names it changes), quickest first, and
stops at the first that fails.
"""

import ast
import gc
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings

from benchmarks.mutation import forked
from benchmarks.mutation.mutants import Mutant, mutants
from benchmarks.mutation.traced import Known, known, lines_run
from benchmarks.mutation.users import users

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "well"
TESTS = ("tests/unit/matching", "tests/unit/policy")
FOLDERS = (f"{SOURCE}/matching/", f"{SOURCE}/policy/")
KEPT = ROOT / ".venv" / "mutation"
TESTS_SECONDS = 8.0
"""Tests of one mutant, as long as they take together while they are followed; the slower ones are
not asked, so a mutant that only they would notice counts as survived."""
SECONDS = 15
"""A mutant may take so many seconds of the processor and ten times what its tests take."""


@dataclass
class Trial:
    """What became of one module's mutants."""

    module: str
    mutants: int
    tried: int = 0
    survived: list[Mutant] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """What to try: names of modules ("matching/bits"; a folder stands for all in it), none for all;
    how many of each, None for all; and the seed of the sample."""

    modules: tuple[str, ...] = ()
    sample: int | None = 40
    seed: int = 1

    def wants(self, module: str) -> bool:
        """Whether a module is among those named."""
        return not self.modules or any(f"{module}/".startswith(f"{n}/") for n in self.modules)

    def among(self, module: str, count: int) -> list[int]:
        """Which of a module's mutants are tried."""
        if self.sample is None or self.sample >= count:
            return list(range(count))
        chance = Random(f"{self.seed}:{module}")
        return sorted(chance.sample(range(count), self.sample))


class Tries:
    """A plugin of pytest: in place of running the tests it tries the mutants."""

    def __init__(self, choice: Choice, done: Callable[[Trial], None]) -> None:
        self.choice, self.done = choice, done
        self.trials: list[Trial] = []
        paths = [path for folder in FOLDERS for path in sorted(Path(folder).rglob("*.py"))]
        self.text = {path: path.read_text() for path in paths}
        self.modules = {str(p.relative_to(SOURCE)).removesuffix(".py"): p for p in paths}
        self.known = Known(failed=["the tests could not be collected"])

    @pytest.hookimpl(hookwrapper=True)
    def pytest_collection(self) -> Iterator[None]:
        """Failing examples are not made smaller: that one fails is all we ask."""
        phases = [Phase.explicit, Phase.generate]
        checks = list(HealthCheck)
        settings.register_profile(
            "mutation", settings(), phases=phases, suppress_health_check=checks
        )
        settings.load_profile("mutation")
        with lines_run(FOLDERS) as self.imported:
            yield

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Follow, then try."""
        forked.limit_memory()
        self.items = {item.nodeid: item for item in session.items}
        builders = sorted((ROOT / "tests" / "builders").rglob("*.py"))
        self.known = known(session.items, FOLDERS, [*self.text, *builders], KEPT)
        self.functions = forked.living(FOLDERS)
        self.alive = {(file, name) for file, name, _ in self.functions}
        self.users = users(self.text, self.imported)
        gc.collect()
        gc.freeze()
        if not self.known.failed:
            for module, path in self.modules.items():
                if self.choice.wants(module) and mutants(module, self.text[path])[1]:
                    self.trials.append(self._try_module(module, path))
        return True

    def _try_module(self, module: str, path: Path) -> Trial:
        count = len(mutants(module, self.text[path])[1])
        trial = Trial(module, count)
        for number in self.choice.among(module, count):
            tree, found = mutants(module, self.text[path])
            trial.tried += 1
            if not self._noticed(found[number], tree, str(path)):
                trial.survived.append(found[number])
        noticed = trial.tried - len(trial.survived)
        print(f"{module}: {noticed} of {trial.tried} ({count})", file=sys.stderr, flush=True)
        self.done(trial)
        return trial

    def _noticed(self, mutant: Mutant, tree: ast.Module, file: str) -> bool:
        """Whether a test fails with the mutant in place."""
        inside = (file, mutant.function) in self.alive
        inside = inside and not any((file, n) in self.imported for n in mutant.lines)
        order = self._tests_of(mutant, file) if inside else self._tests_around(mutant)
        if not order:
            return False
        mutant.change()

        def exchanged() -> bool:
            forked.exchange(tree, file, mutant.function, self.functions)
            return forked.fails([self.items[name] for name in order])

        def anew() -> bool:
            name = "well." + mutant.module.replace("/", ".").removesuffix(".__init__")
            return forked.fails_anew(name, file, tree, order)

        seconds = SECONDS + 10 * sum(self.known.took[name] for name in order)
        noticed = forked.answer(exchanged if inside else anew, seconds)
        return noticed is None or bool(noticed)

    def _tests_of(self, mutant: Mutant, file: str) -> list[str]:
        return self._within(self._quickest(self._at((file, n) for n in mutant.lines)))

    def _tests_around(self, mutant: Mutant) -> list[str]:
        """First those that run a line where a changed name is used, or whose file names it or its
        module; then those that use names made from it."""
        direct = set(mutant.names) or {mutant.function.split(".")[0]}
        near = self._at(line for n in direct for line in self.users.inside.get(n, ()))
        near |= self._naming(direct | {mutant.module.split("/")[-1]})
        lines, names = self.users.of(direct)
        far = (self._at(lines) | self._naming(names)) - near
        return self._within([*self._quickest(near), *self._quickest(far)])

    def _naming(self, names: set[str]) -> set[str]:
        word = re.compile(r"\b(" + "|".join(map(re.escape, sorted(names))) + r")\b")
        paths = {path for path in {i.path for i in self.items.values()} if _names(path, word)}
        return {name for name, item in self.items.items() if item.path in paths}

    def _at(self, lines: Iterable[tuple[str, int]]) -> set[str]:
        return {name for line in lines for name in self.known.tests.get(line, ())}

    def _quickest(self, names: set[str]) -> list[str]:
        return sorted(names, key=lambda name: (self.known.took[name], name))

    def _within(self, order: list[str]) -> list[str]:
        """As many of them as fit into the seconds of one mutant, and one at least."""
        spent = list(accumulate(self.known.took[name] for name in order))
        return [name for n, name in enumerate(order) if n == 0 or spent[n] <= TESTS_SECONDS]


def _names(path: Path, word: re.Pattern[str]) -> bool:
    return word.search(path.read_text()) is not None
