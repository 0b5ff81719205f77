"""One source record on its way through one flow.

Invariant: a case is in exactly one state, so the counts of a flow add up to its records.
`step` says where a waiting case stands on the line; it has no meaning in other states.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from well.domain.candidate import Ranking
from well.domain.correction import Correction
from well.domain.decision import KEPT_OUT, Decision
from well.domain.failure import Failure
from well.domain.invoice import Invoice
from well.domain.reading import Reading
from well.domain.source_record import Kind, RecordKey


class CaseState(StrEnum):
    """Where a record is; every record is in exactly one (DESIGN 5)."""

    WAITING = "waiting"
    REVIEW = "review"
    REFUSED = "refused"
    POSTED = "posted"
    LINKED = "linked"
    HELD = "held"
    FAILED = "failed"
    IGNORED = "ignored"


class Step(StrEnum):
    """The line a record follows after capture; the value is what has to be done next. At SOURCE
    the provider itself has to finish a record first."""

    SOURCE = "source"
    READ = "read"
    DECIDE = "decide"
    POST = "post"
    CONFIRM = "confirm"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Case:
    """`version` is the record version that was read, `newest` the newest one captured; `by` is
    who decided: "well" or a person's address.

    `ranking` holds existing entries, `parties` counterparties. `entry` is the linked target entry.
    `posted` is the invoice as it was posted or linked, kept to tell later edits apart.
    `duplicate_key` is equal for two records of the same real document. `overturned`: a spot check
    found wrong what was decided, and nobody has said since what is right. `correction` is what a
    person said in place of what was read; `invoice` has it in it.
    """

    id: str
    flow: str
    record: str
    key: RecordKey
    kind: Kind
    version: int
    state: CaseState
    step: Step
    newest: int = 1
    reason: str = ""
    reading: Reading | None = None
    invoice: Invoice | None = None
    posted: Invoice | None = None
    document: str | None = None
    counterparty: str | None = None
    duplicate_key: str | None = None
    parties: Ranking = Ranking()
    ranking: Ranking = Ranking()
    decision: Decision | None = None
    entry: str | None = None
    by: str = "well"
    failure: Failure | None = None
    attempts: int = 0
    overturned: bool = False
    correction: Correction | None = None
    updated_at: datetime | None = None

    @property
    def kept_out(self) -> bool:
        """Whether a rule of the flow ignored it, which a person may change; other records are
        ignored for what they are."""
        reasons = self.decision.reasons if self.decision else ()
        return self.state is CaseState.IGNORED and any(r.code == KEPT_OUT for r in reasons)

    def to(self, state: CaseState, step: Step, reason: str = "") -> Self:
        """The case in another state; a waiting case must have a step that is not done."""
        assert (state is CaseState.WAITING) == (step is not Step.DONE), "step only while waiting"
        return replace(self, state=state, step=step, reason=reason)
