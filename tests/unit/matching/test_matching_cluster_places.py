"""Addresses as places: the house number and the words of the street, whatever the style."""

import pytest

from well.matching.clusters.places import Place, place


@pytest.mark.parametrize(
    ("text", "number", "street"),
    [
        ("1009 N. Cleveland", "1009", ("cleveland",)),
        ("3449 W Arthington Street, Chicago", "3449", ("arthington", "chicago")),
        ("12 rue de la Paix, 75002 Paris", "12", ("paix", "paris")),
        ("Hauptstraße 12, 10115 Berlin", "12", ("hauptstr",)),
        ("12b Foch Avenue", "12b", ("foch",)),
        ("4910 S King Luther Martin Dr", "4910", ("king", "luther")),
    ],
)
def test_a_place_is_the_house_number_and_two_words_of_the_street(
    text: str, number: str, street: tuple[str, ...]
) -> None:
    assert place(text) == Place(number, street)


def test_spellings_of_one_street_are_one_place() -> None:
    spellings = ("3215 W. 63rd Street", "3215 W 63rd St", "3215 West 63RD ST.")
    assert {place(text) for text in spellings} == {Place("3215", ("63",))}


def test_a_range_of_houses_counts_as_its_first() -> None:
    assert place("3012-16 E. 92nd St.") == Place("3012", ("92",))
    assert place("4753-59 W. Washington") == Place("4753", ("washington",))


def test_a_number_is_a_street_beside_a_kind_of_street_only() -> None:
    assert place("20 High 5 Court 1234") == Place("20", ("high", "5"))
    assert place("20 High 5 6") == Place("20", ("high",))


def test_a_postcode_is_no_street() -> None:
    assert place("20 999 St") == Place("20", ("999",))
    assert place("20 1000 St") is None


def test_the_number_of_a_unit_is_not_the_house() -> None:
    assert place("Suite 4, 20 High Street") == Place("20", ("high",))
    assert place("Apt 7 20 Main St") == Place("20", ("main",))


def test_a_unit_behind_the_street_is_no_street() -> None:
    assert place("20 High Apt 7") == Place("20", ("high",))


def test_a_house_number_has_six_signs_at_the_most() -> None:
    assert place("123456 High") == Place("123456", ("high",))
    assert place("1234567 High") is None
    assert place("12x9 High") is None


def test_single_letters_tell_no_street() -> None:
    assert place("20 q High") == Place("20", ("high",))
    assert place("20 xy") == Place("20", ("xy",))


def test_a_town_alone_is_no_place() -> None:
    assert place("Zone Nord Est Parc") is None


@pytest.mark.parametrize("text", ["", "12", "?? !!", "N. St.", "12 West Street"])
def test_what_tells_no_street_is_no_place(text: str) -> None:
    assert place(text) is None


KINDS = (
    "street avenue boulevard road drive lane place square court circle terrace highway parkway "
    "way expressway crescent gardens rue chemin route allee impasse faubourg quai cours "
    "passage bis strasse weg calle carretera paseo via viale corso rua straat suite apartment "
    "floor building room box number unit flat north south east west northeast northwest "
    "southeast southwest"
)


@pytest.mark.parametrize(
    "word",
    KINDS.split(),
)
def test_a_kind_of_street_a_unit_or_a_direction_tells_no_street(word: str) -> None:
    assert place(f"20 {word} High") == Place("20", ("high",))
    assert place(f"20 {word}") is None
