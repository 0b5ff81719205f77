"""Decide: turn what is known of each record into its outcome, and plan postings.

Invariant: the verdict is a pure function of `Facts`, which go to the trail with it, so it can be
replayed; the posting is planned in the transaction of the decision (an outbox), which holds the
target, so that two flows cannot plan the same document at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from well import policy
from well.domain.case import Case, CaseState, Step
from well.domain.counterparty import Counterparty
from well.domain.decision import Decision, Outcome, Versions
from well.domain.posting import Posting, PostingState
from well.domain.trail import TrailEvent
from well.pipeline.accounts import learn_sightings, same_persons, usual_accounts
from well.pipeline.backfill import window_start
from well.pipeline.checks import acting_threshold, choose_checks
from well.pipeline.codec import facts_json
from well.pipeline.loops import take_out
from well.pipeline.match import match
from well.pipeline.plan import plan_posting, posting_of, withdrawn
from well.pipeline.resolve import resolve
from well.pipeline.shared import on_their_way, owners
from well.pipeline.taught import Taught, taught
from well.pipeline.work import Work
from well.policy import Facts

_STATES = {
    Outcome.REVIEW: CaseState.REVIEW,
    Outcome.REFUSE: CaseState.REFUSED,
    Outcome.HOLD: CaseState.HELD,
    Outcome.IGNORE: CaseState.IGNORED,
    Outcome.LINK: CaseState.LINKED,
}


def decide_batch(work: Work) -> int:
    """Resolve, match and decide the next cases that wait for it; returns how many."""
    cases = list(work.store.cases_at(work.flow.id, CaseState.WAITING, Step.DECIDE, work.batch))
    if not cases:
        return 0
    now = work.clock.now()
    with work.store.unit():
        work.store.hold_target(work.flow.target)
        known = taught(work)
        resolved, parties = resolve(work, take_out(work, cases), known)
        parties = learn_sightings(work, resolved, parties)
        matched = sorted(match(work, resolved, parties, known), key=_order)
        _decide_all(work, matched, parties, known, now)
    return len(cases)


def _order(case: Case) -> tuple[str, str]:
    """Of two records of the same document the one entered first is the document."""
    return case.key.source_id.zfill(24), case.id


def _decide_all(
    work: Work,
    cases: Sequence[Case],
    parties: Mapping[str, Counterparty],
    state: Taught,
    now: datetime,
) -> None:
    twins, near = _twins(work, cases), on_their_way(work, cases)
    persons = same_persons(work, cases)
    since = window_start(work)
    threshold = acting_threshold(work, state.memory)
    parties_of = [case.counterparty for case in cases if case.counterparty]
    known = work.store.with_documents(work.flow.id, parties_of)
    postings = work.store.postings([posting_of(work, case) for case in cases])
    unseen_from = _unseen_from(work, now)
    after: list[Case] = []
    decided: list[tuple[Case, Decision, Facts]] = []
    planned: list[Posting] = []
    events: list[TrailEvent] = []
    for case in cases:
        facts = replace(
            _facts(work, case, parties.get(case.id), twins, state.name),
            looks_like=near.get(case.id),
            today=now.date(),
            since=since,
            usual_ibans=usual_accounts(persons[case.id]),
            first_document=case.counterparty not in known,
            threshold=threshold,
            overturned=case.overturned,
            unseen_from=unseen_from,
        )
        decision = policy.decide(facts)
        posting = postings.get(posting_of(work, case))
        done = apply(case, decision, posting)
        decided.append((done, decision, facts))
        if decision.outcome is Outcome.POST:
            planned.append(plan_posting(work, done, decision.record_confidence, now))
            _claim(twins, done)
        elif posting is not None and posting.state is PostingState.PLANNED:
            planned.append(withdrawn(posting))
        if decision.outcome is Outcome.LINK:
            _claim(twins, done)
        after.append(done)
        events.append(_event(work, done, decision, facts))
    work.store.save_cases(after, now)
    work.store.save_postings(planned)
    work.store.save_spot_checks(choose_checks(work, decided, now))
    work.append(events)


def _unseen_from(work: Work, now: datetime) -> date | None:
    """Since when a target takes documents that does not let Well see what it holds."""
    if work.target.limits.sees_entries:
        return None
    return (work.store.connection(work.flow.target).connected_at or now).date()


def _twins(work: Work, cases: Sequence[Case]) -> dict[str, str]:
    """For each duplicate key, the record that owns the document already."""
    keys = sorted({case.duplicate_key for case in cases if case.duplicate_key})
    return {key: group[0].record for key, group in owners(work.store, work.flow, keys).items()}


def _claim(twins: dict[str, str], case: Case) -> None:
    if case.duplicate_key:
        twins.setdefault(case.duplicate_key, case.record)


def _facts(
    work: Work,
    case: Case,
    party: Counterparty | None,
    twins: Mapping[str, str],
    matched_by: str,
) -> Facts:
    owner = twins.get(case.duplicate_key) if case.duplicate_key else None
    return Facts(
        invoice=case.invoice,
        reading=case.reading,
        parties=case.parties,
        party=party,
        ranking=case.ranking,
        rules=work.flow.rules,
        versions=Versions(
            matching=matched_by,
            policy=policy.VERSION,
            mapping=work.flow.mapping.version,
            rules=work.flow.rules.version,
        ),
        duplicate_of=owner if owner != case.record else None,
        previous=case.posted,
        previous_entry=case.entry,
        target_updatable=False,
        posted_kind=work.posts(case.kind),
        deleted=case.reason == "deleted at the source",
        kind=case.kind,
        stream=case.key.stream,
    )


def apply(case: Case, decision: Decision, posting: Posting | None) -> Case:
    """The case after its decision."""
    case = replace(case, decision=decision, by="well")
    sentence = decision.reasons[0].sentence if decision.reasons else ""
    if decision.outcome is Outcome.POST:
        return case.to(CaseState.WAITING, Step.POST, sentence)
    if posting is not None and posting.asks:
        if decision.outcome is Outcome.KEEP:
            return case.to(CaseState.REVIEW, Step.DONE, posting.asks)
        if decision.outcome is Outcome.HOLD:
            return case.to(CaseState.HELD, Step.DONE, f"{sentence} {posting.asks}")
    if decision.outcome is Outcome.KEEP:
        return case.to(_kept_state(posting), Step.DONE, sentence)
    if decision.outcome is Outcome.LINK:
        case = replace(case, entry=decision.entry, posted=case.invoice)
    return case.to(_STATES[decision.outcome], Step.DONE, sentence)


def _kept_state(posting: Posting | None) -> CaseState:
    if posting is None:
        return CaseState.LINKED
    written = posting.state is PostingState.CONFIRMED or posting.may_be_there
    return CaseState.POSTED if written else CaseState.LINKED


def _event(work: Work, case: Case, decision: Decision, facts: Facts) -> TrailEvent:
    return work.event(
        "decided",
        case.record,
        case=case.id,
        outcome=decision.outcome.value,
        confidence=round(decision.confidence, 6),
        entry=decision.entry,
        reasons=[reason.code for reason in decision.reasons],
        facts=facts_json(facts),
    )
