"""`well ...`: finds the command's module, prepares Django where the command needs it, runs it.

Invariant: one command is one module with `add(parser)` and `run(arguments) -> exit code`; a
mistake of the user is one sentence on stderr and exit code 2. The modules hold the work.
"""

import argparse
import os
import sys
from importlib import import_module

import django

from well.cli.memory import use_one_heap
from well.domain.failure import Failed

COMMANDS = {
    "demo": ("well.cli.demo", False, "run the whole product against stand-ins of the providers"),
    "up": ("well.cli.serve", True, "web and worker in one process"),
    "web": ("well.cli.serve", True, "the pages only"),
    "worker": ("well.cli.serve", True, "the durable worker only"),
    "sandbox": ("well.cli.sandbox", False, "stand-ins of the providers"),
    "migrate": ("well.cli.migrate", True, "create or update the databases"),
    "workspace": ("well.cli.workspace", True, "create a workspace with its owner, or list them"),
    "status": ("well.cli.status", True, "counts by state, health of the connections"),
    "trail": ("well.cli.trail", True, "verify the audit trail"),
    "policy": ("well.cli.policy", True, "try other limits or rules on past decisions"),
    "read": ("well.cli.read", False, "what invoices and other files say, folders too"),
    "render": ("well.cli.render", False, "a bill as PDF/A-3, with its e-invoice inside if wanted"),
    "check": ("well.cli.check", False, "is a PDF/A-3 or an e-invoice correct, rule by rule"),
    "mail": ("well.cli.mail", False, "does the world believe mail of a domain: its records"),
    "names": ("well.cli.names", False, "how surely two names mean one organisation"),
    "match": ("well.cli.match", False, "which target row is each source row"),
    "resolve": ("well.cli.resolve", False, "which rows are about one counterparty"),
    "explain": ("well.cli.explain", True, "explain and replay the decision of a record"),
}
"""Name: module, whether it needs Django, one line of help."""


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    use_one_heap()
    argv = sys.argv[1:] if argv is None else argv
    name = argv[0] if argv else ""
    if name not in COMMANDS:
        return _usage(name)
    module_name, needs_django, help = COMMANDS[name]
    if needs_django:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "well.django_settings")
        django.setup()
    module = import_module(module_name)
    parser = argparse.ArgumentParser(prog=f"well {name}", description=help.capitalize() + ".")
    parser.set_defaults(command=name)
    module.add(parser)
    try:
        code: int = module.run(parser.parse_args(argv[1:]))
    except Failed as failed:
        print(f"well {name}: {failed.failure.sentence}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return code


def _usage(name: str) -> int:
    lines = ["usage: well COMMAND [options]", ""]
    lines += [f"  {command:<10} {help}" for command, (_, _, help) in COMMANDS.items()]
    lines += ["", "well COMMAND --help tells the options of a command."]
    asked = name in ("", "-h", "--help", "help")
    if not asked:
        lines.insert(0, f"well: there is no command {name!r}")
    print("\n".join(lines), file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


if __name__ == "__main__":
    sys.exit(main())
