"""Resolving the seller: which counterparty, or a new one."""

from datetime import date

import pytest

from builders.matching import a_party
from well.domain.candidate import Ranking
from well.domain.counterparty import Counterparty
from well.domain.invoice import Seller
from well.matching import merge_party, party_keys, rank_parties, seller_keys, seller_source
from well.matching.learn import PARTY, Alias, Learned, Observation, alias_key, gather
from well.ports.store import Block

VAT, OTHER_VAT, GERMAN = "FR40303265045", "FR83404833048", "DE136695976"
SELLER = Seller(name="Algolia SAS", source_id="56")


def ranked(*parties: Counterparty, seller: Seller = SELLER) -> Ranking:
    return rank_parties(seller, Block(parties), seller_source(seller, "qb"))


def test_a_vendor_known_by_its_source_id_is_nearly_sure() -> None:
    best = ranked(a_party()).best
    assert best is not None
    assert best.confidence > 0.99


def test_the_source_id_tells_two_vendors_of_one_name_apart() -> None:
    twin = a_party(id="party-2", source_ids=("other",))
    best = ranked(twin, a_party()).best
    assert best is not None
    assert (best.id, best.confidence > 0.95) == ("party-1", True)


def test_without_source_id_two_vendors_of_one_name_are_a_question() -> None:
    parties = (a_party(source_ids=()), a_party(id="party-2", source_ids=()))
    ranking = ranked(*parties, seller=Seller(name="Algolia"))
    assert all(c.confidence < 0.55 for c in ranking.candidates)


def test_an_unknown_name_is_new() -> None:
    ranking = ranked(a_party(names=("Dupont Conseil",)), seller=Seller(name="Dupont Services"))
    assert ranking.none_confidence > 0.9


def test_a_name_alone_finds_its_vendor() -> None:
    best = ranked(a_party(), seller=Seller(name="ALGOLIA")).best
    assert best is not None
    assert best.confidence > 0.85


def _sure(*numbers: str | None, known: tuple[str, ...] = (VAT,)) -> float:
    """How sure the party with the `known` numbers is, for a seller of its name."""
    vat_id, legal_id = (*numbers, None, None)[:2]
    seller = Seller(name="Algolia", vat_id=vat_id, legal_id=legal_id)
    best = ranked(a_party(vat_ids=known), seller=seller).best
    assert best is not None
    return best.confidence


@pytest.mark.parametrize("other", [OTHER_VAT, "404833048"])
def test_another_tax_number_of_the_country_speaks_against(other: str) -> None:
    assert _sure(VAT) > _sure() > _sure(other)


def test_a_tax_number_of_another_country_says_nothing() -> None:
    assert _sure(GERMAN) == _sure()
    assert _sure(VAT, known=(GERMAN,)) == _sure(known=())


def test_one_country_in_common_is_enough_to_agree_or_differ() -> None:
    assert _sure(GERMAN, VAT) == _sure(VAT)
    assert _sure(GERMAN, OTHER_VAT) < _sure()
    assert _sure(OTHER_VAT, known=(VAT, GERMAN)) < _sure()


def test_an_account_that_several_use_says_little() -> None:
    iban = "DE89370400440532013000"
    seller = Seller(name="Nobody knows", iban=iban)
    alone = ranked(a_party(ibans=(iban,)), seller=seller).best
    shared = ranked(
        a_party(ibans=(iban,)), a_party(id="p2", names=("X",), ibans=(iban,)), seller=seller
    ).best
    assert alone and shared
    assert alone.bits > shared.bits


def test_an_invalid_tax_number_is_missing_and_not_against() -> None:
    known = a_party(vat_ids=(VAT,))
    broken = ranked(known, seller=Seller(name="Algolia", vat_id="FR00000")).best
    absent = ranked(known, seller=Seller(name="Algolia")).best
    assert broken and absent
    assert broken.bits == absent.bits


