"""Asynchronous analysis: when an upload's time has come, what its PDF says is filled in.

Invariant: an invoice is analysed once, at the time that was fixed when it was created, and before
any answer given after that time. Two that look alike are both flagged.
"""

import threading
from datetime import UTC, datetime

from well.sandbox.analysis import Reading, analyse
from well.sandbox.qonto.desk import Desk
from well.sandbox.qonto.tables import change_invoice, invoice, invoices_like
from well.sandbox.qonto.wire import Body, analysed, stamp

AT_ONCE = 50


class Analyst:
    """Reads what is due; called before every answer that shows invoices."""

    def __init__(self, desk: Desk) -> None:
        """One analyst per stand-in."""
        self._desk = desk
        self._lock = threading.Lock()

    def due_at(self, id: str, now: datetime) -> int:
        """When a new invoice will be analysed: ms since 1970, a delay fixed by its id."""
        least, most = (self._desk.settings[f"analysis_{end}_ms"] for end in ("min", "max"))
        share = int(id.replace("-", "")[:8], 16) % 1000
        return int(now.timestamp() * 1000) + least + max(0, most - least) * share // 1000

    def catch_up(self, id: str | None = None) -> None:
        """Analyse all that is due, or only this one."""
        if not self._due(id):
            return
        with self._lock:
            while rows := self._due(id):
                read = [(row[0], row[1], self._read(row[2])) for row in rows]
                self._keep(read)

    def _due(self, id: str | None) -> list[tuple[str, int, str]]:
        now = int(self._desk.now().timestamp() * 1000)
        one = "" if id is None else " and id = ?"
        rows = self._desk.state.db().execute(
            f"select id, analyse_at, sha256 from invoice where analyse_at <= ?{one}"  # noqa: S608
            f" order by analyse_at limit {AT_ONCE}",
            (now,) if id is None else (now, id),
        )
        return [(row["id"], row["analyse_at"], row["sha256"]) for row in rows]

    def _read(self, digest: str) -> Reading:
        return analyse(self._desk.files.get(digest), self._desk.buyer)

    def _keep(self, read: list[tuple[str, int, Reading]]) -> None:
        with self._desk.state.transaction() as db:
            for known, due, reading in read:
                at = datetime.fromtimestamp(due / 1000, UTC)
                body = invoice(db, known)
                assert body is not None, "an invoice is never deleted"
                body = analysed(body, reading, at)
                change_invoice(db, body, read=True)
                alike = invoices_like(db, known)
                for other in alike:
                    change_invoice(db, _flagged(other, at))
                if alike:
                    change_invoice(db, body | {"has_duplicates": True})


def _flagged(body: Body, at: datetime) -> Body:
    if body.get("has_duplicates"):
        return body
    return body | {"has_duplicates": True, "updated_at": stamp(at)}
