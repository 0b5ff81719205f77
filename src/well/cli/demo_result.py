"""What the demo tells of one pair, and what it must hold.

Invariant: the keys stay as they are: programs rely on them. It measures nothing.
"""

from typing import Any

JSON_KEYS = (
    "source_records",
    "by_outcome",
    "target_entries_before",
    "target_entries_after",
    "duplicates",
    "lost",
    "auto_precision",
    "auto_share",
    "seconds",
    "peak_mb",
)
"""The JSON line, exactly."""


def broken_promises(result: dict[str, Any]) -> list[str]:
    """What the demo must hold, else it exits non-zero."""
    broken = []
    if result["duplicates"]:
        broken.append(f"{result['duplicates']} entries were doubled at the target.")
    if result["lost"]:
        broken.append(f"{result['lost']} records are not in exactly one state, or never arrived.")
    if sum(result["by_outcome"].values()) != result["source_records"]:
        broken.append("The counts of the states do not add up to the records.")
    if result["auto_precision"] < 0.99:
        broken.append("Less than 99 % of what was posted or linked alone is right.")
    return broken
