"""`well trail verify`: prove that no line of the audit trail was changed or removed.

Invariant: reads only. Exit code 1 and the number of the first broken line when the chain does not
hold.
"""

import argparse

from well.accounts.workspaces import workspaces
from well.bootstrap import well


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    verify = actions.add_parser("verify", help="check the whole chain")
    verify.add_argument("--workspace", help="id of one workspace (all by default)")


def run(arguments: argparse.Namespace) -> int:
    """Verify the trail of each workspace."""
    broken = 0
    found = [w for w in workspaces() if arguments.workspace in (None, str(w.id))]
    if not found:
        print("There is no such workspace." if arguments.workspace else "There is no workspace.")
        return 2 if arguments.workspace else 0
    for workspace in found:
        check = well().store(str(workspace.id)).verify_trail()
        if check.broken_at is None:
            print(f"{workspace.name}: {check.lines} lines, the chain holds")
        else:
            broken += 1
            print(f"{workspace.name}: the chain is broken at line {check.broken_at}")
    return 1 if broken else 0
