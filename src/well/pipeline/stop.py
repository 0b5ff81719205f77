"""Stop: take the one record a batch breaks on out of the line, so that the others go on.

Invariant: the record is kept and shown as failed with a retry; nothing else is touched.
"""

from dataclasses import replace

from well.domain.case import CaseState, Step
from well.domain.failure import Failure, FailureKind, WayOut
from well.pipeline.work import Work


def fail_head(work: Work, error: Exception) -> bool:
    """Fail the case the line would take next (with a batch of one); False when none waits."""
    for step in (Step.READ, Step.DECIDE):
        cases = work.store.cases_at(work.flow.id, CaseState.WAITING, step, 1)
        if cases:
            failure = Failure(
                FailureKind.BUG,
                "Well stumbled over this record and set it aside. Nothing of it is lost; "
                "retry it, or send its id to whoever runs Well.",
                operator_note=f"{type(error).__name__}: {error}"[:500],
                way_out=WayOut.RETRY,
            )
            case = replace(cases[0].to(CaseState.FAILED, Step.DONE, failure.sentence))
            with work.store.unit():
                work.store.save_cases([replace(case, failure=failure)], work.clock.now())
                work.append([work.event("failed", case.record, case=case.id, step=step.value)])
            return True
    return False
