"""Payments that ask for the same items: how many are shared out exactly, assigned, or in turn."""

import pytest

from well.domain.candidate import Evidence
from well.matching.sets import SetCandidate, SetRanking
from well.matching.sets.batch import settle


def claims(**bits: float) -> SetRanking:
    """Groups by their items (`a_b` is both), each with its bits, most first."""
    share = 0.9 / len(bits)
    groups = tuple(
        SetCandidate(
            tuple(items.split("_")),
            worth,
            share,
            (Evidence("sum", "", "", "explained", worth),),
            (),
            0,
            "",
        )
        for items, worth in bits.items()
    )
    return SetRanking(groups, 0.1, 1, False, False, True, "")


def left(ranking: SetRanking) -> list[str]:
    return sorted("_".join(candidate.items) for candidate in ranking.candidates)


@pytest.mark.parametrize(("further", "kept"), [(9, True), (10, False)])
def test_twelve_payments_and_items_are_shared_out_and_thirteen_assigned(
    further: int, kept: bool
) -> None:
    """Shared out, the loser keeps its share of the item; assigned, it gives the item up."""
    rest = "_".join(f"x{n}" for n in range(further))
    found = settle({"p": claims(a=20.0), "q": claims(a=9.0, **{rest: 8.0})})
    assert left(found["p"]) == ["a"]
    assert left(found["q"]) == (["a", rest] if kept else [rest])


@pytest.mark.parametrize(("payments", "best"), [(500, {"p": "c", "r": "a"}), (501, {"p": "a"})])
def test_five_hundred_payments_are_assigned_with_the_most_bits_and_more_in_turn(
    payments: int, best: dict[str, str]
) -> None:
    """In turn the widest margin chooses first, though giving way would be worth more in all."""
    rankings = {
        "p": claims(a=10.0, b=8.0, c=7.9),
        "q": claims(b=10.0),
        "r": claims(a=10.0, b=8.5, d=1.0),
    }
    rankings |= {f"s{n:03}": claims(**{f"x{n}": 20.0, "c": 1.0}) for n in range(payments - 3)}
    found = settle(rankings)
    won = {id: found[id].candidates[0].items[0] for id in ("p", "r")}
    assert won == {"p": "a", "r": "d"} | best


def test_what_speaks_against_a_group_assigns_it_to_nobody() -> None:
    """Zero bits and less win no item, so nobody has to give it up; any more than zero does."""
    others = {f"s{n}": claims(**{f"x{n}": 20.0, "a": -9.0}) for n in range(6)}
    for bits, lost in ((-1.0, False), (0.0, False), (0.5, True)):
        found = settle({"p": claims(a=bits), "q": claims(a=bits - 2.0), **others})
        assert left(found["p"]) == ["a"]
        assert left(found["q"]) == ([] if lost else ["a"])


def test_the_group_worth_most_wins_though_another_is_worth_less_than_a_bit() -> None:
    others = {f"s{n}": claims(**{f"x{n}": 20.0, "a": -9.0}) for n in range(6)}
    found = settle({"p": claims(a=0.25), "q": claims(a=0.75), **others})
    assert (left(found["p"]), left(found["q"])) == ([], ["a"])
