"""`well policy`: what other limits or rules would have done, and a flow's rules as a file.

Invariant: reads only; progress goes to the terminal's stderr, the result to stdout. Exit code 2
with a sentence when a rule, a flow or the number of days cannot be understood.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from well.accounts.workspaces import workspaces
from well.bootstrap import well
from well.cli.policy_report import as_json, lines
from well.cli.rules_file import read_rules, write_rules
from well.domain.decision import Rules
from well.domain.flow import Flow
from well.pipeline.simulate import VERBS, WINDOW, PastDecisions
from well.policy.rule_text import NAMES, pairs, with_rules
from well.policy.simulate import Past, simulate
from well.storage.store import DjangoStore

STEP = 200
"""Decisions between two updates of the progress line."""
DAYS_MAX = 3660


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    actions = parser.add_subparsers(dest="action", required=True)
    trial = actions.add_parser("simulate", help="try other limits on past decisions")
    trial.add_argument("--auto-post", help="act alone from this share on, like 0.90")
    trial.add_argument("--review", help="ask a person from this share on, like 0.50")
    known = ", ".join(NAMES)
    trial.add_argument("--rule", action="append", default=[], help=f"NAME=VALUE; {known}")
    told = "file of rules for some records, instead of the flow's (docs/rules.md)"
    trial.add_argument("--exceptions", type=Path, metavar="FILE", help=told)
    trial.add_argument("--days", type=int, default=WINDOW.days, help="how far back (90)")
    trial.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    written = actions.add_parser("rules", help="write a flow's rules for some records as that file")
    for action in (trial, written):
        action.add_argument("--flow", help="id or name of the flow (the only one by default)")
        action.add_argument("--workspace", help="id of the workspace (searched in all by default)")


def run(arguments: argparse.Namespace) -> int:
    """Replay the flow's decisions under the changed rules, or write its rules."""
    if arguments.action == "simulate" and not 0 < arguments.days <= DAYS_MAX:
        return _refuse(f"--days takes a number from 1 to {DAYS_MAX}.")
    found = _flows(arguments.workspace, arguments.flow)
    if len(found) != 1:
        return _refuse(_which(arguments.flow, [flow for _, flow in found]))
    store, flow = found[0]
    if arguments.action == "rules":
        write_rules(flow.rules.exceptions, sys.stdout)
        return 0
    try:
        rules = _rules(flow.rules, arguments)
    except ValueError as error:
        return _refuse(str(error))
    _simulate(store, flow, rules, arguments)
    return 0


def _rules(rules: Rules, arguments: argparse.Namespace) -> Rules:
    """The flow's rules with what is to be tried; ValueError with a sentence."""
    changed = with_rules(rules, _typed(arguments))
    if arguments.exceptions is None:
        return changed
    return replace(changed, exceptions=read_rules(arguments.exceptions))


def _refuse(sentence: str) -> int:
    print(f"well policy: {sentence}", file=sys.stderr)
    return 2


def _typed(arguments: argparse.Namespace) -> dict[str, str]:
    typed = pairs(arguments.rule)
    options = {"auto_post": arguments.auto_post, "review": arguments.review}
    return typed | {name: text for name, text in options.items() if text is not None}


def _flows(workspace: str | None, wanted: str | None) -> list[tuple[DjangoStore, Flow]]:
    stores = [well().store(str(w.id)) for w in workspaces() if workspace in (None, str(w.id))]
    flows = [(store, flow) for store in stores for flow in store.flows()]
    return [(store, f) for store, f in flows if wanted in (None, f.id, f.name)]


def _which(wanted: str | None, found: list[Flow]) -> str:
    if found:
        names = "; ".join(f"{flow.id} ({flow.name})" for flow in found)
        return f"There are several flows, name one with --flow: {names}."
    return f"There is no flow {wanted!r}." if wanted else "There is no flow yet."


def _simulate(store: DjangoStore, flow: Flow, rules: Rules, arguments: argparse.Namespace) -> None:
    since = well().clock.now() - timedelta(days=arguments.days)
    past = PastDecisions(store.told_since(VERBS, since), flow.id)
    result = simulate(_with_progress(past), flow.rules, rules)
    if arguments.json:
        print(json.dumps(as_json(flow, rules, arguments.days, result, past.unreadable)))
        return
    for line in lines(flow, rules, arguments.days, result, past.unreadable):
        print(line)


def _with_progress(past: PastDecisions) -> Iterator[Past]:
    """The decisions, counted on a terminal while they pass."""
    shown = sys.stderr.isatty()
    for number, one in enumerate(past, 1):
        yield one
        if shown and number % STEP == 0:
            sys.stderr.write(f"\r\x1b[K{number} decisions")
            sys.stderr.flush()
    if shown:
        sys.stderr.write("\r\x1b[K")
