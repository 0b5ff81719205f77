"""One batch knows one state of what was learned, whatever people teach while it is decided."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from builders.values import a_case, a_party, an_entry
from simulation.history import History
from well.domain.case import Case, CaseState, Step
from well.domain.learning import FlowMemory
from well.domain.money import Money
from well.matching import RULES, entry_keys, party_keys
from well.matching.learn import Lag, Observation, gather, to_json
from well.pipeline.codec import facts_from
from well.pipeline.decide import decide_batch
from well.pipeline.learning import learned_of, model_name
from well.pipeline.work import Work
from well.policy.monitor import NOTHING_ALONE

SEEN = {"reference": "equal", "amount": "equal", "date": "same day"}
CALLS = ("parties_by", "entries_by", "linked_cases", "cases_like", "postings")
"""What a batch asks of its store, from its first step to its last."""


def _memory(links: int, limit: float | None) -> FlowMemory:
    """What that many links leave behind; the more, the less the shipped weights count."""
    seen = [
        Observation(f"c{n}", 24_300, SEEN, ({"reference": "different"},), lag=Lag("party-1", n % 3))
        for n in range(links)
    ]
    return FlowMemory(to_json(gather(seen)), limit)


FORMER, LATER = _memory(40, None), _memory(400, NOTHING_ALONE)


def _work() -> Work:
    """A case that waits for its decision, with its counterparty and an entry like it."""
    history = History(1)
    history.faults.healed = True
    work = history.work()
    case = a_case(1).to(CaseState.WAITING, Step.DECIDE)
    assert case.invoice is not None
    party = a_party(names=("Fournisseur 1",))
    entry = an_entry(
        supplier_name="Fournisseur 1",
        invoice_number="F-1",
        issue_date=date(2026, 1, 4),
        gross_total=Money(12_001, "EUR"),
    )
    work.store.save_parties([(party, party_keys(party))])
    work.store.save_entries("dst", [(entry, entry_keys([entry])[0])], RULES)
    work.store.save_cases([replace(case, decision=None)], work.clock.now())
    work.store.save_flow_memory("flow", FORMER)
    return work


def _decided(work: Work) -> tuple[Case, Any]:
    """The case after the batch, and the event of its decision."""
    assert decide_batch(work) == 1
    event = next(e for _, e in work.store.disk.trail if e.verb == "decided")  # type: ignore[attr-defined]
    return next(iter(work.store.cases([a_case(1).id]).values())), event.detail


def _first(work: Work, name: str, happens: Callable[[], None]) -> list[str]:
    """Let something happen whenever the store is called so; the calls are noted."""
    called: list[str] = []
    plain = getattr(work.store, name)

    def call(*words: Any, **named: Any) -> Any:
        called.append(name)
        happens()
        return plain(*words, **named)

    setattr(work.store, name, call)
    return called


@pytest.mark.parametrize("name", CALLS)
def test_what_is_taught_during_a_batch_counts_from_the_next_batch_on(name: str) -> None:
    case, detail = _decided(_work())
    work = _work()
    called = _first(work, name, lambda: work.store.save_flow_memory("flow", LATER))
    meanwhile, told = _decided(work)
    assert called
    assert (meanwhile.ranking, meanwhile.parties) == (case.ranking, case.parties)
    assert meanwhile.decision == case.decision
    assert told == detail
    versions = facts_from(told["facts"]).versions
    assert versions.matching == model_name(learned_of(FORMER))
    assert work.store.flow_memory("flow") == LATER


def test_the_next_batch_ranks_and_decides_by_what_was_taught() -> None:
    before, _ = _decided(_work())
    work = _work()
    work.store.save_flow_memory("flow", LATER)
    after, told = _decided(work)
    assert after.ranking != before.ranking
    facts = facts_from(told["facts"])
    assert facts.versions.matching == model_name(learned_of(LATER))
    assert facts.threshold == NOTHING_ALONE


def test_a_batch_reads_the_memory_once() -> None:
    work = _work()
    called = _first(work, "flow_memory", lambda: None)
    _decided(work)
    assert called == ["flow_memory"]
