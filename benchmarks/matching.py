"""`make bench-matching`: matching beside its rivals, in one run on the same files.

Invariant: figures are printed beside their bars, never asserted; with `--write` those of the parts
that ran replace their block in PROMISES.md, dated. What cannot be run is "not measured: why".

Parts: names, payments, ledger, single, store, blocking, sets, resolve, growth.
`make bench-matching ARGS="ledger --quick --cache DIR --write"`; --quick takes a tenth of the
documents and entries, --cache keeps rivals' answers there between runs.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.__main__ import keep
from benchmarks.child import ROOT, run
from benchmarks.matching_links import (
    made_ledger,
    measure_growth,
    measure_ledger,
    measure_payments,
)
from benchmarks.matching_names import measure as measure_names
from benchmarks.setting import Setting

DOCUMENTS, ENTRIES, QUICK = 100_000, 1_000_000, 10
STORED = 10
"""One of so many entries goes into the real store."""


def _engine(module: str, *words: str | Path) -> Iterator[str]:
    """The lines of a measurement of the engine alone, in a process of its own."""
    done = run([sys.executable, "-m", f"benchmarks.{module}", *words])
    yield from done.out.splitlines()
    yield f"  process: {done.cost()}"
    if done.code:
        yield f"  not measured: {done.complaint}"


def _single(setting: Setting) -> Iterator[str]:
    yield "one record against all entries, process warm, to a fully explained decision:"
    yield from _engine("engine_single", _folder(setting))


def _blocking(setting: Setting) -> Iterator[str]:
    yield "candidates alone:"
    yield from _engine("engine_blocking", _folder(setting))


def _sets(_: Setting) -> Iterator[str]:
    yield "3 invoices paid at once among 20 open ones (no rival named here ranks groups):"
    yield from _engine("engine_sets")
    yield "payments in the ways people pay, one in four for something else:"
    yield from _engine("engine_draws")


def _store(setting: Setting) -> Iterator[str]:
    yield "one record against the real store, sealed rows and all, to a decision:"
    yield from _engine("engine_store", _folder(setting), str(setting.entries // STORED))


def _resolve(setting: Setting) -> Iterator[str]:
    yield "`well resolve`: who is who in a file:"
    yield from _engine("engine_parties", setting.data, "--rows", str(setting.documents))


def _folder(setting: Setting) -> Path:
    return made_ledger(setting, setting.documents, setting.entries).source.parent


PARTS: dict[str, Callable[[Setting], Iterator[str]]] = {
    "names": measure_names,
    "payments": measure_payments,
    "ledger": measure_ledger,
    "single": _single,
    "store": _store,
    "blocking": _blocking,
    "sets": _sets,
    "resolve": _resolve,
    "growth": measure_growth,
}


def main(words: list[str]) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching")
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--write", action="store_true", help="keep the figures in PROMISES.md")
    parser.add_argument("--quick", action="store_true", help="a tenth of the ledger")
    parser.add_argument("--cache", type=Path, help="folder where rivals' answers are kept")
    data = ROOT.parent / "shared" / "data" / "matching"
    parser.add_argument("--data", type=Path, default=data, help="the public files with answers")
    given = parser.parse_args(words)
    unknown = sorted(set(given.parts) - set(PARTS))
    if unknown:
        print(f"There is no part {unknown[0]!r}; there are: {', '.join(PARTS)}")
        return 2
    size = QUICK if given.quick else 1
    with tempfile.TemporaryDirectory() as made:
        scratch = (given.cache or Path(made)).absolute()
        scratch.mkdir(parents=True, exist_ok=True)
        sizes = DOCUMENTS // size, ENTRIES // size
        setting = Setting(given.data.absolute(), scratch, given.cache is not None, *sizes)
        for part in given.parts or PARTS:
            lines = _measured(part, setting)
            if given.write:
                keep(f"matching_{part}", lines)
    return 0


def _measured(part: str, setting: Setting) -> list[str]:
    """Run one part; print and answer its lines."""
    print(f"== {part}", flush=True)
    if part in ("names", "payments") and not setting.data.is_dir():
        print(f"  not measured: there are no files in {setting.data.name}")
        return [f"not measured: there are no files in {setting.data.name}"]
    lines = []
    for one in PARTS[part](setting):
        print("  " + one, flush=True)
        lines.append(one)
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
