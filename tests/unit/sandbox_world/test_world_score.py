"""The score on hand-made outcomes: a perfect day, and each way to fail.

Invariant: each test spoils one thing of the perfect day and looks at the one figure it moves.
"""

from collections import Counter
from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from well.sandbox.world import World, build_world, score

Row = dict[str, Any]


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(60, 2, date(2026, 11, 21))


@pytest.fixture
def truth(world: World) -> Row:
    return world.truth()


def perfect(world: World, truth: Row, act: int = 1) -> tuple[list[Row], list[Row]]:
    """What a careful accountant with endless patience would have done."""
    entries: list[Row] = [
        {"id": e["id"], "document": e["_document"], "file_name": e["file_name"], "sha256": ""}
        for e in world.qonto_entries()
    ]
    posted: set[str] = {entry["document"] for entry in entries}
    cases: list[Row] = []
    for record in truth["records"]:
        if record["act"] > act or not record.get("in_window", True):
            continue
        entity, key = record["entity"], record["id"]
        state = (record.get("ok_after", record["ok"]) if act == 2 else record["ok"])[0]
        entry = record["entry"]
        if state == "posted" and record["document"] in posted:
            state = "review"
        if state == "posted":
            posted.add(record["document"])
            entry = f"new-{entity}-{key}"
            name = f"x--quickbooks-{entity.lower()}-{key}.pdf"
            entries.append({"id": entry, "document": None, "file_name": name, "sha256": "00"})
        cases.append({"entity": entity, "id": key, "state": state, "by": "well", "entry": entry})
    present = Counter(case["entity"] for case in cases)
    for entity, count in truth["expected" if act == 1 else "expected_after"].items():
        cases += [
            {
                "entity": entity,
                "id": f"{entity}-{i}",
                "state": "ignored",
                "by": "well",
                "entry": None,
            }
            for i in range(count - present[entity])
        ]
    return cases, entries


def case_of(cases: list[Row], truth: Row, scenario: str) -> Row:
    record = next(r for r in truth["records"] if r["scenario"] == scenario)
    return next(c for c in cases if (c["entity"], c["id"]) == (record["entity"], record["id"]))


