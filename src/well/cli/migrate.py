"""`well migrate`: bring the control database and every region's database up to date."""

import argparse

from django.conf import settings
from django.core.management import call_command


def add(parser: argparse.ArgumentParser) -> None:
    """No options."""
    parser.add_argument("--quiet", action="store_true", help="say nothing when all is well")


def run(arguments: argparse.Namespace) -> int:
    """Migrate each database in turn."""
    for alias in settings.DATABASES:
        call_command("migrate", database=alias, interactive=False, verbosity=0)
        if not arguments.quiet:
            print(f"{alias}: up to date")
    return 0
