"""Invented numbers pass the published checks, written here a second time.

Invariant: no check is borrowed from the code under test.
"""

import re
from datetime import date

import pytest

from well.sandbox.world.chance import stream
from well.sandbox.world.checkdigits import any_iban, de_vat, fr_vat, tax_ids
from well.sandbox.world.people import people
from well.sandbox.world.world import build_world


def luhn_ok(number: str) -> bool:
    total = 0
    for place, sign in enumerate(reversed(number)):
        digit = int(sign) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def iban_ok(iban: str) -> bool:
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def de_ok(vat: str) -> bool:
    product = 10
    for digit in vat[2:-1]:
        total = (int(digit) + product) % 10
        product = (2 * (total if total else 10)) % 11
    return (11 - product) % 10 == int(vat[-1])


def nl_ok(vat: str) -> bool:
    digits = [int(sign) for sign in vat[2:11]]
    return sum(d * w for d, w in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0


def gb_ok(vat: str) -> bool:
    weighted = sum(int(d) * w for d, w in zip(vat[2:9], range(8, 1, -1), strict=True))
    return (weighted + int(vat[9:])) % 97 == 0


def test_published_examples_come_out_right() -> None:
    assert fr_vat("732829320") == "FR44732829320"
    assert de_vat("13669597") == "DE136695976"


@pytest.mark.parametrize("country", ["FR", "DE", "ES", "NL", "GB", "IE", "BE", "CH"])
def test_every_country_gets_ibans_of_the_right_check_and_length(country: str) -> None:
    lengths = {"FR": 27, "DE": 22, "ES": 24, "NL": 18, "GB": 22, "IE": 22, "BE": 16, "CH": 21}
    for index in range(200):
        iban = any_iban(country, stream("test", country, index))
        assert iban is not None
        assert iban_ok(iban)
        assert len(iban) == lengths[country]


def test_american_suppliers_have_no_iban() -> None:
    assert any_iban("US", stream("test")) is None


def test_vat_ids_pass_their_country_checks() -> None:
    for index in range(300):
        siren, french = tax_ids("FR", stream("fr", index))
        assert luhn_ok(siren)
        assert french is not None
        assert int(french[2:4]) == (12 + 3 * (int(siren) % 97)) % 97
        checks = {"DE": de_ok, "NL": nl_ok, "GB": gb_ok}
        for country, check in checks.items():
            vat = tax_ids(country, stream(country, index))[1]
            assert vat is not None
            assert check(vat), vat
        spanish = tax_ids("ES", stream("es", index))[1]
        assert spanish is not None
        assert luhn_ok(spanish[3:])


def test_all_suppliers_of_a_large_world_have_their_own_names_and_numbers() -> None:
    persons = people(5000, 1143, 3)
    for values in (
        [p.name for p in persons],
        [p.vat for p in persons if p.vat],
        [p.iban for p in persons if p.iban],
    ):
        assert len(set(values)) == len(values)
    assert len({p.country for p in persons}) >= 8


def test_vendor_records_show_the_awkward_names() -> None:
    world = build_world(60, 1, date(2026, 11, 21))
    names = [body["DisplayName"] for kind, body in world.quickbooks_objects() if kind == "Vendor"]
    assert len(set(names)) == len(names)
    text = " ".join(names)
    for sign in ('"', "&", "'", "/", "É", "\N{SUN WITH FACE}"):
        assert sign in text
    assert any(re.search(r"[A-Z]{4,}\*", name) or name.isupper() for name in names)
