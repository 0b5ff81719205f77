"""Names: what counts as the same firm, and what does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.compare import NAME_ORDER, name_level
from well.matching.names import likeness, parse
from well.matching.text import fold, squeeze


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Algolia SAS", "ALGOLIA"),
        ("Société Générale S.A.", "SOCIETE GENERALE SA"),
        ("SARL Dupont & Fils", "Dupont et Fils"),
        ("Müller Gesellschaft mbH", "MULLER GMBH"),
        ("Hetzner Online GmbH", "HetznerOnline GmbH"),
        ("Brigade Forty-Four", "Brigade 44"),
    ],
)
def test_spellings_of_one_firm_are_equal(a: str, b: str) -> None:
    assert name_level(parse(a), parse(b)) == "equal"


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        ("Martin SAS", "Martin SA", "equal, other legal form"),
        ("Algolia", "Algolia France", "part of it"),
        ("Amazon Web Services EMEA SARL", "AWSE", "initials"),
        ("Dupont Services", "Dupont Conseil", "common words only"),
        ("Garage du Site 2", "Garage du Site 3", "other numbers"),
        ("Bouygues Telecom", "Orange", "nothing shared"),
        ("uber", "huber consulting", "nothing shared"),
    ],
)
def test_the_level_says_how_names_differ(a: str, b: str, level: str) -> None:
    assert name_level(parse(a), parse(b)) == level


def test_a_typing_slip_stays_similar() -> None:
    assert name_level(parse("Hetzner Online"), parse("Hetzner Onlien")) in (
        "nearly equal",
        "similar",
    )


def test_a_name_that_is_only_a_legal_form_keeps_its_words() -> None:
    assert parse("SAS").core == "sas"


def test_two_letters_in_front_are_no_legal_form() -> None:
    assert parse("AS Roma Consulting").words[0] == "as"


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_symmetric_and_bounded_for_any_text(a: str, b: str) -> None:
    ab, ba = likeness(parse(a), parse(b)), likeness(parse(b), parse(a))
    assert ab == ba
    assert 0.0 <= ab <= 1.0
    assert name_level(parse(a), parse(b)) == name_level(parse(b), parse(a))
    assert name_level(parse(a), parse(b)) in NAME_ORDER


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(text)) == squeeze(text)


def test_a_huge_name_is_cut() -> None:
    assert len(fold("a" * 1_000_000)) <= 400
