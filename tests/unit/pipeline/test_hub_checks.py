"""The whole product answers a spot check, forgets, and looks for drift: owners are told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from builders.office import Office, build_office
from builders.values import an_invoice
from well.accounts.models import Notice
from well.bootstrap import well
from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.case import CaseState
from well.domain.learning import FlowMemory, SpotCheck
from well.domain.trail import TrailEvent
from well.matching.learn import NOTHING, Lag, Observation, gather, to_json
from well.pipeline.codec import facts_json
from well.pipeline.learning import learned_of
from well.policy import Facts
from well.worker.run import last_of_day

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def office() -> Office:
    return build_office(each=1)


def _chosen(office: Office, state: str, confidence: float = 0.91) -> str:
    case = office.cases[state][0]
    check = SpotCheck(case.id, case.flow, case.record, confidence, 1.0, well().clock.now())
    office.store.save_spot_checks([check])
    return case.id


def _notices() -> list[str]:
    return list(Notice.objects.order_by("id").values_list("text", flat=True))


def test_a_right_answer_is_kept_and_disturbs_nobody(office: Office) -> None:
    case = _chosen(office, "posted")
    assert well().answer_check(office.workspace, case, True, "ann") is None
    check = office.store.spot_check(case)
    assert check is not None
    assert (check.right, check.by) == (True, "ann")
    assert office.store.cases([case])[case].state is CaseState.POSTED
    assert _notices() == []


def test_a_wrong_answer_raises_the_limit_and_tells_owner_and_caller(office: Office) -> None:
    case = _chosen(office, "linked")
    alarm = well().answer_check(office.workspace, case, False, "ann", note="no")
    assert alarm is not None
    assert alarm.limit == office.store.flow_memory("flow-1").limit == 0.9188
    assert _notices() == [alarm.sentence]
    assert office.store.cases([case])[case].state is CaseState.REVIEW


def test_the_right_entry_is_taken_over(office: Office) -> None:
    case = _chosen(office, "linked")
    other = office.cases["linked"][0].ranking.candidates[1].id
    well().answer_check(office.workspace, case, False, "ann", other)
    after = office.store.cases([case])[case]
    assert (after.state, after.entry) == (CaseState.LINKED, other)


def test_a_flow_forgets_by_its_name(office: Office) -> None:
    learned = gather([Observation("c", 1, {}, lag=Lag("p", 3))])
    office.store.save_flow_memory("flow-1", FlowMemory(to_json(learned), 0.97))
    assert well().forget(office.workspace, "flow-1", "ann") == 0
    memory = office.store.flow_memory("flow-1")
    assert (learned_of(memory), memory.limit) == (NOTHING, 0.97)


def _decide(office: Office, level: str, count: int) -> None:
    rows = (Evidence("name", "a", "b", level, 1.0),)
    facts = Facts(an_invoice(), ranking=Ranking((Candidate("e", "e", 1.0, 0.9, rows),), 0.1))
    detail = {"flow": "flow-1", "case": "c", "facts": facts_json(facts)}
    told = TrailEvent(well().clock.now() - timedelta(days=1), "well", "decided", "r", detail)
    office.store.append([replace(told)] * count)


@pytest.mark.slow
def test_drift_is_told_once_to_the_owner_and_stands_in_the_trail(office: Office) -> None:
    _decide(office, "equal", 250)
    well().look_for_drift(office.workspace, "flow-1")
    assert _notices() == []
    _decide(office, "different", 500)
    well().look_for_drift(office.workspace, "flow-1")
    well().look_for_drift(office.workspace, "flow-1")
    (notice,) = _notices()
    assert "those before in: name." in notice
    Notice.objects.update(read_at=well().clock.now())
    well().look_for_drift(office.workspace, "flow-1")
    assert len(_notices()) == 1
    told = [e for e in office.store.trail_of(["flow-1"]) if e.verb == "records shifted"]
    assert [(e.actor, e.detail) for e in told] == [
        ("well", {"flow": "flow-1", "features": ["name"]})
    ]


@pytest.mark.parametrize(
    ("hour", "minutes", "last"),
    [(23, 59, False), (23, 60, True), (0, 1439, False), (0, 1440, True)],
)
def test_the_last_run_of_a_day_is_the_one_before_midnight(
    hour: int, minutes: int, last: bool
) -> None:
    assert last_of_day(datetime(2026, 5, 1, hour, tzinfo=UTC), timedelta(minutes=minutes)) is last
