"""Identifiers are canonical when valid and missing otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.identifiers import (
    NUMBER_MAX,
    VERSION,
    french_company,
    iban,
    legal_ids,
    luhn,
    siren,
    tax_id,
    vat_id,
)

SIREN = "303265045"
SIRET = "30326504500011"
FRENCH = "FR40303265045"


def test_the_rules_have_a_version() -> None:
    assert VERSION == "identifiers-2"


@pytest.mark.parametrize(
    "text",
    [
        "fr76 3000 6000 0112 3456 7890 189",
        "FR7630006000011234567890189",
        "IBAN FR76-3000-6000-0112-3456-7890-189",
    ],
)
def test_a_valid_iban_loses_its_blanks(text: str) -> None:
    assert iban(text) == "FR7630006000011234567890189"


@pytest.mark.parametrize(
    "text",
    [
        "FR7630006000011234567890188",
        "FR76300060000112345678901890",
        "DE7630006000011234567890189",
        "XX7630006000011234567890189",
        "",
        "FR",
        "hello",
        "٣" * 20,
    ],
)
def test_what_is_no_iban_is_missing(text: str) -> None:
    assert iban(text) is None


def test_an_iban_of_the_wrong_length_is_missing_even_when_its_digits_agree() -> None:
    body = "DE00" + "1" * 17
    digits = "".join(str(int(c, 36)) for c in body[4:] + body[:4])
    short = f"DE{98 - int(digits) % 97:02d}" + "1" * 17
    assert iban(short) is None
    assert iban("DE89370400440532013000") == "DE89370400440532013000"
    assert iban("NO9386011117947") == "NO9386011117947"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FR 40 303 265 045", FRENCH),
        ("FR41303265045", None),
        ("FR303265045", None),
        (SIREN, None),
        ("DE 136 695 976", "DE136695976"),
        ("DE 136 695 977", None),
        ("GR094259216", "EL094259216"),
        ("EL 094259216", "EL094259216"),
        ("NL004495445B01", "NL004495445B01"),
        ("ESB58378431", "ESB58378431"),
        ("BE697449992", "BE0697449992"),
        ("BE0697449992", "BE0697449992"),
        ("GB 980 7806 84", "GB980780684"),
        ("GB 980780684 001", "GB980780684"),
        ("XI980780684", "GB980780684"),
        ("CHE-107.787.577", "CHE107787577"),
        ("CHE-107.787.577 MWST", "CHE107787577"),
        ("CHE-107.787.577 TVA", "CHE107787577"),
        ("CHE-107.787.578 IVA", None),
        ("CHE-107.787.577 XXX", None),
        ("NO 995 525 828 MVA", "NO995525828"),
        ("NO995525828", "NO995525828"),
        ("HU12892312", "HU12892312"),
        ("SE556188840401", "SE556188840401"),
        ("US123456789", None),
        ("XX123", None),
        ("XXXXX6789", None),
        ("", None),
        ("FR" + "1" * 40, None),
    ],
)
def test_vat_numbers_need_their_prefix_and_check_digits(text: str, expected: str | None) -> None:
    assert vat_id(text) == expected


@pytest.mark.parametrize("text", [SIREN, SIRET, FRENCH, "303 265 045", "FR 40 303 265 045"])
def test_a_siren_is_found_in_siret_and_vat_number(text: str) -> None:
    assert siren(text) == SIREN


@pytest.mark.parametrize(
    "text",
    ["303265046", "30326504500012", "3032650450", "FR4030326504", "FR41303265045", "", "٣٠٣٢٦٥٠٤٥"],
)
def test_what_holds_no_siren_is_missing(text: str) -> None:
    assert siren(text) is None


def test_the_french_post_has_siret_numbers_of_its_own() -> None:
    assert siren("35600000000048") == "356000000"
    assert siren("35600000000049") == "356000000"


def test_luhn_knows_a_wrong_digit() -> None:
    assert luhn("303265045")
    assert not luhn("303265046")
    assert luhn("79927398713")


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        (FRENCH, None, FRENCH),
        (SIREN, "FR", FRENCH),
        (SIREN, "France", FRENCH),
        (f"FR{SIREN}", None, FRENCH),
        (SIRET, "FR", f"FR{SIRET}"),
        ("30326504500012", "FR", None),
        ("303265046", "FR", None),
        (SIREN, None, None),
        (SIREN, "Nowhere", None),
        ("136695976", "Deutschland", "DE136695976"),
        ("136695977", "DE", None),
        ("DE136695976", "FR", "DE136695976"),
        ("12-3456789", "US", "US123456789"),
        ("US 12-3456789", None, "US123456789"),
        ("B58378431", "ES", "ESB58378431"),
        ("00743110157", "Italy", "IT00743110157"),
        ("IT 00743110157", "IT", "IT00743110157"),
        ("5561888404", "SE", "SE556188840401"),
        ("556188840401", "SE", "SE556188840401"),
        ("5561888405", "SE", None),
        ("12892312-2-42", "HU", "HU12892312"),
        ("12892312", "HU", "HU12892312"),
        ("27AAPFU0939F1ZV", "India", "IN27AAPFU0939F1ZV"),
        ("16.727.230/0001-97", "BR", "BR16727230000197"),
        ("51 824 753 556", "AU", "AU51824753556"),
        ("123026635RC0001", "CA", "CA123026635RC0001"),
        ("107787577", "CH", "CHE107787577"),
        ("995525828", "NO", "NO995525828"),
        ("094259216", "GR", "EL094259216"),
        ("01234567", "GB", None),
        ("x" * (NUMBER_MAX + 1), "DE", None),
    ],
)
def test_a_tax_number_has_the_prefix_of_its_country(
    text: str, country: str | None, expected: str | None
) -> None:
    assert tax_id(text, country) == expected


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        (FRENCH, None, {SIREN}),
        (SIRET, "FR", {SIREN}),
        (SIRET, None, {SIREN}),
        (SIREN, None, {SIREN}),
        ("303265046", None, {"303265046"}),
        ("303265046", "FR", set()),
        ("FR41303265045", None, set()),
        ("BE697449992", None, {"0697449992"}),
        ("DE136695976", None, set()),
        ("GB980780684", None, set()),
        ("NL004495445B01", None, set()),
        ("CHE-107.787.577 TVA", None, {"107787577"}),
        ("123026635RC0001", "CA", {"123026635"}),
        ("16.727.230/0001-97", "BR", {"16727230"}),
        ("27AAPFU0939F1ZV", "IN", {"AAPFU0939F"}),
        ("SE556188840401", None, {"5561888404"}),
        ("12-3456789", "US", {"123456789"}),
        ("12-3456789", None, {"123456789"}),
        ("1234567", "GB", {"GB 01234567"}),
        ("01234567", "United Kingdom", {"GB 01234567"}),
        ("SC123456", "GB", {"GB SC123456"}),
        ("ZZ123456", "GB", set()),
        ("123456", "GB", set()),
        ("KvK 12345678", "NL", {"NL 12345678"}),
        ("12345678", "NL", {"NL 12345678"}),
        ("1234567", "NL", set()),
        ("99999999", None, set()),
        ("123456", None, set()),
        ("1234567", None, {"1234567"}),
        ("1234567", "Nowhere", {"1234567"}),
        ("AB12", None, set()),
        ("x" * (NUMBER_MAX + 1), None, set()),
    ],
)
def test_the_legal_person_is_in_the_number(
    text: str, country: str | None, expected: set[str]
) -> None:
    assert legal_ids(text, country) == expected


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        (SIREN, None, SIREN),
        (SIREN, "FR", SIREN),
        (SIREN, "RE", SIREN),
        (SIREN, "DE", None),
        (FRENCH, "DE", SIREN),
        ("DE136695976", "DE", None),
    ],
)
def test_a_bare_number_of_another_country_is_no_siren(
    text: str, country: str | None, expected: str | None
) -> None:
    assert french_company(text, country) == expected


@pytest.mark.parametrize("country", ["FR", "BL", "GF", "GP", "MF", "MQ", "RE", "YT"])
def test_french_numbers_are_used_overseas(country: str) -> None:
    assert french_company(SIREN, country) == SIREN


@pytest.mark.parametrize(
    "prefix", ["SC", "NI", "OC", "SO", "NC", "FC", "IP", "LP", "RC", "R0", "NF", "SL", "NL"]
)
def test_british_companies_may_have_letters(prefix: str) -> None:
    assert legal_ids(f"{prefix}123456", "GB") == {f"GB {prefix}123456"}


@given(st.text(max_size=50), st.sampled_from(["", "FR", "DE", "US", "GB", "NL", "??", "BR"]))
def test_no_text_breaks_a_check(text: str, country: str) -> None:
    for check in (iban, vat_id, siren):
        check(text)
        check("FR" + text)
    for number in (text, country + text):
        tax_id(number, country)
        legal_ids(number, country)


@given(
    st.text("0123456789ABCFPUZ", min_size=7, max_size=15),
    st.sampled_from(["FR", "DE", "IT", "ES", "CH", "NO", "GB", "HU", "SE", "US", "BR", "PT", "MX"]),
)
def test_canonicalising_twice_gives_the_same(text: str, country: str) -> None:
    found = tax_id(text, country)
    if found is not None:
        assert tax_id(found) == tax_id(found, country) == found
        assert legal_ids(found) == legal_ids(text, country)
