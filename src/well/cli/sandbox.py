"""`well sandbox quickbooks qonto`: serve the stand-ins until stopped."""

import argparse
import sys
from pathlib import Path

from well.sandbox.serve import SandboxRefusedError, serve

NAMES = ("quickbooks", "qonto", "xero", "freshbooks", "mailbox")


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        "names", nargs="*", help=f"which stand-ins, the source first: {', '.join(NAMES)} (all)"
    )
    parser.add_argument("--data", type=Path, default=Path(".well/sandbox"), help="state folder")
    parser.add_argument("--bills", type=int, default=600, help="bills of the invented company")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another company")


def run(arguments: argparse.Namespace) -> int:
    """Serve; prints one JSON line with the addresses when all listen."""
    try:
        serve(arguments.names or NAMES, arguments.data, arguments.bills, arguments.seed)
    except SandboxRefusedError as refused:
        print(f"well sandbox: {refused}", file=sys.stderr)
        return 2
    return 0
