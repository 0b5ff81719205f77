"""Delivery reports kept on disk from their arrival until the pipeline has taken them.

Invariant: a report is on disk before the sender of the mail is told that it was taken; a line that
cannot be read is passed over. It holds what servers said, never a document.
"""

import json
import os
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from well.ports.mailer import DeliveryReport

KEPT = timedelta(days=60)
_REPORT: TypeAdapter[DeliveryReport] = TypeAdapter(DeliveryReport)


class Journal:
    """One file for each day (UTC) in `folder`, one report on each line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, report: DeliveryReport) -> None:
        """Keep a report; OSError when the disk does not take it. Files older than KEPT go."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        day = report.delivery.at.date()
        line = json.dumps(_REPORT.dump_python(report, mode="json")) + "\n"
        file = os.open(self._folder / f"{day}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # A line begins on its own even after a write that was cut by a crash.
            os.write(file, b"\n" + line.encode("ascii"))
            os.fsync(file)
        finally:
            os.close(file)
        for old in self._files():
            if date.fromisoformat(old.stem) < day - KEPT:
                old.unlink(missing_ok=True)

    def since(self, at: datetime) -> Sequence[DeliveryReport]:
        """Reports that came at or after `at` (aware UTC), in the order they came."""
        files = [f for f in self._files() if date.fromisoformat(f.stem) >= at.date()]
        found = [_report(line) for file in files for line in file.read_bytes().splitlines()]
        return [one for one in found if one is not None and one.delivery.at >= at]

    def _files(self) -> list[Path]:
        return sorted(f for f in self._folder.glob("*.jsonl") if _is_day(f.stem))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _report(line: bytes) -> DeliveryReport | None:
    try:
        return _REPORT.validate_json(line) if line.strip() else None
    except ValidationError:
        return None
