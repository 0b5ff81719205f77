"""Doubtful components: best first, the whole of both asked, numbers of one register kept apart."""

from well.matching.clusters.settle import Edge, Member, settle
from well.matching.registers import LegalPerson

FR_1, FR_2, DE_1 = LegalPerson("FR", "1"), LegalPerson("FR", "2"), LegalPerson("DE", "1")


def settled(
    edges: list[tuple[int, int, float]],
    persons: list[LegalPerson | None],
    limit: float = 1.0,
    weights: list[int] | None = None,
) -> list[int]:
    """With all bits from names."""
    rows = weights or [1] * len(persons)
    members = [
        Member(n, n if p else 0, frozenset({p} if p else ()))
        for n, p in zip(rows, persons, strict=True)
    ]
    between = [(a, b, rows[a] * rows[b], bits) for a, b, bits in edges]
    return settle(members, [Edge(a, b, 0.0, bits * n, n) for a, b, n, bits in between], limit)


def bonded(rest: float, *members: tuple[int, int]) -> list[int]:
    """Two members of (rows, bound) with 11 bits of bond for each pair that is bound."""
    (rows, bound), (more, tied) = members
    edge = Edge(0, 1, 11.0 * bound * tied, rest * rows * more, rows * more)
    return settle([Member(*member, frozenset()) for member in members], [edge], 1.0)


def test_rows_without_a_number_do_not_thin_the_bond_of_those_with_one() -> None:
    assert bonded(-10.0, (3, 1), (5, 1)) == [0, 0]
    assert bonded(-10.01, (3, 1), (5, 1)) == [0, 1]


def test_a_bond_needs_rows_on_both_sides() -> None:
    assert bonded(0.5, (1, 0), (1, 1)) == [0, 1]
    assert bonded(1.0, (1, 0), (1, 1)) == [0, 0]


def test_rows_with_another_account_thin_the_bond() -> None:
    members = [Member(1, 1, frozenset())] * 3
    edges = [Edge(0, 1, 0.0, 9.0, 1), Edge(1, 2, 11.0, -7.0, 1)]
    assert settle(members, edges, 1.0) == [0, 0, 0]
    edges = [Edge(0, 1, 0.0, 9.0, 1), Edge(1, 2, 11.0, -8.01, 1)]
    assert settle(members, edges, 1.0) == [0, 0, 2]


def test_an_unknown_register_keeps_nobody_apart() -> None:
    persons: list[LegalPerson | None] = [LegalPerson("", "1"), LegalPerson("", "2")]
    assert settled([(0, 1, 5.0)], persons) == [0, 0]


def test_members_without_edges_stay_alone() -> None:
    assert settled([], [None, None]) == [0, 1]


def test_the_limit_is_enough_and_less_is_not() -> None:
    assert settled([(0, 1, 1.0)], [None] * 2) == [0, 0]
    assert settled([(0, 1, 0.999)], [None] * 2) == [0, 1]


def test_the_best_pair_comes_first() -> None:
    edges = [(0, 1, 2.0), (1, 2, 5.0), (0, 2, -8.0)]
    assert settled(edges, [None] * 3) == [0, 1, 1]


def test_a_tie_goes_to_the_members_that_stand_first() -> None:
    edges = [(0, 1, 2.0), (1, 2, 2.0), (0, 2, -8.0)]
    assert settled(edges, [None] * 3) == [0, 0, 2]


def test_pairs_that_share_no_key_count_minus_one() -> None:
    assert settled([(0, 1, 9.0), (1, 2, 3.0)], [None] * 3) == [0, 0, 0]
    assert settled([(0, 1, 9.0), (1, 2, 2.99)], [None] * 3) == [0, 0, 2]


def test_every_row_has_one_voice() -> None:
    edges = [(0, 1, 9.0), (1, 2, 3.0), (0, 2, -2.0)]
    assert settled(edges, [None] * 3) == [0, 0, 2]
    assert settled(edges, [None] * 3, weights=[1, 3, 1]) == [0, 0, 0]
    assert settled(edges, [None] * 3, weights=[1, 3, 7]) == [0, 0, 0]


def test_two_numbers_of_one_register_never_meet() -> None:
    edges = [(0, 1, 30.0)]
    assert settled(edges, [FR_1, FR_2]) == [0, 1]
    assert settled(edges, [FR_1, FR_1]) == [0, 0]
    assert settled(edges, [FR_1, DE_1]) == [0, 0]
    assert settled(edges, [FR_1, None]) == [0, 0]


def test_numbers_are_kept_apart_over_steps_too() -> None:
    edges = [(0, 1, 9.0), (1, 2, 8.0), (0, 2, 7.0)]
    assert settled(edges, [FR_1, None, FR_2]) == [0, 0, 2]


def test_a_number_in_common_outweighs_one_that_differs() -> None:
    edges = [(0, 1, 9.0), (2, 3, 8.0), (0, 2, 7.0), (0, 3, 7.0), (1, 2, 7.0), (1, 3, 7.0)]
    assert settled(edges, [FR_1, DE_1, FR_1, LegalPerson("DE", "2")]) == [0, 0, 0, 0]


def test_merged_clusters_sum_what_they_know_of_others() -> None:
    edges = [(0, 1, 9.0), (2, 3, 8.0), (0, 2, 5.0), (1, 3, 1.0)]
    assert settled(edges, [None] * 4) == [0, 0, 0, 0]
    edges = [(0, 1, 9.0), (2, 3, 8.0), (0, 2, 4.9), (1, 3, 1.0)]
    assert settled(edges, [None] * 4) == [0, 0, 2, 2]


def test_merged_clusters_sum_their_bonds_too() -> None:
    members = [Member(1, 1, frozenset())] * 3
    sure = Edge(0, 1, 0.0, 9.0, 1)
    both = [sure, Edge(0, 2, 4.0, -3.0, 1), Edge(1, 2, 4.0, -3.0, 1)]
    assert settle(members, both, 1.0) == [0, 0, 0]
    assert settle(members, [sure, Edge(0, 2, 6.0, -3.0, 1)], 1.0) == [0, 0, 0]
    assert settle(members, [sure, Edge(0, 2, 5.0, -3.0, 1)], 1.0) == [0, 0, 2]


def test_a_cluster_is_named_by_its_first_member() -> None:
    edges = [(2, 3, 9.0), (1, 3, 8.0), (1, 2, 8.0), (3, 4, 8.0), (2, 4, 8.0), (1, 4, 8.0)]
    assert settled(edges, [None] * 5) == [0, 1, 1, 1, 1]
