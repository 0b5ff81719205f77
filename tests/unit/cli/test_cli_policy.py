"""`well policy simulate`: what it prints, what it refuses, and that it changes nothing."""

import json
from datetime import timedelta

import pytest

from builders.facts import bill_facts
from builders.office import Office, build_office
from well.bootstrap import well
from well.cli.main import main
from well.cli.policy_report import precision
from well.domain.trail import TrailEvent
from well.pipeline.codec import facts_json
from well.policy.simulate import Checked

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def office() -> Office:
    office = build_office(each=1)
    now = well().clock.now()
    for days, case in ((2, office.cases["linked"][0]), (1, office.cases["posted"][0])):
        detail = {
            "flow": case.flow,
            "case": case.id,
            "outcome": "post",
            "facts": facts_json(bill_facts()),
        }
        when = now - timedelta(days=20 * days)
        office.store.append([TrailEvent(when, "well", "decided", case.record, detail)])
    return office


def run(*words: str) -> int:
    return main(["policy", "simulate", *words])


def test_the_table_shows_before_and_after_with_totals_and_records(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--flow", "flow-1", "--auto-post", "0.95") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[:2] == [
        "Atelier Lune SAS to Atelier Lune: the last 90 days, 2 decisions",
        "  auto_post: 0.85 -> 0.95",
    ]
    assert "  post     -> review          2  2568.74 EUR" in out
    assert "2 of 2 would have come out otherwise." in out
    assert "Decided alone before: no judgements yet." in out
    assert "Decided alone after: no judgements yet." in out
    assert "The newest 2 that would change (well explain RECORD tells all):" in out
    first = next(line for line in out if office.cases["posted"][0].record in line)
    assert first.endswith("1284.37 EUR  post -> review")
    assert "      Posting it new is 93 % likely to need no correction." in out
    assert office.store.flows()[0] == office.flow


def test_days_narrow_the_window(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--days", "30", "--rule", "auto_post=0.95") == 0
    assert "the last 30 days, 1 decisions" in capsys.readouterr().out
    assert run("--days", "10") == 0
    out = capsys.readouterr().out
    assert "No rule was changed." in out
    assert "Nothing was decided in this time, so nothing would have come out otherwise." in out


def test_the_same_as_json(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "--rule", "closed_until=2026-12-31", "--review", "0.5") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["flow"] == "flow-1"
    assert (told["days"], told["decided"], told["changed"]) == (90, 2, 2)
    assert told["rules"] == {
        "review": {"before": "0.55", "after": "0.5"},
        "closed_until": {"before": "none", "after": "2026-12-31"},
    }
    assert told["moves"] == [
        {
            "before": "post",
            "after": "review",
            "records": 2,
            "totals": [{"amount": "2568.74", "currency": "EUR"}],
        }
    ]
    assert told["examples"][0]["case"] == office.cases["posted"][0].id
    assert told["examples"][0]["total"] == {"amount": "1284.37", "currency": "EUR"}
    assert told["checked_after"] == {"right": 0, "checked": 0, "lower_bound": None}
    assert (told["unlike"], told["unreadable"]) == (0, 0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--review", "0.9"], "The review limit 0.9 is above the auto-post limit 0.85"),
        (["--auto-post", "x"], "auto_post: “x” is no share"),
        (["--rule", "review"], "“review” is no rule: write name=value."),
        (["--flow", "nope"], "There is no flow 'nope'."),
        (["--workspace", "nope"], "There is no flow yet."),
        (["--days", "0"], "--days takes a number from 1 to 3660."),
        (["--days", "3661"], "--days takes a number from 1 to 3660."),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    office: Office, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert run(*words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"well policy: {sentence}")


def test_of_several_flows_one_has_to_be_named(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    other = build_office("Other House", each=0)
    assert run() == 2
    assert "There are several flows, name one with --flow: flow-1 (" in capsys.readouterr().err
    assert run("--workspace", other.workspace) == 0
    assert run("--workspace", office.workspace, "--flow", office.flow.name) == 0


def test_precision_tells_share_and_lower_bound() -> None:
    assert precision(Checked(0, 0)) == "no judgements yet"
    assert precision(Checked(59, 59)) == (
        "59 of 59 that a person judged were right (100.0%, at least 95.0% with 95 % confidence)"
    )
    assert precision(Checked(0, 3)) == (
        "0 of 3 that a person judged were right (0.0%, at least 0.0% with 95 % confidence)"
    )


def test_notes_tell_what_was_left_out(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    case, now = office.cases["review"][0], well().clock.now()
    odd = {"flow": case.flow, "case": case.id, "outcome": "review"}
    with_facts = {**odd, "facts": facts_json(bill_facts())}
    office.store.append(
        [
            TrailEvent(now, "well", "decided", case.record, with_facts),
            TrailEvent(now, "well", "decided", "another", odd),
        ]
    )
    assert run() == 0
    out = capsys.readouterr().out
    assert "1 had come out otherwise under earlier limits or an earlier policy" in out
    assert "1 could not be read back and are left out." in out
