"""The demo's score: what the product did, against the truth of the stand-ins.

Invariant: reads the product's own states and the target's own entries; the truth comes from the
stand-ins' file and reaches nothing but this score.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx

from well.bootstrap import well
from well.cli.demo_pairs import QUICKBOOKS, Pair
from well.sandbox.serve import truth_file
from well.sandbox.world import score
from well.storage.states import record_states


def score_demo(
    pair: Pair, addresses: dict[str, Any], data: Path, workspace: str, entries_before: int
) -> dict[str, Any]:
    """Everything the JSON line tells but seconds and memory."""
    truth = json.loads(truth_file(data / "standins", pair.source).read_text())
    answer = httpx.get(f"{addresses[pair.target]['admin']}/_admin/entries", timeout=60)
    entries = answer.raise_for_status().json()
    states = (asdict(row) for row in record_states(well().tenant(workspace)))
    return score(truth, outcomes_of(states, pair.entities), entries, entries_before, act=2)


def outcomes_of(
    states: Iterable[dict[str, Any]], entities: Mapping[str, str] = QUICKBOOKS
) -> list[dict[str, Any]]:
    """Rows of `well status --records` in the words of the truth."""
    return [
        {
            "entity": entities[row["stream"]],
            "id": row["source_id"],
            "state": row["state"],
            "by": row["by"],
            "entry": row["entry"] or None,
        }
        for row in states
    ]
