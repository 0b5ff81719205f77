"""Judgements, spot checks and flow memories: what comes back, in which order."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from builders.stores import NOON, REGION, some_stores
from builders.values import a_case
from well.domain.case import CaseState
from well.domain.learning import FlowMemory, KeptJudgement, SpotCheck
from well.storage.models import FlowMemoryRow, JudgementRow
from well.storage.scope import reading, rows
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def _judged(number: int, seconds: int = 0, **changes: object) -> KeptJudgement:
    at = NOON + timedelta(seconds=seconds)
    kept = KeptJudgement(f"c{number}", "flow", at, "ann", "link", "e1", "note", True, 0.7, "[]")
    return replace(kept, **changes)


def _check(number: int = 1, **changes: object) -> SpotCheck:
    case = a_case(number)
    return replace(SpotCheck(case.id, "flow", case.record, 0.9, 0.5, NOON), **changes)


def test_a_judgement_comes_back_as_it_was_kept(store: DjangoStore) -> None:
    store.keep_judgement(_judged(1))
    assert store.newest_judgement("c1") == _judged(1)
    assert store.newest_judgement("c2") is None


def test_the_same_judgement_again_is_kept_once(store: DjangoStore) -> None:
    store.keep_judgement(_judged(1))
    store.keep_judgement(_judged(1, note="other words"))
    assert store.newest_judgement("c1") == _judged(1)


def test_the_newest_judgement_of_a_case_counts(store: DjangoStore) -> None:
    for kept in (_judged(1, 5), _judged(1, 1), _judged(2, 3), _judged(3, 2, flow="other")):
        store.keep_judgement(kept)
    assert store.newest_judgement("c1") == _judged(1, 5)
    assert store.newest_judgements("flow") == [_judged(2, 3), _judged(1, 5)]


def test_agreements_in_a_row_begin_after_the_last_disagreement(store: DjangoStore) -> None:
    assert store.agreed_in_a_row("flow") == 0
    store.keep_judgement(_judged(1))
    store.keep_judgement(_judged(2, 1))
    assert store.agreed_in_a_row("flow") == 2
    store.keep_judgement(_judged(3, 2, agreed=False))
    store.keep_judgement(_judged(4, 3))
    store.keep_judgement(_judged(5, 4, agreed=None))
    store.keep_judgement(_judged(6, 5, flow="other"))
    assert store.agreed_in_a_row("flow") == 1


def test_a_flows_memory_is_replaced_whole(store: DjangoStore) -> None:
    assert store.flow_memory("flow") == FlowMemory()
    with store.unit():
        assert store.flow_memory("flow", lock=True) == FlowMemory()
        store.save_flow_memory("flow", FlowMemory("counts", 0.93, True))
    assert store.flow_memory("flow") == FlowMemory("counts", 0.93, True)
    with store.unit():
        assert store.flow_memory("flow", lock=True) == FlowMemory("counts", 0.93, True)
    assert store.flow_memory("other") == FlowMemory()


def test_what_was_learned_and_said_is_sealed(store: DjangoStore) -> None:
    store.save_flow_memory("flow", FlowMemory("secret counts"))
    store.keep_judgement(_judged(1, note="secret note"))
    with reading(store.tenant):
        bodies = [
            bytes(rows(FlowMemoryRow, store.tenant).get().body),
            bytes(rows(JudgementRow, store.tenant).get().body),
        ]
    assert not any(b"secret" in body for body in bodies)


def test_open_checks_are_those_of_cases_at_the_target(store: DjangoStore) -> None:
    posted = a_case(1, state=CaseState.POSTED)
    linked = a_case(2, state=CaseState.LINKED)
    store.save_cases([posted, linked, a_case(3)], NOON)
    later = NOON + timedelta(seconds=1)
    store.save_spot_checks([_check(1, chosen_at=later), _check(2), _check(3)])
    assert store.spot_checks("flow", answered=False, limit=9) == [
        _check(2),
        _check(1, chosen_at=later),
    ]
    assert store.spot_checks("flow", answered=False, limit=1) == [_check(2)]
    assert store.spot_checks("flow", answered=True, limit=9) == []
    assert store.spot_checks("other", answered=False, limit=9) == []


def test_answered_checks_come_in_the_order_of_their_answers(store: DjangoStore) -> None:
    first = _check(2, right=False, by="ann", answered_at=NOON)
    second = _check(1, right=True, by="ben", answered_at=NOON + timedelta(seconds=1))
    store.save_spot_checks([_check(1), _check(2)])
    store.save_spot_checks([second, first])
    assert store.spot_checks("flow", answered=True, limit=9) == [first, second]
    assert store.spot_checks("flow", answered=True, limit=1) == [first]
    assert store.spot_check(first.case) == first
    assert store.spot_check("none") is None


def test_decisions_without_a_person_are_counted_from_a_day_on(store: DjangoStore) -> None:
    store.save_cases([a_case(1, state=CaseState.POSTED), a_case(2, state=CaseState.LINKED)], NOON)
    store.save_cases([a_case(3, state=CaseState.POSTED, by="ann"), a_case(4)], NOON)
    store.save_cases([a_case(5, "other", state=CaseState.POSTED)], NOON)
    assert store.decided_alone("flow", NOON) == 2
    assert store.decided_alone("flow", NOON + timedelta(seconds=1)) == 0
