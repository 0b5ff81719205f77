"""Sellers and counterparties have comparable values, and nothing that is not valid."""

from well.domain.counterparty import Counterparty
from well.domain.invoice import Seller
from well.matching.canonical import NAMES_MAX, VERSION, best_name, of_party, of_seller

SIREN = "303265045"
FRENCH = "FR40303265045"
IBAN = "FR7630006000011234567890189"


def test_the_rules_have_a_version() -> None:
    assert VERSION == ("amounts-1 contacts-1 dates-1 domains-1 identifiers-2 references-2")


def test_a_seller_is_read_with_all_its_values() -> None:
    seller = Seller(
        name="Algolia SAS",
        vat_id="FR 40 303 265 045",
        legal_id="303 265 045",
        country="France",
        iban=f"{IBAN[:4]} {IBAN[4:]}",
        email="billing@eu.algolia.com",
        website="https://www.algolia.fr/pricing",
    )
    identity = of_seller(seller)
    assert [name.core for name in identity.names] == ["algolia"]
    assert identity.vat_ids == {FRENCH}
    assert identity.sirens == {SIREN}
    assert identity.ibans == {IBAN}
    assert identity.domains == {"algolia.com", "algolia.fr"}
    assert identity.country == "FR"


def test_what_is_missing_or_broken_is_left_out() -> None:
    for seller in (
        Seller(),
        Seller("", "FR41303265045", "12", "Nowhere", "FR76", "x@gmail.com", "localhost"),
    ):
        identity = of_seller(seller)
        assert identity.names == ()
        assert identity.vat_ids == identity.sirens == identity.ibans == frozenset()
        assert identity.domains == frozenset()
        assert identity.country is None
        assert best_name(identity) is None


def test_a_number_without_prefix_is_read_by_its_country() -> None:
    german = of_seller(Seller(legal_id="136695976", country="DE"))
    assert german.vat_ids == {"DE136695976"}
    assert german.sirens == frozenset()
    stranger = of_seller(Seller(vat_id="136695976"))
    assert stranger.vat_ids == frozenset()


def test_a_company_number_is_no_vat_number() -> None:
    french = of_seller(Seller(legal_id=SIREN, country="FR"))
    assert french.vat_ids == frozenset()
    assert french.sirens == {SIREN}


def test_a_counterparty_has_each_of_its_names_once() -> None:
    party = Counterparty(
        "p",
        ("Algolia SAS", "ALGOLIA SAS", "Algolia Inc"),
        vat_ids=(FRENCH,),
        legal_ids=(SIREN,),
        ibans=(IBAN, "FR76"),
        domains=("algolia.com", "gmail.com"),
        country="fr",
    )
    identity = of_party(party)
    first = best_name(identity)
    assert first is not None
    assert first == identity.names[0]
    assert first.core == "algolia"
    assert identity.vat_ids == {FRENCH}
    assert identity.sirens == {SIREN}
    assert identity.ibans == {IBAN}
    assert identity.domains == {"algolia.com"}
    assert identity.country == "FR"


def test_only_so_many_spellings_are_looked_at() -> None:
    words = ("alpha", "bravo", "delta", "golf", "hotel", "india", "kilo", "lima", "oscar", "papa")
    names = tuple(f"{a} {b}" for a in words for b in words if a != b)
    assert len(of_party(Counterparty("p", names)).names) == NAMES_MAX == 40
