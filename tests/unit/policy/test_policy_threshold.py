"""The certified limit: exact bounds, and testing that stops at the first failure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.policy.threshold import (
    CLEAN_CHECKS,
    LEVELS,
    POOLED,
    certified,
    changed,
    checks_needed,
    clopper_pearson_lower,
    effective,
    one_click,
    pooled,
)


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    assert clopper_pearson_lower(0, 10) == 0.0
    assert clopper_pearson_lower(59, 59) == pytest.approx(0.05 ** (1 / 59))
    assert clopper_pearson_lower(9, 10) == pytest.approx(0.605837, abs=1e-6)
    assert clopper_pearson_lower(9, 10, delta=0.5) == pytest.approx(0.837737, abs=1e-6)


@pytest.mark.parametrize(
    ("target", "checks"), [(0.95, 59), (0.98, 149), (0.99, 299), (0.995, 598), (0.999, 2_995)]
)
def test_so_many_clean_checks_are_needed(target: float, checks: int) -> None:
    assert checks_needed(target) == checks
    assert clopper_pearson_lower(checks, checks) >= target
    assert clopper_pearson_lower(checks - 1, checks - 1) < target


def test_fewer_checks_are_needed_where_the_certificate_may_be_wrong_more_often() -> None:
    assert checks_needed(0.99, delta=0.5) == 69


def _flags(right: int, wrong: int) -> np.ndarray:
    return np.arange(right + wrong) < right


def test_299_right_decisions_certify_99_percent_and_298_do_not() -> None:
    assert certified(np.full(299, 0.9), _flags(299, 0), levels=[0.8, 0.9]) == 0.8
    assert certified(np.full(298, 0.9), _flags(298, 0), levels=[0.8, 0.9]) is None


def test_one_wrong_decision_needs_473_checks() -> None:
    assert certified(np.full(473, 0.9), _flags(472, 1), levels=[0.9]) == 0.9
    assert certified(np.full(472, 0.9), _flags(471, 1), levels=[0.9]) is None


def test_a_decision_at_a_level_belongs_to_it() -> None:
    p = np.full(299, 0.9)
    assert certified(p, _flags(299, 0), levels=[0.9]) == 0.9
    assert certified(p, _flags(299, 0), levels=[0.9001]) is None


def test_testing_stops_at_the_first_failure_although_a_looser_level_would_pass() -> None:
    p = np.concatenate([np.full(320, 0.95), np.full(2_000, 0.9)])
    right = np.concatenate([_flags(310, 10), _flags(2_000, 0)])
    assert certified(p, right, levels=[0.9]) == 0.9
    assert certified(p, right, levels=[0.9, 0.95]) is None


def test_a_level_with_too_few_decisions_is_passed_over() -> None:
    p = np.concatenate([np.full(298, 0.99), np.full(2_000, 0.9)])
    right = np.concatenate([_flags(290, 8), _flags(2_000, 0)])
    assert certified(p, right, levels=[0.99, 0.9]) == 0.9


def test_the_loosest_level_of_an_unbroken_run_is_certified() -> None:
    p = np.concatenate([np.full(400, 0.99), np.full(400, 0.9), np.full(400, 0.8)])
    right = np.concatenate([_flags(400, 0), _flags(400, 0), _flags(300, 100)])
    assert certified(p, right, levels=[0.8, 0.99, 0.9]) == 0.9
    assert certified(p, right, target=0.5, levels=[0.8, 0.99, 0.9]) == 0.8
    assert certified(p, right, target=0.999, levels=[0.8, 0.99, 0.9]) is None


def test_a_looser_certificate_needs_less() -> None:
    assert certified(np.full(69, 0.9), _flags(69, 0), delta=0.5, levels=[0.9]) == 0.9


def test_levels_go_from_nearly_sure_down_to_even() -> None:
    assert (LEVELS[0], LEVELS[1], LEVELS[-2], LEVELS[-1]) == (0.9999, 0.9998, 0.5432, 0.5)
    assert list(LEVELS) == sorted(LEVELS, reverse=True)
    assert len(LEVELS) == 49
    assert certified(np.full(400, 0.87), _flags(400, 0)) == 0.5


@pytest.mark.slow
@given(st.integers(0, 10**6))
def test_a_certificate_is_seldom_wrong(seed: int) -> None:
    rng = np.random.default_rng(seed)
    wrong = 0
    for _ in range(60):
        p = rng.random(700)
        limit = certified(p, rng.random(700) < p**0.02, target=0.99)
        wrong += limit is not None and _precision_above(limit) < 0.99
    assert wrong <= 12


def _precision_above(limit: float) -> float:
    """The mean of p ** 0.02 over p from `limit` to 1."""
    return (1 - limit**1.02) / 1.02 / (1 - limit)


@pytest.mark.parametrize(
    ("certificate", "limit"), [(None, 0.85), (0.8, 0.85), (0.85, 0.85), (0.93, 0.93)]
)
def test_the_stricter_of_rule_and_certificate_holds(
    certificate: float | None, limit: float
) -> None:
    assert effective(0.85, certificate) == limit


def test_the_shipped_limit_is_that_of_the_next_stricter_target() -> None:
    assert pooled(0.99) == POOLED[0.99]
    assert pooled(0.9901) == POOLED[0.995]
    assert pooled(0.9) == POOLED[0.97]
    assert pooled(0.9995) == 1.0
    assert list(POOLED.values()) == sorted(POOLED.values())


def test_a_limit_rises_at_once_and_falls_only_on_several_reviewers_word() -> None:
    assert changed(0.9, 0.95, []) == 0.95
    assert changed(0.9, 0.85, ["ann", "ann"]) == 0.9
    assert changed(0.9, 0.85, ["ann", "ben"]) == 0.85
    assert changed(0.9, 0.9, []) == 0.9


def test_one_click_is_asked_only_where_the_rule_says_so_and_until_59_clean_checks() -> None:
    assert checks_needed(0.95) == CLEAN_CHECKS
    assert one_click(0, asked_for=False) is False
    assert one_click(58, asked_for=True) is True
    assert one_click(59, asked_for=True) is False
