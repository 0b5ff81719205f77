"""`well status`: counts by state of every flow, the health of its connections, the next sync.

Invariant: the counts of a flow add up to its records; it changes nothing.
"""

import argparse
import json
from dataclasses import asdict
from typing import Any

from well.accounts.workspaces import workspaces
from well.bootstrap import well
from well.domain.flow import Flow
from well.ports.store import Store
from well.storage.queries import counts
from well.storage.states import record_states


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--records", action="store_true", help="with --json: each record's state")


def run(arguments: argparse.Namespace) -> int:
    """Print the status of every workspace."""
    found = [_workspace(str(w.id), w.name, arguments.records) for w in workspaces()]
    if arguments.json:
        print(json.dumps({"workspaces": found}, default=str))
    elif not found:
        print("There is no workspace yet: well workspace create NAME --owner ADDRESS")
    else:
        for workspace in found:
            _print(workspace)
    return 0


def _workspace(id: str, name: str, records: bool) -> dict[str, Any]:
    tenant = well().tenant(id)
    store = well().store(id)
    by_flow = counts(tenant)
    flows = [_flow(store, flow, dict(by_flow.get(flow.id, {}))) for flow in store.flows()]
    status: dict[str, Any] = {"id": id, "name": name, "flows": flows}
    if records:
        status["records"] = [asdict(state) for state in record_states(tenant)]
    return status


def _flow(store: Store, flow: Flow, states: dict[str, int]) -> dict[str, Any]:
    now = well().clock.now()
    due = dict(store.due_flows(now))
    connections = [store.connection(id) for id in (flow.source, flow.target)]
    return {
        "id": flow.id,
        "name": flow.name,
        "states": states,
        "records": sum(states.values()),
        "syncing": flow.id in due,
        "connections": [
            {
                "connector": c.connector,
                "label": c.label,
                "state": c.state.value,
                "failure": c.failure.sentence if c.failure else None,
                "mailing": c.mail.stopped.sentence if c.mail and c.mail.stopped else None,
            }
            for c in connections
        ],
    }


def _print(workspace: dict[str, Any]) -> None:
    print(f"{workspace['name']} ({workspace['id']})")
    for flow in workspace["flows"] or []:
        print(f"  {flow['name']}: {flow['records']} records" + (", syncing" * flow["syncing"]))
        for state, number in sorted(flow["states"].items()):
            print(f"    {state:<10}{number:>8}")
        for connection in flow["connections"]:
            told = [connection[name] for name in ("failure", "mailing") if connection[name]]
            trouble = f": {' '.join(told)}" if told else ""
            print(f"    {connection['connector']} {connection['state']}{trouble}")
    if not workspace["flows"]:
        print("  no flow yet: connect a source and a target on the pages")
