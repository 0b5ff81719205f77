"""The same books in another provider's words: every row of the truth stays, under its new name.

Invariant: the view here is made for the test; each provider's own is tested with its stand-in.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pytest

from well.sandbox.world import World, build_world, score
from well.sandbox.world.views import Record, Step, View, truth_as

NAMES = {"Bill": "Facture", "Invoice": "Facture", "VendorCredit": "Avoir"}


def _objects(records: Iterable[Record]) -> Iterator[Record]:
    for entity, body in records:
        if entity in ("Bill", "VendorCredit", "Invoice"):
            yield NAMES[entity], {"key": f"{entity}-{body['Id']}"}


def _later(steps: Iterable[Step]) -> Iterator[Step]:
    for operation, entity, body in steps:
        if entity in NAMES:
            yield operation, NAMES[entity], {"key": f"{entity}-{body['Id']}"}


VIEW = View(
    source="boreal",
    record=lambda entity, key: (NAMES[entity], f"{entity}-{key}"),
    objects=_objects,
    later=_later,
    id_of=lambda _, body: str(body["key"]),
    entry=lambda key: f"at-{key}",
)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(60, 2, date(2026, 11, 21))


@pytest.fixture
def truth(world: World) -> dict[str, Any]:
    return truth_as(VIEW, world)


def test_every_record_of_the_truth_is_renamed_and_judged_as_before(
    world: World, truth: dict[str, Any]
) -> None:
    before = world.truth()
    assert len(truth["records"]) == len(before["records"])
    for was, now in zip(before["records"], truth["records"], strict=True):
        assert (now["entity"], now["id"]) == VIEW.record(was["entity"], was["id"])
        assert now["entry"] == (was["entry"] and f"at-{was['entry']}")
        assert (now["ok"], now["document"]) == (was["ok"], was["document"])
    assert truth["entries"] == {f"at-{id}": d for id, d in before["entries"].items()}


def test_the_expected_counts_are_those_of_the_rewritten_books_inside_the_window(
    world: World, truth: dict[str, Any]
) -> None:
    before = world.truth()["expected"]
    wanted = {"Facture": before["Bill"] + before["Invoice"], "Avoir": before["VendorCredit"]}
    assert truth["expected"] == wanted
    new = Counter(e for op, e, _ in VIEW.later(world.second_act()) if op == "create")
    assert truth["expected_after"] == dict(Counter(wanted) + new)


def _all_in_review(truth: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"entity": r["entity"], "id": r["id"], "state": "review", "by": "well", "entry": None}
        for r in truth["records"]
        if r["act"] == 1 and r.get("in_window", True)
    ]


def test_a_kind_with_judged_and_other_records_counts_each_missing_one_once(
    world: World, truth: dict[str, Any]
) -> None:
    sales = world.truth()["expected"]["Invoice"]
    cases = _all_in_review(truth)
    assert score(truth, cases, [], 0)["lost"] == sales
    other = {"entity": "Facture", "state": "ignored", "by": "well", "entry": None}
    cases += [other | {"id": f"sale-{number}"} for number in range(sales)]
    assert score(truth, cases, [], 0)["lost"] == 0
    assert score(truth, cases[1:], [], 0)["lost"] == 1
    assert score(truth, cases[:-1], [], 0)["lost"] == 1


@pytest.mark.parametrize(("source", "unknown"), [("boreal", 0), ("quickbooks", 1)])
def test_a_posted_file_is_known_by_the_token_of_its_own_source_only(
    truth: dict[str, Any], source: str, unknown: int
) -> None:
    record = next(r for r in truth["records"] if r["scenario"] == "normal")
    cases = _all_in_review(truth)
    entry = {"id": "new", "file_name": f"F-1--{source}-facture-{record['id'].lower()}.pdf"}
    case = next(c for c in cases if c["id"] == record["id"])
    case |= {"state": "posted", "entry": "new"}
    result = score(truth, cases, [entry], 0)
    assert result["unknown_entries"] == unknown
    assert (result["auto_precision"] == 1.0) is (unknown == 0)
