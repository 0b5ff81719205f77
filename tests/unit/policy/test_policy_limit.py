"""The limit of a run: the rule's, the certified one, or a stricter one after contradiction."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from well.policy.limit import UNCHECKED, limit
from well.policy.threshold import LEVELS, certified


def answers(*groups: tuple[float, int, int]) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """(confidence, right, wrong) of groups of known answers."""
    p = np.concatenate([np.full(right + wrong, level) for level, right, wrong in groups])
    flags = [np.arange(right + wrong) < right for _, right, wrong in groups]
    return p, np.concatenate(flags)


def test_where_the_known_answers_suffice_the_certified_limit_holds() -> None:
    p, right = answers((0.95, 400, 0), (0.8, 300, 100))
    assert certified(p, right, 0.99) == 0.8263
    assert limit(p, right, 0.85, 0.99) == 0.85
    assert limit(p, right, 0.5, 0.99) == 0.8263


def test_a_certified_limit_above_the_rule_raises_it() -> None:
    p, right = answers((0.99, 400, 0), (0.9, 300, 100))
    found = certified(p, right, 0.99)
    assert found is not None
    assert found > 0.9
    assert limit(p, right, 0.85, 0.99) == found


def test_few_answers_that_fit_leave_the_rule_as_it_is() -> None:
    assert limit(*answers((0.9, 100, 0)), 0.85, 0.99) == 0.85
    assert limit(*answers((0.9, 99, 1)), 0.85, 0.99) == 0.85


def test_answers_that_prove_the_target_broken_raise_the_limit_past_them() -> None:
    p, right = answers((0.9, 90, 10), (0.97, 100, 0))
    raised = min(level for level in LEVELS if level > 0.9)
    assert limit(p, right, 0.85, 0.99) == raised


@pytest.mark.parametrize(
    ("checked", "wrong", "raised"),
    [(100, 1, False), (99, 1, True), (200, 2, False), (200, 3, True), (6, 1, True)],
)
def test_a_share_of_right_answers_below_the_target_raises_the_limit(
    checked: int, wrong: int, raised: bool
) -> None:
    found = limit(*answers((0.9, checked - wrong, wrong)), 0.85, 0.99)
    assert found == (min(level for level in LEVELS if level > 0.9) if raised else 0.85)


def test_an_answer_at_a_level_belongs_to_it() -> None:
    level = LEVELS[20]
    assert limit(*answers((level, 90, 10)), 0.85, 0.99) == LEVELS[19]


def test_right_answers_at_the_very_limit_speak_for_it() -> None:
    assert limit(*answers((0.85, 100, 0)), 0.85, 0.99) == 0.85
    assert limit(*answers((0.85, 20, 5)), 0.85, 0.99) == min(lv for lv in LEVELS if lv > 0.85)


def test_nothing_is_done_alone_where_even_the_surest_answers_are_wrong() -> None:
    assert limit(*answers((1.0, 50, 50)), 0.85, 0.99) == 1.0


def test_only_wrong_answers_are_a_contradiction_too() -> None:
    assert limit(*answers((0.9, 0, 20)), 0.85, 0.99) > 0.9


def test_a_stricter_target_brings_its_shipped_limit() -> None:
    p, right = answers((0.99, 100, 0))
    assert limit(p, right, 0.85, 0.995) == 0.85
    assert limit(p, right, 0.85, 0.999) == 0.9412
    assert limit(p, right, 0.96, 0.999) == 0.96


def test_a_run_without_known_answers_acts_on_ninety_five_percent_only() -> None:
    assert UNCHECKED == 0.95
    nothing = np.zeros(0), np.zeros(0, dtype=np.bool_)
    assert limit(*nothing, 0.85, 0.99) == 0.95
    assert limit(*nothing, 0.97, 0.99) == 0.97


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60),
    st.sampled_from([0.5, 0.85, 0.97]),
    st.sampled_from([0.97, 0.99, 0.999]),
)
@settings(max_examples=50, deadline=None)
def test_the_limit_is_never_below_the_rule(
    known: list[tuple[float, bool]], rule: float, target: float
) -> None:
    p, right = (np.array(column) for column in zip(*known, strict=True))
    found = limit(p, right, rule, target)
    assert rule <= found <= 1.0
    assert isinstance(found, float)
