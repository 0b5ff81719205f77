"""Several pairs of the demo beside each other: one installation with its stand-ins for each.

Invariant: every pair is a process of its own with its own company, data folder and port, so that
nothing of one can reach another; all are ended before this one ends. The syncs run one after the
other, so that the times that are told are those of one pair.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from well.cli.demo_pairs import PAIRS, number_of
from well.cli.demo_result import broken_promises

END_SECONDS = 60


def run(arguments: argparse.Namespace) -> int:
    """The pairs in the order asked; 1 when a promise is broken in one of them, 2 when one could
    not be run."""
    base = (arguments.data or Path(f".well/pairs-{arguments.bills}-{arguments.seed}")).absolute()
    started: list[subprocess.Popen[str]] = []
    results: dict[str, Any] = {}
    try:
        for at, name in enumerate(arguments.pairs):
            print(f"-- {name}", file=sys.stderr, flush=True)
            started.append(_start(arguments, base / name, name, arguments.port + at))
            results[name] = _result(started[-1])
        code = max(_code(result) for result in results.values())
        if arguments.json:
            print(json.dumps(results), flush=True)
        if not arguments.once:
            _stay(started)
        return code
    finally:
        _end(started)


def _start(
    arguments: argparse.Namespace, data: Path, name: str, port: int
) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "well.cli.main", "demo", "--json", "--pair", name]
    command += ["--data", str(data), "--port", str(port), "--bills", str(arguments.bills)]
    command += ["--seed", str(arguments.seed + number_of(PAIRS[name]))]
    command += [f"--{word}" for word in ("once", "faults") if getattr(arguments, word)]
    # A session of its own: Ctrl-C comes here, and each is asked once to end.
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def _result(child: subprocess.Popen[str]) -> dict[str, Any] | None:
    """Its JSON object, printed when its syncs are over; None when it ended without one. Lines of
    the log before it are passed on."""
    assert child.stdout is not None, "its output is a pipe"
    for line in child.stdout:
        if line.startswith("{"):
            result: dict[str, Any] = json.loads(line)
            return result
        sys.stderr.write(line)
    return None


def _code(result: dict[str, Any] | None) -> int:
    if result is None:
        return 2
    return 1 if broken_promises(result) else 0


def _stay(children: list[subprocess.Popen[str]]) -> None:
    """The pages of all pairs stay open until the first of them ends."""
    try:
        for child in children:
            child.wait()
    except KeyboardInterrupt:
        print("Ending.", file=sys.stderr)


def _end(children: list[subprocess.Popen[str]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        child.wait(timeout=END_SECONDS)
