"""Calibration: rising whatever the labels, bounded, and exact at every threshold."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.calibrate import (
    Calibration,
    ece,
    fit,
    from_json,
)

GRID = np.linspace(0.0, 1.0, 201)


def _sample(count: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = rng.random(count)
    return p, rng.random(count) < p * p


@pytest.mark.parametrize(
    ("count", "kind"),
    [(0, "identity"), (99, "identity"), (100, "logistic"), (499, "logistic"), (500, "isotonic")],
)
def test_the_kind_follows_the_number_of_labels(count: int, kind: str) -> None:
    assert fit(*_sample(count)).kind == kind


def test_few_labels_change_nothing() -> None:
    assert fit(*_sample(99)) == Calibration("identity", 0, 1.0, 0.0, (), 1)
    assert Calibration().apply(GRID) is GRID


@given(st.integers(100, 620), st.integers(0, 10**6), st.booleans())
def test_a_calibrated_probability_never_falls_and_is_never_certain(
    count: int, seed: int, upside_down: bool
) -> None:
    p, right = _sample(count, seed)
    made = fit(p, right ^ upside_down)
    shown = made.apply(GRID)
    assert (np.diff(shown) >= -1e-15).all()
    assert shown.min() >= 1 / (count + 2)
    assert shown.max() <= 1 - 1 / (count + 2)


def test_a_logistic_fit_turns_shares_right() -> None:
    p = np.repeat([0.9, 0.6], 100)
    right = np.concatenate([np.arange(100) < 80, np.arange(100) < 40])
    shown = fit(p, right).apply(np.array([0.9, 0.6]))
    assert shown == pytest.approx([0.8, 0.4], abs=0.01)


def test_a_logistic_fit_of_a_perfect_split_stays_finite() -> None:
    p = np.repeat([0.9, 0.1], 60)
    made = fit(p, p > 0.5)
    assert made.apply(np.array([0.9]))[0] == pytest.approx(61 / 62, abs=1e-3)
    assert made.apply(np.array([0.1]))[0] == pytest.approx(1 / 62, abs=1e-3)
    assert made.apply(np.array([1.0]))[0] == 1 - 1 / 122
    assert made.apply(np.array([0.0]))[0] == 1 / 122


def test_labels_that_contradict_the_score_give_a_flat_line() -> None:
    p = np.repeat([0.9, 0.1], 100)
    made = fit(p, p < 0.5)
    assert made.slope == 0.0
    assert made.apply(np.array([0.1, 0.9])) == pytest.approx([0.5, 0.5], abs=1e-3)


def test_an_isotonic_fit_pools_neighbours_that_contradict_the_order() -> None:
    p = np.repeat([0.2, 0.4, 0.8], 200)
    right = np.concatenate([np.arange(200) < 100, np.arange(200) < 60, np.arange(200) < 180])
    made = fit(p, right)
    assert made.knots == ((pytest.approx(0.3), 0.4), (0.8, pytest.approx(0.9)))
    assert made.apply(np.array([0.0, 0.3, 0.55, 0.8, 1.0])) == pytest.approx(
        [0.4, 0.4, 0.65, 0.9, 0.9]
    )


def test_weights_speak_for_what_was_not_looked_at() -> None:
    p = np.repeat([0.2, 0.8], 300)
    right = np.concatenate([np.arange(300) < 30, np.arange(300) < 270])
    weights = np.where(right, 3.0, 1.0)
    made = fit(p, right, weights)
    assert made.knots[0][1] == pytest.approx(90 / 360)
    assert made.knots[1][1] == pytest.approx(810 / 840)
    some = np.r_[200:300, 500:600]
    line = fit(p[some], right[some], weights[some])
    plain = fit(p[some], right[some])
    assert line.apply(np.array([0.8]))[0] > plain.apply(np.array([0.8]))[0]


@pytest.mark.parametrize("count", [0, 150, 600])
def test_a_calibration_comes_back_from_its_text(count: int) -> None:
    made = fit(*_sample(count))
    assert from_json(made.to_json()) == made
    assert json.loads(made.to_json())["version"] == 1


@pytest.mark.parametrize("text", ["", "[]", "1", "{}", '{"knots":[[1]]}', '{"knots":[],"new":1}'])
def test_a_broken_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^This calibration cannot be read\.$"):
        from_json(text)


def test_another_version_or_kind_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^This calibration is of version 2, not 1\.$"):
        from_json('{"knots":[],"version":2}')
    with pytest.raises(ValueError, match=r"^A calibration of kind 'spline' is not known\.$"):
        from_json('{"knots":[],"kind":"spline"}')


def test_the_calibration_error_is_the_mean_gap_over_the_bins() -> None:
    p = np.array([0.05, 0.05, 0.95, 1.0])
    right = np.array([False, True, True, True])
    assert ece(p, right) == pytest.approx((abs(0.1 - 1) + abs(1.95 - 2)) / 4)
    assert ece(p, right, bins=1) == pytest.approx(abs(2.05 - 3) / 4)
    assert ece(np.array([]), np.array([], dtype=bool)) == 0.0
    one_of_ten = np.array([0.01, 0.095]), np.array([True, False])
    assert ece(*one_of_ten) == pytest.approx((0.99 - 0.095) / 2)
