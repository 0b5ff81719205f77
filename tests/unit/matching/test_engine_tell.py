"""Candidates as they are told: how many, in which order, with which rows of evidence."""

from dataclasses import replace

import numpy as np
import pytest

from builders.engine import every_pair, ints, sides
from well.domain.candidate import Candidate
from well.matching import tell
from well.matching.blocking import Pairs
from well.matching.columns import Raw
from well.matching.compare import Sides
from well.matching.habits import Known
from well.matching.link import Links, Model, levels_of, rated
from well.matching.tell import Teller

DAY = 738_000


def rated_sides(source: list[Raw], target: list[Raw]) -> tuple[Sides, Links]:
    both = sides(source, target)
    i, j = every_pair(both)
    pairs = Pairs(i, j, ints(*[0] * len(source)))
    return both, rated(pairs, levels_of(both, pairs), Model(), len(source))


def told(both: Sides, links: Links, most: int = 9, least: float = 0.0) -> list[list[Candidate]]:
    teller = Teller(links, Model(), both.source.raw, both.target.raw, most, least)
    return list(teller.all(len(both.source)))


def confident(links: Links, *confidences: float) -> Links:
    return replace(links, confidence=np.array(confidences))


def a_document(**fields: object) -> Raw:
    base = Raw("s", "Acme", "", "FA-2026-77", "", 12_345, None, "EUR", DAY)
    return base._replace(**fields)


def test_a_candidate_tells_both_values_the_level_and_the_bits_of_each_feature() -> None:
    both, links = rated_sides([a_document()], [a_document(id="t", names="Kodex", day=DAY + 1)])
    (found,) = told(both, links)[0]
    assert [(e.feature, e.source, e.target, e.level, e.bits) for e in found.evidence] == [
        ("reference", "FA-2026-77", "FA-2026-77", "equal", 10.0),
        ("amount", "123.45 EUR", "123.45 EUR", "equal, unlike supplier", 3.0),
        ("date", "2021-07-29", "2021-07-30", "1 day after", 2.0),
        ("name", "Acme", "Kodex", "nothing shared", -6.0),
    ]
    assert (found.id, found.label, found.bits) == ("t", "t", 9.0)
    assert found.confidence == links.confidence[0]


def test_the_rows_add_up_to_the_bits_exactly() -> None:
    source = [a_document(), a_document(id="s2", phone="0140000000", country="FR", memo="x y")]
    target = [a_document(id="t1", memo="x y z"), a_document(id="t2", reference="FA-2026-78")]
    both, links = rated_sides(source, target)
    for found in told(both, links):
        assert len(found) == 2
        for candidate in found:
            assert sum(row.bits for row in candidate.evidence) == candidate.bits


def test_a_value_that_one_side_has_is_shown_as_missing_on_the_other() -> None:
    both, links = rated_sides([a_document(reference="")], [a_document(id="t", phone="0140000000")])
    (found,) = told(both, links)[0]
    missing = [(e.feature, e.source, e.target) for e in found.evidence if e.level == "missing"]
    assert missing == [("reference", "", "FA-2026-77"), ("phone", "", "0140000000")]
    assert all(e.bits == 0.0 for e in found.evidence if e.level == "missing")


def test_a_taken_entry_is_told_although_no_side_says_so() -> None:
    both, links = rated_sides([a_document()], [a_document(id="t")])
    both = replace(both, taken=ints(0))
    links = rated(links.pairs, levels_of(both, links.pairs), Model(), 1)
    (found,) = told(both, links)[0]
    assert [(e.source, e.target, e.level) for e in found.evidence if e.feature == "owner"] == [
        ("", "", "taken")
    ]


def test_without_a_least_likelihood_all_are_told() -> None:
    both, links = rated_sides([a_document()], [a_document(id="a"), a_document(id="b")])
    links = confident(links, 0.9, 0.0)
    teller = Teller(links, Model(), both.source.raw, both.target.raw, 9)
    assert [[c.id for c in found] for found in teller.all(1)] == [["a", "b"]]


def three() -> tuple[Sides, Links]:
    return rated_sides([a_document()], [a_document(id=id) for id in ("c", "a", "b")])


def test_equal_candidates_come_in_the_order_of_their_ids() -> None:
    assert [c.id for c in told(*three())[0]] == ["a", "b", "c"]


def test_the_likeliest_comes_first() -> None:
    both, links = three()
    found = told(both, confident(links, 0.1, 0.2, 0.7))[0]
    assert [(c.id, c.confidence) for c in found] == [("b", 0.7), ("a", 0.2), ("c", 0.1)]


