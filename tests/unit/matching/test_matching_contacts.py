"""Countries, telephones and addresses mean the same however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.contacts import (
    ADDRESS_WORDS_MAX,
    VERSION,
    address_words,
    country_code,
    phone,
    postcode,
)


def test_the_rules_have_a_version() -> None:
    assert VERSION == "contacts-1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FR", "FR"),
        (" fr ", "FR"),
        ("FRA", "FR"),
        ("France", "FR"),
        ("FRANKREICH", "FR"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("UK", "GB"),
        ("Großbritannien", "GB"),
        ("États-Unis", "US"),
        ("U.S.A.", "US"),
        ("EL", "GR"),
        ("Côte d'Ivoire", "CI"),
        ("日本", "JP"),
        ("Nowhere", None),
        ("", None),
        ("F", None),
    ],
)
def test_a_country_has_one_code(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("+33 1 23 45 67 89", "", "123456789"),
        ("0033 1 23 45 67 89", "", "123456789"),
        ("01 23 45 67 89", "", "123456789"),
        ("01.23.45.67.89", "FR", "123456789"),
        ("33123456789", "FR", "123456789"),
        ("33 0 123456789", "FR", "123456789"),
        ("+33 (0)1 23 45 67 89", "", "123456789"),
        ("+49 30 1234567", "", "301234567"),
        ("030 1234567", "DE", "301234567"),
        ("+47 22 12 34 56", "", "22123456"),
        ("22 12 34 56", "NO", "22123456"),
        ("4722123456", "Norway", "22123456"),
        ("4722123456", "", "722123456"),
        ("+1 (773) 555-1234", "", "735551234"),
        ("773-555-1234 x12", "US", "735551234"),
        ("773-555-1234 ext. 12", "US", "735551234"),
        ("1 773 555 1234", "", "735551234"),
        ("+352 26 12 34", "", None),
        ("+352 26 12 34 5", "", "2612345"),
        ("2252223.0", "", "2252223"),
        ("2252223", "", "2252223"),
        ("225222", "", None),
        ("1234567890123456", "", None),
        ("123456789012345", "", "789012345"),
        ("0000000000", "", None),
        ("+999 12345678", "", "912345678"),
        ("+99912345", "", "99912345"),
        ("0047 22 12 34 56", "", "22123456"),
        ("+47 0 2212345", "", "2212345"),
        ("47 0 22123456", "NO", "22123456"),
        ("4721234", "NO", "4721234"),
        ("472212345", "NO", "472212345"),
        ("0 2212345", "", "2212345"),
        ("12345678", "", "12345678"),
        ("17735551234", "", "735551234"),
        ("1773555123", "", "773555123"),
        ("call us", "", None),
        ("", "", None),
    ],
)
def test_a_telephone_number_is_its_national_end(
    text: str, country: str, expected: str | None
) -> None:
    assert phone(text, country) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "12, rue de la République, 75011 Paris Cedex",
            ("12", "rue", "republique", "75011", "paris"),
        ),
        ("501 East 32nd Street", ("501", "e", "32", "st")),
        ("501 E 32 ST", ("501", "e", "32", "st")),
        ("Hauptstraße 5", ("hauptstr", "5")),
        ("Hauptstr. 5", ("hauptstr", "5")),
        ("Straße 5", ("st", "5")),
        ("Av. Foch", ("av", "foch")),
        ("Avenue Foch", ("av", "foch")),
        ("Saint Pierre 1", ("st", "pierre", "1")),
        ("1 1 1", ("1",)),
        ("", ()),
        ("of the", ()),
    ],
)
def test_an_address_is_its_telling_words(text: str, words: tuple[str, ...]) -> None:
    assert address_words(text) == words


def test_a_long_address_is_cut() -> None:
    text = " ".join(f"x{n}" for n in range(ADDRESS_WORDS_MAX + 1))
    assert len(address_words(text)) == ADDRESS_WORDS_MAX == 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 rue X, 75011 Paris", "75011"),
        ("10001 Broadway, New York, NY 10013-1234", "10013"),
        ("10 Downing Street, London sw1a 2aa", "SW1A2AA"),
        ("24 Sussex Drive, Ottawa K1M 1M4", "K1M1M4"),
        ("Damrak 1, 1012 LG Amsterdam", "1012LG"),
        ("ul. Prosta 1, 00-838 Warszawa", "00838"),
        ("Tokyo 100-0001", "1000001"),
        ("1100-148 Lisboa", "1100148"),
        ("01310-100 São Paulo", "01310100"),
        ("111 20 Stockholm", "11120"),
        ("Mumbai 400001", "400001"),
        ("Rue Neuve 1, 1000 Bruxelles", "1000"),
        ("Bahnhofstrasse 1, CH-8001 Zürich", "8001"),
        ("8001", "8001"),
        ("Main Street 7", None),
        ("", None),
    ],
)
def test_a_postcode_stands_in_an_address(text: str, expected: str | None) -> None:
    assert postcode(text) == expected


def test_only_the_beginning_of_a_text_is_searched_for_a_postcode() -> None:
    assert postcode("75011".rjust(400)) == "75011"
    assert postcode("75011".rjust(402)) is None


@given(st.text(max_size=60), st.text(max_size=10))
def test_any_text_is_read_the_same_twice(text: str, country: str) -> None:
    words = address_words(text)
    assert len(set(words)) == len(words)
    found = phone(text, country)
    assert found is None or (found.isascii() and found.isdigit() and 7 <= len(found) <= 9)
    code = country_code(text)
    assert code is None or country_code(code) == code
    postcode(text)


@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda text: text[0] not in "01"))
def test_all_spellings_of_a_telephone_number_are_one(number: str) -> None:
    if len(set(number)) > 1:
        spellings = (
            f"+33{number}",
            f"0033{number}",
            f"0{number}",
            f"33{number}",
            f"+33(0){number}",
        )
        assert {phone(spelling, "FR") for spelling in spellings} == {number}


@pytest.mark.parametrize("number", ["+1 2345678", "+33 2345678", "+352 2345678"])
def test_calling_codes_of_one_two_and_three_digits_are_left_out(number: str) -> None:
    assert phone(number) == "2345678"
