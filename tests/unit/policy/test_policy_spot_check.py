"""Spot checks: who is looked at, how likely, and always the same answer."""

import pytest

from well.policy.spot_check import Chance, chance, chosen


@pytest.mark.parametrize(
    ("weekly", "usual"),
    [(0, 1.0), (1, 1.0), (5, 1.0), (6, 5 / 6), (10, 0.5), (250, 0.02), (251, 0.02), (9_999, 0.02)],
)
def test_two_percent_and_about_five_a_week(weekly: int, usual: float) -> None:
    assert chance(0.99, 0.85, False, weekly) == Chance(usual, usual)


@pytest.mark.parametrize(
    ("confidence", "new", "own"),
    [
        (0.99, False, 0.02),
        (0.75, True, 0.06),
        (0.53125, False, 0.02),
        (0.529, False, 0.1),
        (0.5, True, 0.3),
    ],
)
def test_close_decisions_and_new_suppliers_are_likelier(
    confidence: float, new: bool, own: float
) -> None:
    assert chance(confidence, 0.5, new, 1_000) == Chance(0.02, pytest.approx(own))


def test_just_at_the_margin_a_decision_is_no_longer_close() -> None:
    assert chance(0.03, 0.0, False, 1_000).own == 0.02
    assert chance(0.0299, 0.0, False, 1_000).own == 0.1


def test_nothing_is_likelier_than_certain() -> None:
    assert chance(0.85, 0.85, True, 10) == Chance(0.5, 1.0)


def test_the_weight_of_a_check_is_usual_over_own() -> None:
    assert Chance(0.02, 0.1).weight == pytest.approx(0.2)
    assert Chance(0.5, 0.5).weight == 1.0


def test_the_share_chosen_is_the_chance() -> None:
    ids = [f"posting-{n}" for n in range(20_000)]
    assert sum(chosen(id, Chance(0.02, 0.1)) for id in ids) == pytest.approx(2_000, abs=130)
    assert all(chosen(id, Chance(0.02, 1.0)) for id in ids)
    assert not any(chosen(id, Chance(0.0, 0.0)) for id in ids)


def test_the_same_posting_always_gets_the_same_answer() -> None:
    picked = [n for n in range(60) if chosen(f"posting-{n}", Chance(0.02, 0.1))]
    assert picked == PICKED


def test_whoever_is_chosen_at_a_low_chance_is_chosen_at_a_higher_one() -> None:
    for n in range(500):
        if chosen(f"p{n}", Chance(0.02, 0.02)):
            assert chosen(f"p{n}", Chance(0.02, 0.3))


def test_a_strange_id_is_no_trouble() -> None:
    assert chosen("\ud800", Chance(1.0, 1.0)) is True


PICKED = [5, 9, 17, 20, 25, 30, 31, 37, 56]
