"""Clusters as nodes: sums that stay true when nodes are contracted, and rounds of merging."""

from collections.abc import Sequence

import numpy as np
import pytest

from well.matching.clusters import merge
from well.matching.clusters.evidence import Weighed
from well.matching.clusters.graph import Graph
from well.matching.clusters.merge import STEPS, merged
from well.matching.clusters.pairs import Pairs
from well.matching.clusters.sightings import Crowd, Sighting, crowd
from well.matching.registers import LegalPerson

NUMBERS = ("FR44732829320", "FR96552100554")
IBAN = "FR7630006000011234567890189"
Line = tuple[int, int, float, float]


def pairs(lines: Sequence[Line]) -> tuple[Pairs, Weighed]:
    a, b, bond, rest = np.array(lines, dtype=np.float64).reshape(-1, 4).T
    weighed = Weighed(bond.astype(np.float32), rest.astype(np.float32))
    return Pairs(a.astype(np.int32), b.astype(np.int32), 0), weighed


def together(seen: Crowd, lines: Sequence[Line], limit: float = 1.0) -> list[int]:
    found, weighed = pairs(lines)
    return [int(name) for name in merged(seen, found, weighed, limit)]


def people(*numbers: str) -> Crowd:
    return crowd(Sighting(f"n{place}", number) for place, number in enumerate(numbers))


def graph(seen: Crowd, lines: Sequence[Line]) -> Graph:
    found, weighed = pairs(lines)
    return Graph.of(seen, found, weighed, np.arange(len(lines)))


def test_a_graph_sums_over_the_pairs_of_rows() -> None:
    rows = [
        Sighting("a"),
        Sighting("b", NUMBERS[0]),
        Sighting("c", iban=IBAN),
        Sighting("c", iban=IBAN),
    ]
    made = graph(crowd(rows), [(0, 1, 0.0, 4.0), (1, 2, 3.0, -2.0)])
    assert made.rows.tolist() == [1, 1, 2]
    assert made.bound.tolist() == [0, 1, 2]
    assert made.persons == [frozenset(), frozenset({LegalPerson("FR", "732829320")}), frozenset()]
    assert made.bond.tolist() == [0.0, 6.0]
    assert made.rest.tolist() == [4.0, -4.0]
    assert made.compared.tolist() == [1, 2]
    assert made.bits().tolist() == [4.0, 1.0]


def test_contracting_adds_up_what_lies_between() -> None:
    rows = [Sighting("a", NUMBERS[0]), Sighting("b"), Sighting("c", NUMBERS[1]), Sighting("d")]
    lines = [(0, 1, 0.0, 9.0), (0, 2, 5.0, 2.0), (1, 2, 0.0, 4.0), (2, 3, 0.0, 7.0)]
    made = graph(crowd(rows), lines).contracted(np.array([0, 0, 1, 2]))
    assert made.rows.tolist() == [2, 1, 1]
    assert made.bound.tolist() == [1, 1, 0]
    assert [len(persons) for persons in made.persons] == [1, 1, 0]
    assert list(zip(made.a.tolist(), made.b.tolist(), strict=True)) == [(0, 1), (1, 2)]
    assert made.bond.tolist() == [5.0, 0.0]
    assert made.rest.tolist() == [6.0, 7.0]
    assert made.compared.tolist() == [2, 1]
    assert made.bits().tolist() == [8.0, 7.0]


def test_an_edge_keeps_its_nodes_in_order_when_clusters_cross() -> None:
    made = graph(people("", "", "", ""), [(1, 2, 0.0, 4.0)]).contracted(np.array([0, 1, 0, 1]))
    assert (made.a.tolist(), made.b.tolist()) == ([0], [1])


def test_what_was_not_compared_counts_minus_one() -> None:
    made = graph(people("", "", ""), [(0, 1, 0.0, 9.0), (1, 2, 0.0, 4.0)])
    assert made.contracted(np.array([0, 0, 1])).bits().tolist() == [1.5]


def test_near_pairs_are_one_cluster_named_by_its_first() -> None:
    assert together(people("", "", ""), [(1, 2, 0.0, 1.0)]) == [0, 1, 1]
    assert together(people("", "", ""), [(1, 2, 0.0, 0.99)]) == [0, 1, 2]
    assert together(people(), []) == []


def test_bond_and_rest_count_together() -> None:
    assert together(people(NUMBERS[0], NUMBERS[0]), [(0, 1, 12.0, -11.0)]) == [0, 0]
    assert together(people(NUMBERS[0], NUMBERS[0]), [(0, 1, 12.0, -11.5)]) == [0, 1]


def test_a_pair_against_it_keeps_the_rest_of_a_component_apart() -> None:
    lines = [(0, 1, 0.0, 2.0), (0, 2, 0.0, -8.0), (1, 2, 0.0, 3.0)]
    assert together(people("", "", ""), lines) == [0, 1, 1]


def test_a_pair_that_was_not_compared_does_so_too() -> None:
    assert together(people("", "", ""), [(0, 1, 0.0, 2.0), (1, 2, 0.0, 2.5)]) == [0, 1, 1]


def test_two_persons_of_one_register_are_kept_apart_in_a_component_that_agrees() -> None:
    lines = [(0, 1, 0.0, 5.0), (0, 2, 0.0, 5.0), (1, 2, 0.0, 5.0)]
    assert together(people(NUMBERS[0], "", NUMBERS[0]), lines) == [0, 0, 0]
    assert together(people(NUMBERS[0], "", NUMBERS[1]), lines) == [0, 0, 2]
    assert together(people(NUMBERS[0], NUMBERS[1]), lines[:1]) == [0, 1]


def test_sure_pairs_merge_before_those_that_only_reach_the_limit() -> None:
    assert STEPS == (8.0, 4.0, 0.0)
    lines = [(0, 1, 0.0, 5.0), (0, 2, 0.0, -4.0), (1, 2, 0.0, 9.0)]
    assert together(people("", "", ""), lines) == [0, 1, 1]


def test_rounds_change_nothing_that_best_first_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(3)
    lines = [
        (a, b, 0.0, float(chance.integers(-6, 12))) for a in range(12) for b in range(a + 1, 12)
    ]
    seen = people(*[""] * 12)
    in_rounds = together(seen, lines)
    monkeypatch.setattr(merge, "STEPS", (0.0,))
    assert together(seen, lines) == in_rounds
    assert 1 < len(set(in_rounds)) < 12


def test_several_doubtful_components_do_not_mix() -> None:
    lines = [(0, 1, 0.0, 2.0), (0, 2, 0.0, -8.0), (1, 2, 0.0, 3.0)]
    lines += [(a + 3, b + 3, bond, rest) for a, b, bond, rest in lines]
    assert together(people(*[""] * 7), [*lines, (2, 3, 0.0, -9.0)]) == [0, 1, 1, 3, 4, 4, 6]