def test_rows_sum_to_the_bits_and_shares_to_one() -> None:
    ranking = ranked(a_party(), a_party(id="p2", names=("Algolia Inc",), source_ids=()))
    for candidate in ranking.candidates:
        assert abs(sum(row.bits for row in candidate.evidence) - candidate.bits) < 1e-9
    whole = sum(c.confidence for c in ranking.candidates) + ranking.none_confidence
    assert whole == pytest.approx(1.0, abs=1e-9)


def test_a_seller_without_a_name_gets_no_candidate_by_name() -> None:
    assert ranked(a_party(source_ids=()), seller=Seller()).none_confidence > 0.5


@pytest.mark.parametrize(
    "seller",
    [
        SELLER,
        Seller(name="ALGOLIA"),
        Seller(vat_id=VAT),
        Seller(legal_id="303 265 045"),
        Seller(iban="DE89370400440532013000"),
        Seller(email="billing@algolia.com"),
        Seller(name="Algolya"),
    ],
)
def test_every_way_of_naming_a_vendor_shares_a_key_with_it(seller: Seller) -> None:
    party = a_party(
        vat_ids=(VAT,), ibans=("DE89 3704 0044 0532 0130 00",), domains=("algolia.com",)
    )
    assert set(party_keys(party)) & set(seller_keys(seller, "qb"))


def test_a_merge_loses_nothing_and_keeps_the_preferred_name() -> None:
    seen = Counterparty("", ("ALGOLIA", "Algolia SAS"), vat_ids=(VAT,), source_ids=("new",))
    merged = merge_party(a_party(), seen, "party-1")
    assert merged.names == ("Algolia SAS", "ALGOLIA")
    assert merged.vat_ids == (VAT,)
    assert merged.source_ids == (*a_party().source_ids, "new")
    assert merge_party(merged, seen, "party-1") == merged


def test_a_merge_keeps_the_earliest_sighting_of_each_account() -> None:
    early, late = date(2024, 1, 1), date(2025, 1, 1)
    known = a_party(sightings=(("A", late), ("B", early)))
    seen = a_party(sightings=(("A", early),))
    assert merge_party(known, seen, "p").sightings == (("A", early), ("B", early))


def test_the_first_sight_of_a_party_takes_the_id() -> None:
    assert merge_party(None, a_party(id=""), "p9").id == "p9"


def test_a_cut_block_is_no_doubt_when_the_source_record_names_the_vendor() -> None:
    block = Block((a_party(),), frozenset({"tok:algol"}))
    assert not rank_parties(SELLER, block, seller_source(SELLER, "qb")).truncated
    assert rank_parties(Seller(name="Algolia"), block).truncated


def remembered(confirmed: bool) -> Learned:
    said = Alias(alias_key("ALGOLIA*PARIS"), "party-1", confirmed)
    return gather([Observation(str(n), 24_000, aliases=(said,), space=PARTY) for n in range(7)])


@pytest.mark.parametrize(
    ("confirmed", "level", "bits"),
    [(True, "confirmed before", 3.0), (False, "rejected before", -3.0)],
)
def test_what_people_said_of_a_name_is_a_row_of_its_own(
    confirmed: bool, level: str, bits: float
) -> None:
    seller, block = Seller(name="Algolia*Paris"), Block((a_party(),))
    before = rank_parties(seller, block).best
    after = rank_parties(seller, block, None, remembered(confirmed), 24_000).best
    assert before is not None
    assert after is not None
    assert [(e.level, e.bits) for e in after.evidence if e.feature == "memory"] == [(level, bits)]
    assert after.bits == before.bits + bits


def test_what_was_said_of_another_name_or_counterparty_says_nothing() -> None:
    learned = remembered(True)
    for seller, party in (
        (Seller(name="Algolia"), a_party()),
        (Seller(name="Algolia*Paris"), a_party(id="party-2")),
        (Seller(name=None), a_party()),
    ):
        best = rank_parties(seller, Block((party,)), None, learned, 24_000).best
        assert best is not None
        assert "memory" not in {e.feature for e in best.evidence}
