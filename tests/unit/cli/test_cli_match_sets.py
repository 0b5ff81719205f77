"""`well match --sets`: which lines are written, and what they say."""

import json
from pathlib import Path
from typing import Any

import pytest

from well.cli.match_sets import answer_sets, answers
from well.cli.rows import Row

EMPTY = Row(0, "", "", "", "", None, "", None, None, "", "", "", "", "", "")
DAY = 739_700


def row(id: str, amount: int | None, **fields: Any) -> Row:
    return EMPTY._replace(id=id, amount=amount, **{"name": "Acme SAS", "currency": "EUR"} | fields)


def lines(sources: list[Row], targets: list[Row]) -> dict[str, Any]:
    return {line["source_id"]: line for line in answers(sources, targets)}


def targets() -> list[Row]:
    return [
        row("t1", 12_345, reference="FA-2026-1001", date=DAY, due=DAY + 30),
        row("t2", 6_789, reference="FA-2026-1002", date=DAY + 5, due=DAY + 35),
        row("t3", 55_511, reference="FA-2026-1003", date=DAY + 6, due=DAY + 36),
    ]


def test_one_line_is_written_for_every_unanswered_row_in_the_order_of_ids(tmp_path: Path) -> None:
    sources = [row("s2", 777), row("s1", 19_134, memo="FA-2026-1001, FA-2026-1002"), row("s0", 1)]
    out = tmp_path / "out.jsonl"
    assert answer_sets(sources, targets(), {"s1", "s2"}, out) == 2
    written = [json.loads(line) for line in (tmp_path / "out.jsonl.sets").read_text().splitlines()]
    assert [line["source_id"] for line in written] == ["s1", "s2"]
    assert written[0]["decision"] == "auto"
    assert written[0]["confidence"] > 0.99
    best = written[0]["sets"][0]
    assert best["target_ids"] == ["t1", "t2"]
    assert best["residuals"] == []
    assert {"feature", "source", "target", "level", "bits"} == set(best["evidence"][0])
    assert written[1]["decision"] == "refuse"
    assert written[1]["sets"] == []


def test_target_rows_that_are_linked_already_are_left_alone(tmp_path: Path) -> None:
    sources = [row("s1", 19_134, memo="FA-2026-1001, FA-2026-1002")]
    answer_sets(sources, targets(), ["s1"], tmp_path / "o", taken={"t2"})
    line = json.loads((tmp_path / "o.sets").read_text())
    assert line["decision"] != "auto"
    assert all("t2" not in one["target_ids"] for one in line["sets"])


def test_an_ambiguous_sum_is_for_a_person() -> None:
    same = [row("t1", 10_037), row("t2", 10_037), row("t3", 10_037)]
    line = lines([row("s", 20_074)], same)["s"]
    assert line["decision"] == "review"
    assert [one["target_ids"] for one in line["sets"]] == [["t1", "t2"], ["t1", "t3"], ["t2", "t3"]]
    assert (
        line["reason"] == "3 groups may be meant by 200.74 EUR and no reference tells them apart."
    )


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ({"name": "ACME  sas"}, {"name": "Acme SAS"}),
        ({"name": "A", "tax_id": "FR 40 303 265 045"}, {"name": "B", "tax_id": "FR40303265045"}),
        ({"name": "A", "iban": "FR1420041010050500013M02606"},
         {"name": "B", "iban": "FR14 2004 1010 0505 0001 3M02 606"}),
    ],
)  # fmt: skip
def test_rows_meet_by_tax_number_account_or_name(
    source: dict[str, str], target: dict[str, str]
) -> None:
    found = lines(
        [row("s", 19_134, **source)], [row("a", 12_345, **target), row("b", 6_789, **target)]
    )
    assert found["s"]["sets"][0]["target_ids"] == ["a", "b"]


def test_rows_of_one_counterparty_meet_through_any_of_its_keys() -> None:
    known = row("a", 12_345, name="A", tax_id="FR40303265045")
    found = lines([row("s", 19_134, name="a")], [known, row("b", 6_789, name="A")])
    assert found["s"]["sets"][0]["target_ids"] == ["a", "b"]


def test_a_counterparty_without_target_rows_is_refused_with_the_reason() -> None:
    line = lines([row("s", 12_345, name="Other")], targets())["s"]
    assert line["decision"] == "refuse"
    assert line["reason"] == "No target row is of the same counterparty."


@pytest.mark.parametrize("amount", [None, 0, 10**14 + 1, -(10**30)])
def test_rows_without_a_usable_amount_are_refused_and_disturb_nothing(amount: int | None) -> None:
    found = lines([row("s", amount), row("x", 19_134)], [*targets(), row("bad", amount)])
    assert found["s"]["decision"] == "refuse"
    assert found["s"]["reason"] == "The row has no usable amount."
    assert found["x"]["sets"][0]["target_ids"] == ["t1", "t2"]


def test_several_source_rows_that_make_one_target_row_share_a_set() -> None:
    sources = [
        row("s1", 30_000, memo="FA-2026-1003", date=DAY + 30),
        row("s2", 25_511, memo="FA-2026-1003", date=DAY + 40),
    ]
    found = lines(sources, targets())
    for id in ("s1", "s2"):
        assert found[id]["decision"] == "auto"
        assert found[id]["sets"][0]["target_ids"] == ["t3"]
        assert found[id]["sets"][0]["source_ids"] == ["s1", "s2"]


def test_parts_that_make_two_target_rows_are_for_a_person() -> None:
    same = [row("t1", 55_511, date=DAY), row("t2", 55_511, date=DAY)]
    parts = [row("s1", 30_000, date=DAY + 9), row("s2", 25_511, date=DAY + 9)]
    line = lines(parts, same)["s1"]
    assert line["decision"] == "review"
    assert line["reason"] == "Several target rows could be paid by these rows."
    assert [one["target_ids"] for one in line["sets"]] == [["t1"], ["t2"]]
    assert sum(one["confidence"] for one in line["sets"]) <= 1.0 + 1e-9


def test_several_for_several_are_proposed_to_a_person() -> None:
    owed = [row("t1", 10_007), row("t2", 20_011)]
    paid = [row("s1", 12_001), row("s2", 18_017)]
    line = lines(paid, owed)["s2"]
    assert line["decision"] == "review"
    assert line["confidence"] == 0.0
    assert line["reason"] == "2 payments equal 2 open items; a person decides."
    assert line["sets"][0]["source_ids"] == ["s1", "s2"]
    assert line["sets"][0]["target_ids"] == ["t1", "t2"]


def test_no_target_row_is_in_two_automatic_sets() -> None:
    sources = [row("s1", 19_134, memo="FA-2026-1001, FA-2026-1002"), row("s2", 6_789)]
    found = lines(sources, targets())
    used = [
        t for line in found.values() if line["decision"] == "auto"
        for t in line["sets"][0]["target_ids"]
    ]  # fmt: skip
    assert len(used) == len(set(used))