def test_a_perfect_day_scores_full(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    result = score(truth, cases, entries, len(truth["entries"]))
    assert result["auto_precision"] == result["auto_share"] == 1.0
    assert result["lost"] == result["duplicates"] == result["unknown_entries"] == 0
    assert result["wrong"] == []
    assert sum(result["by_outcome"].values()) == result["source_records"] == len(cases)
    assert result["target_entries_after"] == len(entries)


def test_posting_what_was_there_already_is_a_duplicate_and_wrong(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    case = case_of(cases, truth, "present_spelling")
    case |= {"state": "posted", "entry": "again"}
    name = f"x--quickbooks-bill-{case['id']}.pdf"
    entries.append({"id": "again", "document": None, "file_name": name, "sha256": "00"})
    result = score(truth, cases, entries, len(truth["entries"]))
    assert result["duplicates"] == 1
    assert result["auto_precision"] < 1
    assert result["wrong"][0]["scenario"] == "present_spelling"


def test_both_of_a_bill_entered_twice_may_not_go_out(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    twins = [r for r in truth["records"] if r["scenario"] == "twice"]
    for record in twins:
        case = next(c for c in cases if (c["entity"], c["id"]) == (record["entity"], record["id"]))
        if case["state"] != "posted":
            case |= {"state": "posted", "entry": f"twin-{record['id']}"}
            name = f"x--quickbooks-bill-{record['id']}.pdf"
            entry = {"id": f"twin-{record['id']}", "document": None, "file_name": name}
            entries.append(entry)
    result = score(truth, cases, entries, len(truth["entries"]))
    assert result["duplicates"] == 1
    assert [row["scenario"] for row in result["wrong"]] == ["twice"]


def test_the_second_of_a_twin_linked_to_the_first_is_right(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    ids = [r["id"] for r in truth["records"] if r["scenario"] == "twice"]
    first, second = (next(c for c in cases if c["id"] == one) for one in ids[:2])
    second |= {"state": "linked", "entry": first["entry"]}
    assert score(truth, cases, entries, len(truth["entries"]))["wrong"] == []


def test_a_link_to_the_wrong_entry_is_wrong(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    other = case_of(cases, truth, "present_cents")["entry"]
    case_of(cases, truth, "present_spelling")["entry"] = other
    result = score(truth, cases, entries, len(truth["entries"]))
    assert result["wrong"][0]["scenario"] == "present_spelling"


def test_asking_a_person_costs_share_but_no_precision(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    case = case_of(cases, truth, "facturx")
    entries = [entry for entry in entries if entry["id"] != case["entry"]]
    case |= {"state": "review", "entry": None}
    result = score(truth, cases, entries, len(truth["entries"]))
    assert result["auto_precision"] == 1.0
    assert result["auto_share"] < 1.0
    assert result["lost"] == 0


def test_posting_what_belongs_before_a_person_costs_precision(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    case = case_of(cases, truth, "iban_changed")
    case |= {"state": "posted", "entry": "bad"}
    name = f"x--quickbooks-bill-{case['id']}.pdf"
    entries.append({"id": "bad", "document": None, "file_name": name, "sha256": "0"})
    result = score(truth, cases, entries, len(truth["entries"]))
    assert result["auto_precision"] < 1
    by_hand = dict(case, by="anna@example.org")
    rest = [c for c in cases if c is not case]
    assert score(truth, [*rest, by_hand], entries, len(truth["entries"]))["auto_precision"] == 1


def test_what_is_reported_posted_but_is_not_there_is_lost(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    gone = case_of(cases, truth, "facturx")["entry"]
    left = [entry for entry in entries if entry["id"] != gone]
    assert score(truth, cases, left, len(truth["entries"]))["lost"] == 1


@pytest.mark.parametrize("state", ["waiting", None, "somewhere"])
def test_a_case_in_no_final_state_is_lost(world: World, truth: Row, state: str | None) -> None:
    cases, entries = perfect(world, truth)
    case_of(cases, truth, "broken")["state"] = state
    assert score(truth, cases, entries, len(truth["entries"]))["lost"] == 1


def test_missing_and_doubled_records_are_lost(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    vendor = next(case for case in cases if case["entity"] == "Vendor")
    without = [case for case in cases if case is not vendor]
    assert score(truth, without, entries, len(truth["entries"]))["lost"] == 1
    assert score(truth, [*cases, dict(vendor)], entries, len(truth["entries"]))["lost"] == 1
    bill = case_of(cases, truth, "broken")
    rest = [case for case in cases if case is not bill]
    assert score(truth, rest, entries, len(truth["entries"]))["lost"] == 1


def test_a_delivery_note_at_the_target_is_no_invoice(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    keys = [
        key for key, (b, form) in world._settled.files.items()
        if b.scenario == "two_attachments" and form == "delivery"
    ]  # fmt: skip
    wrong_file = world.file(keys[0])[2]
    case = case_of(cases, truth, "two_attachments")
    posted = next(entry for entry in entries if entry["id"] == case["entry"])
    posted["sha256"] = sha256(wrong_file).hexdigest()
    result = score(world.truth(), cases, entries, len(truth["entries"]))
    assert result["unknown_entries"] == 1
    assert result["lost"] == 1
    assert result["wrong"][0]["scenario"] == "two_attachments"


def test_doubles_that_were_there_before_do_not_count(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth)
    first = dict(entries[0], id="older-double")
    truth["entries"] = truth["entries"] | {"older-double": first["document"]}
    result = score(truth, cases, [*entries, first], len(truth["entries"]))
    assert result["duplicates"] == 0


def test_after_the_second_act_an_edited_bill_must_be_held(world: World, truth: Row) -> None:
    cases, entries = perfect(world, truth, act=2)
    result = score(truth, cases, entries, len(truth["entries"]), act=2)
    assert result["wrong"] == []
    assert result["lost"] == 0
    record = next(r for r in truth["records"] if r.get("change") == "amount")
    case = next(c for c in cases if c["id"] == record["id"])
    case |= {"state": "posted", "entry": "kept"}
    name = f"x--quickbooks-bill-{case['id']}.pdf"
    entries.append({"id": "kept", "document": None, "file_name": name, "sha256": "0"})
    result = score(truth, cases, entries, len(truth["entries"]), act=2)
    assert [row["change"] for row in result["wrong"]] == ["amount"]


def test_hostile_reports_do_not_crash_the_score(truth: Row) -> None:
    odd: list[Row] = [{}, {"entity": None, "id": 5, "state": 7}, {"entity": "Bill", "id": "145"}]
    result = score(truth, odd, [{}, {"id": None, "file_name": 9}], 0)
    assert result["lost"] > 60
