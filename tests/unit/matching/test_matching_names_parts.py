"""The parts of a name: its weights, numbers, initials, and the curve from likeness to percent."""

import pytest

from well.matching.names import (
    align,
    confidence,
    likeness,
    name_level,
    parse,
    word_weight,
    wordlike,
)
from well.matching.names.likely import _CURVE
from well.matching.names.relations import initials


@pytest.mark.parametrize(
    ("word", "weight"),
    [("q", 0.3), ("zq", 0.6), ("zqx", 0.85), ("zqxv", 1.0), ("1234", 0.5), ("12345", 0.2)],
)
def test_a_word_that_no_list_holds_weighs_by_its_length(word: str, weight: float) -> None:
    assert word_weight(word) == weight


@pytest.mark.parametrize(
    "end",
    [
        *("gesellschaft", "verwaltung", "verwaltungs", "technik", "handel", "vertrieb", "service"),
        *("services", "dienst", "betrieb", "werke", "maatschappij", "bedrijf", "handels"),
        "technologies",
    ],
)
def test_a_word_with_a_general_end_tells_less(end: str) -> None:
    assert word_weight(f"zqxv{end}") == 0.6


def test_a_word_of_just_the_telling_weight_is_telling() -> None:
    assert name_level(parse("Zq"), parse("Zq Bank")) == "part of it"
    assert name_level(parse("Bank"), parse("Zq Bank")) == "common words only"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zorn I", ("zorn", "1")),
        ("Zorn V", ("zorn", "5")),
        ("Zorn X", ("zorn", "10")),
        ("X Zorn", ("x", "zorn")),
        ("Zorn 100 5", ("zorn", "100", "5")),
        ("Zorn 10 5", ("zorn", "10", "5")),
        ("Zorn 20 1", ("zorn", "21")),
        ("Zorn 90 5", ("zorn", "95")),
        ("Zorn 90 10", ("zorn", "90", "10")),
    ],
)
def test_numbers_in_words_signs_and_tens(text: str, words: tuple[str, ...]) -> None:
    assert parse(text).words == words


def test_initials_need_three_words() -> None:
    assert initials(parse("Alpha Beta Gamma")) == "abg"
    assert initials(parse("Alpha Beta")) == ""


def test_initials_meet_the_words_on_either_side() -> None:
    spelt = parse("Alpha Beta Gamma Zorn")
    for short in ("ABG Zorn", "Zorn ABG"):
        assert likeness(spelt, parse(short)) == pytest.approx(10 / 11)


def test_a_slip_in_a_long_form_of_several_words_is_put_right() -> None:
    right = parse("Zorn free zone company")
    assert parse("Zorn frie zone company") == right
    assert right.form is not None


def test_the_curve_only_rises_from_nothing_to_sure() -> None:
    places, shares = zip(*_CURVE, strict=True)
    assert (places[0], shares[0], places[-1], shares[-1]) == (0.0, 0.0, 1.005, 1.0)
    assert list(places) == sorted(set(places))
    assert list(shares) == sorted(set(shares))


def test_equal_names_are_told_apart_by_how_they_are_typed() -> None:
    others = ("Zorn Guadalupe", "zorn  guadalupe", "Zorn, Guadalupe", "Zorn Guadalupe SAS")
    same, case, signs, form = (confidence("Zorn Guadalupe", other) for other in others)
    assert same - case == pytest.approx(0.0005)
    assert case - signs == pytest.approx(0.0005)
    assert signs > form


def test_a_number_of_two_words_is_one_wherever_it_stands() -> None:
    assert parse("Zorn forty four").words == ("zorn", "44")
    assert set(parse("Alpha Beta Zorn forty four").words) == {"alpha", "beta", "zorn", "44"}


def test_the_letters_alone_forgive_one_slip_in_eleven_and_two_in_twelve() -> None:
    """As many as explain the whole difference of names written as one word."""
    assert align._typed("zorndrechta", "zorndrachta") == align.TYPED - 1 / 11
    assert align._typed("zorndrechta", "zirndrachta") == 0.0
    assert align._typed("zorndrechtax", "zirndrachtax") == align.TYPED - 2 / 12
    assert align._typed("zorndrechtax", "zirndrachtux") == 0.0
    assert align._typed("zorn", "zorn") == 0.0


@pytest.mark.parametrize(
    ("word", "heard"),
    [
        *(("scho", "sho"), ("khq", "hk"), ("phq", "fk"), ("ckq", "k")),
        *(("tzo", "zo"), ("tso", "zo"), ("kso", "xo"), ("bae", "ba"), ("boe", "bo"), ("bue", "bu")),
        *(("baa", "ba"), ("tho", "to"), ("by", "bi"), ("jo", "io"), ("wo", "vo"), ("co", "ko")),
        *(("qo", "ko"), ("boo", "bo")),
    ],
)
def test_spellings_of_one_sound_are_one(word: str, heard: str) -> None:
    assert wordlike.sound(word) == heard


def test_words_far_apart_are_not_alike_at_all() -> None:
    assert wordlike.word_likeness("zorn", "abcdefghij") == 0.0
    assert wordlike.word_likeness("services", "service") == wordlike.PLURAL
    assert wordlike.word_likeness("service", "trading") == 0.0
