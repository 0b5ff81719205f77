"""What people said, in numbers, and how many second looks wait."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from builders.stores import NOON, REGION, some_stores
from builders.values import a_case
from well.domain.case import CaseState
from well.domain.learning import KeptJudgement, SpotCheck
from well.storage.learned import Judged, Saying, judged, open_checks, sayings
from well.storage.store import DjangoStore

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def store(tmp_path: Path) -> DjangoStore:
    return some_stores(tmp_path).open("ws", REGION)


def _say(
    store: DjangoStore, case: str, second: int, verdict: str, by: str, flow: str = "f"
) -> None:
    at = NOON + timedelta(seconds=second)
    store.keep_judgement(KeptJudgement(case, flow, at, by, verdict, "e1"))


def test_nothing_was_said_of_a_new_flow(store: DjangoStore) -> None:
    assert judged(store.tenant, "f") == Judged(0, 0, 0, 0)
    assert sayings(store.tenant, "c") == []
    assert open_checks(store.tenant) == {}


def test_records_people_and_undone_judgements_are_counted(store: DjangoStore) -> None:
    _say(store, "c1", 1, "link", "ann")
    _say(store, "c1", 2, "retry", "ben")
    _say(store, "c1", 3, "link", "ann")
    _say(store, "c2", 4, "approve", "ann")
    _say(store, "c3", 5, "approve", "eve", flow="other")
    assert judged(store.tenant, "f") == Judged(2, 2, 2, 0)


def test_forgotten_ones_are_no_judgements_and_whoever_forgot_judged_nothing(
    store: DjangoStore,
) -> None:
    _say(store, "c1", 1, "link", "ann")
    _say(store, "c2", 2, "link", "ann")
    _say(store, "c1", 3, "forgotten", "zoe")
    _say(store, "c2", 4, "forgotten", "zoe")
    _say(store, "c2", 5, "link", "ann")
    assert judged(store.tenant, "f") == Judged(2, 1, 1, 1)


def test_what_was_said_of_a_record_tells_what_replaced_it(store: DjangoStore) -> None:
    _say(store, "c1", 1, "link", "ann")
    _say(store, "c1", 2, "retry", "ben")
    _say(store, "c1", 3, "forgotten", "zoe")
    _say(store, "c2", 4, "link", "ann")

    def said(second: int, by: str, verdict: str, replaced: str) -> Saying:
        return Saying(NOON + timedelta(seconds=second), by, verdict, "e1", replaced)

    assert sayings(store.tenant, "c1") == [
        said(2, "ben", "retry", "forgotten"),
        said(1, "ann", "link", "retry"),
    ]
    assert sayings(store.tenant, "c2") == [said(4, "ann", "link", "")]


def test_only_checks_that_still_can_be_answered_wait(store: DjangoStore) -> None:
    cases = [
        a_case(1, "f", state=CaseState.POSTED),
        a_case(2, "f", state=CaseState.LINKED),
        a_case(3, "g", state=CaseState.LINKED),
        a_case(4, "f", state=CaseState.REVIEW),
        a_case(5, "f", state=CaseState.POSTED, by="ann"),
        a_case(6, "f", state=CaseState.POSTED),
    ]
    store.save_cases(cases, NOON)
    checks = [SpotCheck(c.id, c.flow, c.record, 0.9, 1.0, NOON) for c in cases]
    checks[5] = replace(checks[5], right=True, by="ann", answered_at=NOON)
    store.save_spot_checks(checks)
    assert open_checks(store.tenant) == {"f": 2, "g": 1}
    listed = store.spot_checks("f", answered=False, limit=9)
    assert {one.case for one in listed} == {cases[0].id, cases[1].id}
