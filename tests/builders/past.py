"""Decisions of the past in an office's trail, with the facts they were made from.

Invariant: written as the pipeline writes them; nothing else of the office changes.
"""

from datetime import timedelta

from builders.office import Office
from well.bootstrap import well
from well.domain.case import Case
from well.domain.trail import TrailEvent
from well.pipeline.codec import facts_json
from well.policy import Facts, decide


def decided(office: Office, case: Case, facts: Facts, days_ago: int = 1) -> None:
    """One "decided" event of the case, so many days ago."""
    decision = decide(facts)
    detail = {
        "flow": case.flow,
        "case": case.id,
        "outcome": decision.outcome.value,
        "confidence": round(decision.confidence, 6),
        "entry": decision.entry,
        "reasons": [reason.code for reason in decision.reasons],
        "facts": facts_json(facts),
    }
    when = well().clock.now() - timedelta(days=days_ago)
    office.store.append([TrailEvent(when, "well", "decided", case.record, detail)])
