"""Probabilities for the finder's scores: pinned at both sides of what decides."""

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from well.documents.reading import calibrate
from well.documents.reading.calibrate import WEAK, WEAK_CAP, probability

TABLE = tomllib.loads(Path(calibrate.__file__).with_name("calibration.toml").read_text("utf-8"))
SCORES = st.floats(0, 1)
FIELDS = st.sampled_from([*TABLE["steps"], "never heard of"])


def test_the_table_says_its_version_and_origin() -> None:
    assert TABLE["version"] == 1
    assert "made-up invoices" in TABLE["origin"]


@given(FIELDS, SCORES, SCORES)
def test_a_higher_score_is_never_worth_less(field: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert probability(field, low) <= probability(field, high)


@given(FIELDS, st.floats(0, WEAK, exclude_max=True))
def test_weak_evidence_never_reaches_the_bar(field: str, score: float) -> None:
    assert probability(field, score) <= WEAK_CAP < 0.85


def test_a_number_behind_its_label_is_surer_than_one_behind_a_bare_no() -> None:
    assert probability("number", 0.65) == WEAK_CAP
    assert probability("number", 0.95) == 0.99


def test_a_score_below_the_table_is_worth_no_more_than_itself() -> None:
    assert probability("number", 0.5) == 0.5
