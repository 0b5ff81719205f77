"""The ground truth: for each bill and credit, what a careful accountant would want.

Invariant: every posted kind of record is in it exactly once; values are plain JSON. The product
never reads it: it is for the score.
"""

from collections import Counter
from typing import Any

from well.sandbox.world.judgement import AFTER, VERDICTS
from well.sandbox.world.model import Booking, Entry


def _record(booking: Booking) -> dict[str, Any]:
    verdict = VERDICTS[booking.scenario]
    found: dict[str, Any] = {
        "entity": booking.entity,
        "id": booking.id,
        "document": booking.document.id,
        "scenario": booking.scenario,
        "ok": list(verdict.ok),
        "entry": booking.entry.id if booking.entry else None,
        "postable": verdict.postable,
        "act": booking.act,
        "why": verdict.why,
    }
    if booking.change:
        found["change"] = booking.change
    if booking.change in AFTER:
        found["ok_after"] = list(AFTER[booking.change])
    if booking.scenario == "outside_window":
        found["in_window"] = False
    return found


def truth_of(
    bookings: list[Booking],
    entries: list[Entry],
    about: dict[str, Any],
    expected: Counter[str],
    added: Counter[str],
    files: dict[str, str],
) -> dict[str, Any]:
    """The truth file.

    `expected` and `expected_after` count the source records of each entity after each act;
    `entries` maps entry ids at the target before Well came to documents; `files` maps the SHA-256
    of every file served so far to its document ("" for a delivery note).
    """
    return about | {
        "source": "quickbooks",
        "records": [_record(booking) for booking in bookings],
        "expected": dict(expected),
        "expected_after": dict(expected + added),
        "entries": {entry.id: entry.document.id for entry in entries},
        "files": files,
    }
