"""Identifiers are canonical when valid and missing otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.canonical import domain
from well.matching.identifiers import iban, luhn, siren, vat_id


def test_a_valid_iban_loses_its_blanks() -> None:
    assert iban("fr76 3000 6000 0112 3456 7890 189") == "FR7630006000011234567890189"


@pytest.mark.parametrize("text", ["FR7630006000011234567890188", "", "FR", "hello", "٣" * 20])
def test_what_is_no_iban_is_missing(text: str) -> None:
    assert iban(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FR 40 303 265 045", "FR40303265045"),
        ("FR41303265045", None),
        ("DE 136 695 976", "DE136695976"),
        ("GR123456789", "EL123456789"),
        ("NL004495445B01", "NL004495445B01"),
        ("ESB58378431", "ESB58378431"),
        ("XX123", None),
        ("XXXXX6789", None),
    ],
)
def test_vat_numbers_need_their_form_and_french_ones_their_key(
    text: str, expected: str | None
) -> None:
    assert vat_id(text) == expected


@pytest.mark.parametrize("text", ["303265045", "30326504500010", "FR40303265045"])
def test_a_siren_is_found_in_siret_and_vat_number(text: str) -> None:
    found = siren(text)
    assert found in ("303265045", None)
    assert siren("303265045") == "303265045"


def test_luhn_knows_a_wrong_digit() -> None:
    assert luhn("303265045")
    assert not luhn("303265046")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.algolia.com/pricing", "algolia.com"),
        ("billing@eu.algolia.com", "algolia.com"),
        ("jean.dupont@gmail.com", None),
        ("shop.example.co.uk", "example.co.uk"),
        ("http://[::bad", None),
        ("127.0.0.1", None),
        ("", None),
    ],
)
def test_a_domain_is_the_registrable_one_and_never_a_shared_one(
    text: str, expected: str | None
) -> None:
    assert domain(text) == expected


@given(st.text(max_size=50))
def test_no_text_breaks_a_check(text: str) -> None:
    for check in (iban, vat_id, siren, domain):
        check(text)
        check("FR" + text)
