"""Confidence in two names: a probability, highest for a name with itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.names import confidence

NAMES = st.one_of(
    st.text(max_size=40),
    st.lists(
        st.sampled_from(["Algolia", "Kodex", "Services", "GmbH", "SA", "2", "3", "IBM", "é", "-"]),
        max_size=5,
    ).map(" ".join),
)


@given(NAMES, NAMES)
def test_confidence_is_symmetric_and_bounded(a: str, b: str) -> None:
    assert confidence(a, b) == confidence(b, a)
    assert 0.0 <= confidence(a, b) <= 1.0
    assert confidence(a, b) == confidence(a, b)


@given(NAMES, NAMES)
def test_no_name_is_nearer_to_another_than_to_itself(a: str, b: str) -> None:
    assert confidence(a, b) <= max(confidence(a, a), confidence(b, b))


@pytest.mark.parametrize(
    ("a", "b"), [("", ""), (" ", " "), ("", "Algolia"), ("Algolia", ""), ("?", "!")]
)
def test_an_empty_name_matches_nothing(a: str, b: str) -> None:
    assert confidence(a, b) == 0.0


def test_signs_alone_match_only_themselves() -> None:
    assert confidence("???", "???") == pytest.approx(0.81)


@pytest.mark.parametrize(
    ("a", "b", "sure"),
    [
        ("Algolia", "Algolia", 0.86 + 0.8 * 0.079),
        ("Algolia", "algolia  ", 0.86 + 0.8 * 0.078),
        ("Algolia", "Àlgolia", 0.86 + 0.8 * 0.077),
        ("Algolia", "Algolia SA", 0.86 + 0.8 * (0.99 * 0.875 - 0.8)),
        ("Algolia", "Kodex", 0.02 / 2.02 * 0.875 * 0.025),
    ],
)
def test_the_same_core_is_surer_the_more_it_is_typed_alike(a: str, b: str, sure: float) -> None:
    assert confidence(a, b) == pytest.approx(sure, abs=1e-9)


def test_a_name_that_says_much_is_surer_than_one_that_says_little() -> None:
    long, one, little = "Algolia Kodex Zorro Zebu", "Algolia", "Services"
    assert confidence(long, long) > confidence(one, one) > confidence(little, little)
    assert confidence(" ".join([long] * 3), " ".join([long] * 3)) == pytest.approx(0.999, abs=1e-4)


def test_a_very_long_name_is_all_but_certain_of_itself() -> None:
    name = " ".join(f"zqwx{n:c}{m:c}" for n in range(97, 104) for m in range(97, 104))
    assert confidence(name, name) == pytest.approx(0.995 + 0.004)


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (("Algolia SAS", "Algolia"), ("Algolia SAS", "Algolia SA")),
        (("Müller GmbH", "Mueller GmbH"), ("Müller GmbH", "Miller GmbH")),
        (("Garage Zorro 2", "Garage Zorro II"), ("Garage Zorro 2", "Garage Zorro 3")),
        (("Dupont Services", "Dupont"), ("Dupont Services", "Dupont Conseil")),
        (("IBM", "International Business Machines"), ("IBM", "International Bank")),
        (("Газпром нефть", "Gazprom Neft"), ("Газпром нефть", "Gazprom Bank")),
    ],
)
def test_the_better_reason_is_the_surer(near: tuple[str, str], far: tuple[str, str]) -> None:
    assert confidence(*near) > confidence(*far)


@pytest.mark.parametrize(
    "name",
    [
        "a" * 10_000,
        "a b " * 2_500,
        "1 " * 5_000,
        "\U0001f600" * 10_000,
        "\u200b" * 10_000,
        "\ud800 broken",
        "S.A." * 2_000,
        "gmbh " * 2_000,
        "\u0301" * 9_999,
    ],
)
def test_a_hostile_name_costs_little(name: str) -> None:
    assert 0.0 <= confidence(name, "Algolia " + name) <= 1.0
