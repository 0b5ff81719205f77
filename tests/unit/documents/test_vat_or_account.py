"""A VAT id and the start of an account number look alike: each is taken for what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.documents.reading.check_digits import IBAN_LENGTHS, iban_is_valid
from well.documents.reading.recognise import ibans, vat_ids

ACCOUNTS = [
    "DE89370400440532013000",
    "PL61109010140000071219812874",
    "PT50000201231234567890154",
    "SE4550000000058398257466",
    "DK5000400440116243",
    "FI2112345600000785",
    "NO9386011117947",
    "LU280019400644750000",
    "CZ6508000000192000145399",
    "HU42117730161111101800000000",
    "EE382200221020145685",
    "SK3112000000198742637541",
    "FR7630006000011234567890189",
    "IT60X0542811101000000123456",
    "NL91ABNA0417164300",
    "BE68539007547034",
]
DIGITS_ONLY = ("DE", "PL", "PT", "SE", "DK", "FI", "LU", "CZ", "HU", "EE", "SK", "LT", "HR", "SI")


def in_fours(account: str) -> str:
    return " ".join(account[at : at + 4] for at in range(0, len(account), 4))


def account_of(country: str, digits: str) -> str:
    body = digits[: IBAN_LENGTHS[country] - 4]
    plain = "".join(str(int(char, 36)) for char in body + country + "00")
    return f"{country}{98 - int(plain) % 97:02d}{body}"


def found_in(text: str) -> tuple[list[str], list[str]]:
    return [one.value for one in vat_ids(text)], [one.value for one in ibans(text) if one.sure]


@pytest.mark.parametrize("account", ACCOUNTS)
def test_an_account_number_is_no_vat_id(account: str) -> None:
    assert iban_is_valid(account)
    for shown in (account, in_fours(account), in_fours(account).replace(" ", ".")):
        assert found_in(f"IBAN {shown} BIC") == ([], [account])


@given(st.sampled_from(DIGITS_ONLY), st.text("0123456789", min_size=24, max_size=24))
def test_no_account_number_in_groups_of_four_is_a_vat_id(country: str, digits: str) -> None:
    account = account_of(country, digits)
    assert iban_is_valid(account)
    assert found_in(in_fours(account)) == ([], [account])


def test_an_account_number_with_a_wrong_digit_is_no_vat_id_either() -> None:
    assert found_in("DE89 3704 0044 0532 0130 01") == ([], [])
    assert found_in("PL61 1090 1014 0000 0712 1981 2875") == ([], [])


@pytest.mark.parametrize(
    ("text", "vat_id"),
    [
        ("DE136695976 0301 2345", "DE136695976"),
        ("DE136695976 1234 5678 9012", "DE136695976"),
        ("DE136695976 12 34", "DE136695976"),
        ("DE 136 695 976 12", "DE136695976"),
        ("DE13 6695 976", "DE136695976"),
        ("DE13 6695 976 0532 0130", "DE136695976"),
        ("PL 856 734 62 15 61 1090", "PL8567346215"),
        ("PT501964843 9015", "PT501964843"),
        ("DK 13 58 56 28 40", "DK13585628"),
        ("FR40303265045 7500", "FR40303265045"),
        ("BE0428759497 0754", "BE0428759497"),
        ("IT00743110157 1101 0000", "IT00743110157"),
    ],
)
def test_groups_of_digits_behind_a_vat_id_do_not_hide_it(text: str, vat_id: str) -> None:
    (found,) = vat_ids(f"VAT id: {text}")
    assert (found.value, found.sure) == (vat_id, True)


def test_a_vat_id_with_wrong_check_digits_still_ends_where_its_country_says() -> None:
    (found,) = vat_ids("DE123456789 12")
    assert (found.value, found.sure) == ("DE123456789", False)
    assert found_in("DE123456789 1234 5678 901") == (["DE123456789"], [])


def test_a_vat_id_and_an_account_number_in_one_line_are_both_found() -> None:
    line = "USt-IdNr. DE136695976 IBAN DE89 3704 0044 0532 0130 00"
    assert found_in(line) == (["DE136695976"], ["DE89370400440532013000"])
    turned = "IBAN DE89 3704 0044 0532 0130 00 USt-IdNr. DE136695976"
    assert found_in(turned) == (["DE136695976"], ["DE89370400440532013000"])