def test_of_equally_likely_ones_that_with_more_bits_comes_first() -> None:
    target = [a_document(id="a", names=""), a_document(id="b")]
    both, links = rated_sides([a_document()], target)
    found = told(both, confident(links, 0.4, 0.4), most=1)[0]
    assert [c.id for c in found] == ["b"]
    assert [c.id for c in told(both, confident(links, 0.4, 0.4))[0]] == ["b", "a"]


@pytest.mark.parametrize(("most", "ids"), [(1, ["b"]), (2, ["b", "a"]), (3, ["b", "a", "c"])])
def test_no_more_than_so_many_are_told(most: int, ids: list[str]) -> None:
    both, links = three()
    assert [c.id for c in told(both, confident(links, 0.1, 0.2, 0.7), most)[0]] == ids


def test_each_document_tells_as_many_also_behind_one_without_candidates() -> None:
    source = [a_document(id=f"s{n}", reference=f"FA-2026-{n}") for n in range(3)]
    target = [a_document(id=f"t{n}", day=DAY + n) for n in range(3)]
    both, links = rated_sides(source, target)
    kept = links.pairs.source > 0
    pairs = Pairs(links.pairs.source[kept], links.pairs.target[kept], links.pairs.cut)
    links = rated(pairs, levels_of(both, pairs), Model(), 3)
    found = told(both, links, most=2)
    assert [[c.id for c in some] for some in found] == [[], ["t0", "t1"], ["t0", "t1"]]


def test_a_habit_shows_the_days_it_is_of() -> None:
    both, _ = rated_sides([a_document()], [a_document(id="t", day=DAY + 30)])
    both = replace(both, habits=Known(ints(30), ints(5)))
    pairs = Pairs(ints(0), ints(0), ints(0))
    links = rated(pairs, levels_of(both, pairs), Model(), 1)
    (found,) = told(both, links)[0]
    (row,) = [e for e in found.evidence if e.feature == "habit"]
    assert (row.source, row.target, row.level) == ("2021-07-29", "2021-08-28", "as usual")


@pytest.mark.parametrize("ids", ["dcba", "abcd", "cadb"])
def test_of_equal_ones_those_with_the_smallest_ids_are_told(ids: str) -> None:
    target = [a_document(id=id) for id in [*ids, "e"]]
    target[-1] = target[-1]._replace(names="Kodex")
    both, links = rated_sides([a_document()], target)
    assert [c.id for c in told(both, links, most=2)[0]] == ["a", "b"]
    assert [c.id for c in told(both, links, most=4)[0]] == ["a", "b", "c", "d"]
    likely = confident(links, 0.2, 0.2, 0.2, 0.2, 0.2)
    assert [c.id for c in told(both, likely, most=1)[0]] == ["a"]
    assert [c.id for c in told(both, likely, most=9)[0]] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("least", "ids"), [(0.2, ["b", "a"]), (0.2001, ["b"]), (0.9, ["b"]), (0.1, ["b", "a", "c"])]
)
def test_behind_the_first_only_what_is_likely_enough_is_told(least: float, ids: list[str]) -> None:
    both, links = three()
    found = told(both, confident(links, 0.1, 0.2, 0.7), least=least)[0]
    assert [c.id for c in found] == ids


@pytest.mark.parametrize("portion", [1, 2, 3, 2_000])
def test_documents_come_in_order_whatever_the_portion(
    portion: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tell.PORTION == 2_000
    monkeypatch.setattr(tell, "PORTION", portion)
    source = [a_document(id=f"s{n}", reference=f"FA-2026-{n}") for n in range(5)]
    target = [a_document(id=f"t{n}", reference=f"FA-2026-{n}") for n in range(3)]
    both, links = rated_sides(source, target)
    lonely = links.pairs.source != 1
    pairs = Pairs(links.pairs.source[lonely], links.pairs.target[lonely], links.pairs.cut)
    links = rated(pairs, levels_of(both, pairs), Model(), 5)
    found = told(both, links)
    assert [[c.id for c in some] for some in found] == [
        ["t0", "t1", "t2"], [], ["t2", "t0", "t1"], ["t0", "t1", "t2"], ["t0", "t1", "t2"],
    ]  # fmt: skip
    whole = sorted(c.confidence for some in found for c in some)
    assert whole == sorted(links.confidence.tolist())
    assert {row.source for c in found[2] for row in c.evidence if row.feature == "reference"} == {
        "FA-2026-2"
    }


def test_no_documents_and_no_pairs_tell_nothing() -> None:
    both, links = rated_sides([], [a_document()])
    assert told(both, links) == []
    both, links = rated_sides([a_document()], [])
    assert told(both, links) == [[]]
