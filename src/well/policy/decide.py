"""The decision table, row by row, with the hard stops above it.

Invariant: pure and total: the same facts give the same decision, and every decision says why, the
deciding reason first. It plans nothing and writes nothing.
"""

from well.domain.candidate import Candidate
from well.domain.decision import KEPT_OUT, Decision, Outcome, Reason
from well.policy.assess import MISSING_REFUSED, ceiling
from well.policy.confidence import percent, record_confidence
from well.policy.difference import posted_difference
from well.policy.facts import Facts
from well.policy.gates import before_window, fitting_entry
from well.policy.ruling import acting_limit, asking_limit, limits_told, never_posted
from well.policy.stops import OVERTURNED, link_stops, missing_fields, posting_stops, stops

VERSION = "table-2"


def decide(facts: Facts) -> Decision:
    """What is to happen to the record."""
    # A document that was mailed has no entry that is known, and is posted all the same.
    if facts.previous_entry is not None or facts.previous is not None:
        return _linked(facts, facts.previous_entry)
    if facts.deleted:
        return _plain(facts, Outcome.IGNORE, "deleted", "The record was deleted at the source.")
    if not facts.posted_kind:
        return _plain(
            facts, Outcome.IGNORE, "evidence_only", "This kind of record is kept, not posted."
        )
    if before_window(facts):
        return _plain(
            facts,
            Outcome.IGNORE,
            "before_window",
            f"It is dated before {facts.since}, where the history of this flow begins.",
        )
    never = never_posted(facts)
    if never:
        return _plain(facts, Outcome.IGNORE, KEPT_OUT, never)
    missing = missing_fields(facts.invoice)
    if len(missing) >= MISSING_REFUSED:
        return _verdict(facts, Outcome.REFUSE, _missing(missing), ())
    return _by_table(facts, missing)


def _linked(facts: Facts, entry: str | None) -> Decision:
    """A record that is linked already: keep, update, or hold what changed; never a second one."""
    if facts.deleted:
        sentence = "The record was deleted at the source after it had been posted."
        return _plain(facts, Outcome.HOLD, "deleted_after_posting", sentence, entry)
    if facts.overturned:
        return _plain(facts, Outcome.REVIEW, OVERTURNED.code, OVERTURNED.sentence, entry)
    changed = (
        posted_difference(facts.previous, facts.invoice)
        if facts.previous is not None and facts.invoice is not None
        else ()
    )
    if not changed:
        return _plain(facts, Outcome.KEEP, "unchanged", "Nothing that was posted changed.", entry)
    fields = ", ".join(name.replace("_", " ") for name in changed)
    if facts.target_updatable:
        return _plain(facts, Outcome.LINK, "update", f"Changed since posting: {fields}.", entry)
    return _plain(
        facts, Outcome.HOLD, "changed_since_posting", f"Changed since posting: {fields}.", entry
    )


def _by_table(facts: Facts, missing: tuple[str, ...]) -> Decision:
    """Rows of the table for a record that is not linked yet."""
    gates = tuple(_missing((label,)) for label in missing) + stops(facts)
    fitting = fitting_entry(facts)
    if fitting is not None:
        hard = gates + link_stops(fitting)
        if fitting.confidence >= acting_limit(facts) and not hard:
            return _verdict(facts, Outcome.LINK, _entry_reason(fitting), (), fitting)
        return _review(facts, hard, _entry_reason(fitting), fitting)
    hard = gates + posting_stops(facts)
    own, _ = record_confidence(facts)
    if own >= acting_limit(facts) and not hard:
        return _verdict(facts, Outcome.POST, _own_reason(own), ())
    if own >= asking_limit(facts) or hard or _doubt_is_duplicate(facts, own):
        return _review(facts, hard, _own_reason(own), facts.ranking.best)
    return _verdict(facts, Outcome.REFUSE, _own_reason(own), ())


def _doubt_is_duplicate(facts: Facts, own: float) -> bool:
    """The record itself is good enough; what is unsure is which existing entry it may be."""
    none = facts.ranking.none_confidence
    return none < acting_limit(facts) and own >= asking_limit(facts) * none


def _review(
    facts: Facts, hard: tuple[Reason, ...], band: Reason, best: Candidate | None
) -> Decision:
    first, *rest = (*hard, band)
    return _verdict(facts, Outcome.REVIEW, first, tuple(rest), best)


def _missing(labels: tuple[str, ...]) -> Reason:
    verb = "is" if len(labels) == 1 else "are"
    return Reason("missing", f"The {', '.join(labels)} {verb} missing.", stops=True)


def _entry_reason(best: Candidate) -> Reason:
    sentence = f"It is {percent(best.confidence)} likely that this is {best.label}."
    return Reason("existing_entry", sentence)


def _own_reason(own: float) -> Reason:
    return Reason(
        "own_confidence", f"Posting it new is {percent(own)} likely to need no correction."
    )


def _verdict(
    facts: Facts,
    outcome: Outcome,
    first: Reason,
    rest: tuple[Reason, ...],
    best: Candidate | None = None,
) -> Decision:
    """The decision with its reasons: the deciding one, the others, then what the record earned."""
    own, parts = record_confidence(facts)
    about_entry = best is not None and best.confidence >= asking_limit(facts)
    confidence = best.confidence if best is not None and about_entry else own
    shut = any(reason.stops for reason in (first, *rest))
    most = ceiling(facts, len(missing_fields(facts.invoice)), shut=shut)
    return Decision(
        outcome=outcome,
        confidence=confidence,
        shown=min(confidence, most),
        record_confidence=own,
        reasons=(first, *rest, *limits_told(facts), *parts),
        entry=best.id if best is not None else None,
        counterparty=facts.party.id if facts.party else None,
        versions=facts.versions,
    )


def _plain(
    facts: Facts, outcome: Outcome, code: str, sentence: str, entry: str | None = None
) -> Decision:
    """A decision that no probability has a part in."""
    return Decision(
        outcome=outcome,
        confidence=1.0,
        record_confidence=record_confidence(facts)[0],
        reasons=(Reason(code, sentence),),
        entry=entry,
        counterparty=facts.party.id if facts.party else None,
        versions=facts.versions,
    )
