"""Monitoring: bounds that hold at any time, alarms that only raise, words for the owner."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.policy.monitor import (
    NOTHING_ALONE,
    Check,
    Watch,
    bounds,
    eased,
    lower_bound,
    shifted,
    stability,
    upper_bound,
    watch,
)


def _flags(right: int, wrong: int) -> np.ndarray:
    return np.arange(right + wrong) < right


def _lower(right: int, wrong: int, weight: float = 1.0, delta: float = 0.05) -> float:
    flags = _flags(right, wrong)
    return lower_bound(flags, np.full(len(flags), weight), delta)


def test_without_checks_nothing_is_known() -> None:
    none = np.array([], dtype=bool), np.array([])
    assert lower_bound(*none) == 0.0
    assert upper_bound(*none) == 1.0


def test_one_right_check_stakes_half_of_everything() -> None:
    # Half the capital at full stake grows by 1/m, the others by 1 + f (1 - m)/m.
    m = _lower(1, 0)
    stakes = [15 / 16, 7 / 8, 3 / 4, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32]
    capital = 0.5 / m + sum(1 + f * (1 - m) / m for f in stakes) / 16
    assert capital == pytest.approx(20.0, rel=1e-6)


@pytest.mark.parametrize(
    ("right", "wrong", "bound"),
    [(59, 0, 0.9434), (299, 0, 0.98856), (990, 5, 0.98397), (90, 10, 0.77317)],
)
def test_lower_bounds_of_plain_checks(right: int, wrong: int, bound: float) -> None:
    assert _lower(right, wrong) == pytest.approx(bound, abs=1e-5)


def test_the_number_of_clean_checks_that_proves_99_percent() -> None:
    clean = next(n for n in range(1, 500) if _lower(n, 0) >= 0.99)
    assert clean == 343


def test_a_wrong_check_lowers_the_bound_and_a_right_one_raises_it() -> None:
    assert _lower(100, 1) < _lower(100, 0) < _lower(101, 0)


def test_a_light_check_says_less_than_a_heavy_one() -> None:
    assert _lower(100, 0, weight=0.5) < _lower(100, 0)
    assert _lower(100, 5, weight=0.5) != _lower(100, 5)


def test_more_doubt_allowed_gives_a_higher_bound() -> None:
    assert _lower(100, 0, delta=0.2) > _lower(100, 0)
    flags = _flags(60, 40)
    assert upper_bound(flags, np.ones(100), 0.2) < upper_bound(flags, np.ones(100))


def test_the_upper_bound_mirrors_the_lower_one() -> None:
    assert upper_bound(_flags(10, 90), np.ones(100)) == pytest.approx(1 - _lower(90, 10))


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([1.0, 0.5, 0.1])), max_size=40))
def test_bounds_enclose_and_do_not_depend_on_order(checks: list[tuple[bool, float]]) -> None:
    right = np.array([r for r, _ in checks], dtype=bool)
    weights = np.array([w for _, w in checks])
    low, high = lower_bound(right, weights), upper_bound(right, weights)
    assert 0.0 <= low <= high <= 1.0
    assert lower_bound(right[::-1], weights[::-1]) == pytest.approx(low, abs=1e-8)


@pytest.mark.slow
def test_the_lower_bound_is_seldom_ever_above_the_truth() -> None:
    rng = np.random.default_rng(5)
    broken = 0
    for _ in range(200):
        right = rng.random(400) < 0.97
        broken += any(lower_bound(right[:n], np.ones(n)) > 0.97 for n in range(20, 401, 20))
    assert broken <= 16


def _check(right: bool, confidence: float = 0.9, weight: float = 1.0) -> Check:
    return Check(confidence, right, weight, "ann")


def _after(*checks: Check, limit: float = 0.85, target: float = 0.99) -> Watch:
    state = Watch(target, limit)
    for check in checks:
        state, _ = watch(state, check)
    return state


def test_bounds_look_at_checks_from_the_limit_on() -> None:
    state = Watch(0.99, 0.85, (_check(True, 0.9), _check(False, 0.85), _check(True, 0.8)))
    assert bounds(state, 0.86) == (_lower(1, 0), 1.0)
    assert bounds(state, 0.85) == (
        _lower(1, 1),
        upper_bound(_flags(1, 1), np.ones(2)),
    )


def test_a_young_flow_with_right_checks_is_no_alarm_and_has_proven_nothing() -> None:
    state, alarm = watch(Watch(0.99, 0.85), _check(True))
    assert alarm is None
    assert state == Watch(0.99, 0.85, (_check(True),), held=False)


def test_a_flow_holds_from_the_check_on_that_proves_its_target() -> None:
    assert _after(*[_check(True)] * 342).held is False
    assert _after(*[_check(True)] * 343).held is True


def test_the_first_check_of_all_being_wrong_raises_the_limit_above_it() -> None:
    state, alarm = watch(Watch(0.99, 0.85), _check(False, 0.9))
    assert alarm is not None
    assert (state.limit, alarm.limit) == (0.9049, 0.9049)
    assert state.held is False
    assert alarm.sentence == (
        "1 of 1 spot checks found a wrong decision, too many for 99 % right. "
        "Well now acts alone from 90.49 % on, before from 85 %."
    )


def test_a_wrong_decision_right_at_a_level_raises_the_limit_above_it() -> None:
    assert _after(_check(False, 0.9049)).limit == 0.9188


def test_one_wrong_check_among_many_right_ones_is_borne() -> None:
    state, alarm = watch(_after(*[_check(True)] * 100), _check(False))
    assert alarm is None
    assert state.limit == 0.85


def test_falling_under_a_target_that_was_proven_raises_the_limit_at_once() -> None:
    proven = _after(*[_check(True)] * 345)
    assert proven.held is True
    state, alarm = watch(proven, _check(False))
    assert alarm is not None
    assert state.limit == 0.9049
    assert "1 of 346 spot checks" in alarm.sentence


def test_the_limit_rises_to_a_level_that_is_proven() -> None:
    right = [_check(True, 0.97)] * 345
    state = _after(*right, _check(False, 0.86), _check(False, 0.86), _check(False, 0.9))
    assert state.limit == 0.9049
    assert bounds(state, state.limit)[0] >= 0.99
    assert state.held is True


def test_a_wrong_decision_below_the_limit_changes_nothing() -> None:
    state, alarm = watch(_after(*[_check(True)] * 345), _check(False, 0.8))
    assert alarm is None
    assert state.held is True


def test_a_wrong_decision_that_was_sure_leaves_every_record_to_a_person() -> None:
    state, alarm = watch(Watch(0.99, 0.85), _check(False, 1.0))
    assert alarm is not None
    assert state.limit == NOTHING_ALONE > 1.0
    assert alarm.sentence == (
        "1 of 1 spot checks found a wrong decision, too many for 99 % right. "
        "From now on a person confirms every record."
    )


@given(st.lists(st.tuples(st.booleans(), st.floats(0.85, 1.0)), max_size=25))
def test_a_limit_never_falls_by_watching(checks: list[tuple[bool, float]]) -> None:
    state = Watch(0.99, 0.85)
    for right, confidence in checks:
        after, alarm = watch(state, _check(right, confidence))
        assert after.limit >= state.limit
        assert (alarm is None) == (after.limit == state.limit)
        state = after


def _judged(confidence: float, wrong: int = 0, by: tuple[str, ...] = ("ann", "ben")) -> list[Check]:
    """343 judgements prove 99 % while none is wrong."""
    return [Check(confidence, n >= wrong, 1.0, by[n % len(by)]) for n in range(343)]


def test_a_limit_comes_down_to_where_people_proved_it() -> None:
    assert eased(0.97, 0.99, _judged(0.95)) == 0.5
    assert eased(0.97, 0.99, _judged(0.95)[:-1]) == 0.97
    assert eased(0.97, 0.999, _judged(0.95)) == 0.97
    assert eased(0.97, 0.99, _judged(0.95, wrong=3)) == 0.97


def test_a_band_reaches_from_its_level_up_to_the_limit() -> None:
    assert eased(0.9501, 0.99, _judged(0.9501)) == 0.9501
    assert eased(0.9577, 0.99, _judged(0.9501)) == 0.5
    mixed = [*_judged(0.9501), *_judged(0.9, wrong=20)]
    assert eased(0.97, 0.99, mixed) == 0.9049


def test_one_reviewer_alone_brings_no_limit_down() -> None:
    assert eased(0.97, 0.99, _judged(0.95, by=("ann",))) == 0.97


def test_stability_is_nothing_for_the_same_shares() -> None:
    assert stability({"a": 10, "b": 30}, {"a": 10, "b": 30}) == 0.0
    assert stability({}, {}) == 0.0


def test_stability_is_the_population_stability_index() -> None:
    old, new = np.array([10.5, 30.5, 0.5]), np.array([30.5, 10.5, 4.5])
    old, new = old / old.sum(), new / new.sum()
    found = stability({"a": 10, "b": 30}, {"b": 10, "a": 30, "c": 4})
    assert found == pytest.approx(float(((new - old) * np.log(new / old)).sum()))


def test_features_that_shifted_are_named_in_order() -> None:
    before = {"name": {"a": 50, "b": 50}, "date": {"a": 99, "b": 1}, "old": {"a": 1}}
    now = {"date": {"a": 1, "b": 99}, "name": {"a": 5, "b": 95}, "new": {"a": 1}}
    assert shifted(before, now) == ("date", "name")
    assert shifted(before, {"name": {"a": 45, "b": 55}}) == ()
