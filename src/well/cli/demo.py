"""`well demo`: the whole product against stand-ins of the providers, from nothing.

Invariant: it sets up everything it needs below one data folder, ends what it started, and goes on
where it stopped. This module starts the stand-ins of one pair and sets the environment; `demo_run`
does the rest in the prepared process, and `demo_side` runs several pairs beside each other.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django

from well.cli import demo_side
from well.cli.demo_pairs import DEFAULT, PAIRS, Pair
from well.cli.demo_settings import environment, mail_settings


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--bills", type=int, default=600, help="bills of the invented company")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another company")
    parser.add_argument("--once", action="store_true", help="stop when everything is settled")
    parser.add_argument("--json", action="store_true", help="print one JSON object as last line")
    parser.add_argument("--data", type=Path, help="data folder (.well/demo-BILLS)")
    parser.add_argument("--port", type=int, default=8000, help="port of the pages")
    names = ", ".join(PAIRS)
    parser.add_argument("--pairs", type=_names, help=f"which pairs, with commas: {names}")
    parser.add_argument("--pair", choices=PAIRS, default=DEFAULT.name, help=argparse.SUPPRESS)
    parser.add_argument("--faults", action="store_true", help="the providers have a bad day")


def _names(text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in PAIRS]
    if unknown or not names:
        known = ", ".join(PAIRS)
        raise argparse.ArgumentTypeError(f"no pair {', '.join(unknown)}: there are {known}")
    return names


def run(arguments: argparse.Namespace) -> int:
    """Start the stand-ins, prepare the environment, run the product, end everything."""
    # A shell that starts us in the background ignores Ctrl-C for us; a service sends SIGTERM.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if arguments.pairs:
        return demo_side.run(arguments)
    pair = PAIRS[arguments.pair]
    data = (arguments.data or Path(f".well/demo-{arguments.bills}-{arguments.seed}")).absolute()
    data.mkdir(parents=True, exist_ok=True)
    sandbox = _start_sandbox(arguments, pair, data / "standins")
    try:
        addresses = _addresses(sandbox)
        if addresses is None:
            return 2
        os.environ.update(environment(addresses, data / "well", arguments.port))
        if pair.by_mail:
            os.environ.update(mail_settings(addresses[pair.target], data / "mail-keys"))
        os.environ["DJANGO_SETTINGS_MODULE"] = "well.django_settings"
        django.setup()
        code: int = import_module("well.cli.demo_run").run(arguments, addresses, data, pair)
        return code
    finally:
        sandbox.terminate()
        sandbox.wait(timeout=10)


def _start_sandbox(arguments: argparse.Namespace, pair: Pair, data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "well.cli.main", "sandbox", *pair.standins]
    command += ["--data", str(data), "--bills", str(arguments.bills), "--seed", str(arguments.seed)]
    # A session of its own, so that Ctrl-C reaches the product first and the stand-ins last.
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def _addresses(sandbox: subprocess.Popen[str]) -> dict[str, Any] | None:
    assert sandbox.stdout is not None, "its output is a pipe"
    line = sandbox.stdout.readline()
    if not line:
        print("The stand-ins did not start; the line above says why.", file=sys.stderr)
        return None
    addresses: dict[str, Any] = json.loads(line)
    return addresses
