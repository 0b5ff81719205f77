"""What people said about cases, kept for learning.

Invariant: added to and never changed; of each case the newest counts. It draws no conclusion.
"""

from collections.abc import Sequence

from well.domain.learning import KeptJudgement
from well.storage.base import Base
from well.storage.codec import JUDGEMENT, label
from well.storage.models import JudgementRow
from well.storage.scope import put, reading, rows, unit


class JudgementStore(Base):
    """The part of the store that keeps judgements."""

    def keep_judgement(self, judgement: KeptJudgement) -> None:
        """Remember what a person said of a case; the same one again is kept once."""
        row = JudgementRow(
            workspace_id=self._tenant.workspace,
            case=judgement.case,
            at=judgement.at,
            flow=judgement.flow,
            by=label(judgement.by),
            verdict=judgement.verdict,
            entry=judgement.entry or "",
            agreed=judgement.agreed,
            body=JUDGEMENT.seal(self._cipher, judgement, *_place(judgement)),
        )
        with unit(self._tenant):
            put(self._tenant, [row], [])

    def newest_judgement(self, case: str) -> KeptJudgement | None:
        """The last thing a person said of the case."""
        with reading(self._tenant):
            row = rows(JudgementRow, self._tenant).filter(case=case).order_by("-at").first()
        return self._judgement(row) if row else None

    def newest_judgements(self, flow: str) -> Sequence[KeptJudgement]:
        """The last of each case of the flow, oldest first."""
        with reading(self._tenant):
            found = rows(JudgementRow, self._tenant).filter(flow=flow).order_by("at", "case")
            newest = {row.case: row for row in found}
        kept = sorted(newest.values(), key=lambda row: (row.at, row.case))
        return [self._judgement(row) for row in kept]

    def agreed_in_a_row(self, flow: str) -> int:
        """Judgements that agreed with Well since the last one that did not."""
        with reading(self._tenant):
            found = rows(JudgementRow, self._tenant).filter(flow=flow)
            last = found.filter(agreed=False).order_by("-at").first()
            since = found.filter(agreed=True, at__gt=last.at) if last else found
            return since.count()

    def _judgement(self, row: JudgementRow) -> KeptJudgement:
        return JUDGEMENT.open(self._cipher, row.body, row.case, row.at.isoformat())


def _place(judgement: KeptJudgement) -> tuple[str, str]:
    return judgement.case, judgement.at.isoformat()
