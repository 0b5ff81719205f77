"""Keys under which counterparties and entries are found: stored, so their texts are exact."""

from builders.matching import a_party, an_entry
from well.domain.counterparty import Counterparty
from well.domain.ids import record_id
from well.domain.invoice import Seller
from well.matching import RULES, blocking, canonical, entry_keys, party_keys, seller_keys
from well.matching.canonical_row import CANONICAL_VERSION
from well.matching.keys import file_token

VAT, IBAN = "FR40303265045", "FR7630006000011234567890189"


def test_the_rules_stored_beside_keys_name_all_versions() -> None:
    assert RULES.split() == [*canonical.VERSION.split(), CANONICAL_VERSION, blocking.VERSION]


def test_a_seller_is_asked_for_by_each_of_its_marks() -> None:
    seller = Seller(
        name="Zorn Guadalupe SAS",
        source_id="56",
        vat_id=VAT,
        iban=IBAN,
        website="https://www.algolia.com/about",
    )
    keys = seller_keys(seller, "qb")
    assert keys[0] == f"src:{record_id('qb', 'vendors', '56')}"
    assert keys[1:] == (
        f"vat:{VAT}",
        "legal:303265045",
        f"iban:{IBAN}",
        "domain:algolia.com",
        "name:zornguadalupe",
        "tok:guada",
        "tok:zorn",
    )


def test_a_word_of_three_letters_is_a_key_and_one_of_two_is_not() -> None:
    def words(name: str) -> set[str]:
        return {key for key in party_keys(Counterparty("p", (name,))) if key.startswith("tok:")}

    assert words("Zqx") == {"tok:zqx"}
    assert words("Zq") == set()
    assert words("Abcdefghi Bcdefghi Cdefghi Defghi") == {"tok:abcde", "tok:bcdef", "tok:cdefg"}


def test_the_token_of_a_file_is_what_stands_between_two_dashes_and_the_ending() -> None:
    assert file_token("INV-100--QuickBooks-bill-145.pdf") == "quickbooks-bill-145"
    assert file_token("INV-100--bill") == "bill"
    assert file_token("INV-100--.pdf") is None
    assert file_token("INV-100.pdf") is None
    keys = entry_keys([an_entry(file_name="a--bill-7.pdf"), an_entry(file_name="a.pdf")])
    assert keys[0] == (*keys[1], "file:bill-7")


def test_a_party_is_found_by_its_records_before_its_marks() -> None:
    keys = party_keys(a_party(source_ids=("one", "two")))
    assert keys[:2] == ("src:one", "src:two")
