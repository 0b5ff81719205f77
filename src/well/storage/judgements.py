"""What people said about cases, kept for learning.

Invariant: added to and never changed. It draws no conclusion.
"""

from datetime import datetime

from well.storage.base import Base
from well.storage.codec import DETAIL
from well.storage.models import JudgementRow
from well.storage.scope import put, unit


class JudgementStore(Base):
    """The part of the store that keeps judgements."""

    def keep_judgement(
        self, case: str, verdict: str, entry: str | None, by: str, note: str, at: datetime
    ) -> None:
        """Remember a person's verdict on a case; the same one again is kept once."""
        row = JudgementRow(
            workspace_id=self._tenant.workspace,
            case=case,
            at=at,
            by=by,
            verdict=verdict,
            entry=entry or "",
            body=DETAIL.seal(self._cipher, {"note": note}, case, at.isoformat()),
        )
        with unit(self._tenant):
            put(self._tenant, [row], [])
