"""`well workspace create NAME --owner ADDRESS` and `well workspace list`."""

import argparse

from well.accounts.signin import make_signin_link
from well.accounts.workspaces import create_workspace, workspaces
from well.bootstrap import well


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    create = actions.add_parser("create", help="a new workspace and its owner")
    create.add_argument("name")
    create.add_argument("--owner", required=True, help="e-mail address of the owner")
    create.add_argument("--region", help="where its data lives (the first region by default)")
    actions.add_parser("list", help="the workspaces of this installation")


def run(arguments: argparse.Namespace) -> int:
    """Create or list."""
    it = well()
    if arguments.action == "list":
        for workspace in workspaces():
            print(f"{workspace.id}  {workspace.region}  {workspace.name}")
        return 0
    region = arguments.region or next(iter(it.settings.regions))
    if region not in it.settings.regions:
        print(f"There is no region {region!r}; there are: {', '.join(it.settings.regions)}")
        return 2
    workspace, user = create_workspace(arguments.name, region, arguments.owner, it.clock.now())
    print(f"workspace {workspace.id}")
    print(f"sign in   {make_signin_link(user, it.settings.base_url, it.clock)}")
    return 0
