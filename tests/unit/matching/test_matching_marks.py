"""Marks of a counterparty and of a sum, one by one."""

import pytest

from builders.matching import IBAN
from well.domain.candidate import Candidate, Evidence
from well.domain.counterparty import Counterparty
from well.domain.invoice import Seller
from well.matching import merge_party, rank_parties, would_change
from well.matching.amounts import minor
from well.matching.names import parse
from well.matching.party_levels import number_level
from well.ports.store import Block


def test_a_letter_is_no_blank_inside_a_sum() -> None:
    assert minor("1\u00a0000.00", "EUR") == 100_000
    with pytest.raises(ValueError, match="1X000"):
        minor("1X000.00", "EUR")


def test_all_that_is_missing_is_told_with_its_worth() -> None:
    assert would_change(Candidate("e1", "E 1", 0.0, 0.5, ())) == (
        "an equal number would add 10 bits",
        "an equal total would add 6 bits",
        "the same day would add 3 bits",
        "an equal name would add 5 bits",
        "an equal tax number would add 4 bits",
        "an equal bank account would add 3 bits",
    )


def test_a_domain_that_is_shared_is_a_row() -> None:
    party = Counterparty("p1", ("Zorn",), domains=("algolia.com",))
    best = rank_parties(Seller(name="Kodex", website="algolia.com"), Block((party,))).candidates[0]
    rows = {row.feature: (row.source, row.target, row.level, row.bits) for row in best.evidence}
    assert rows["domain"] == ("algolia.com", "algolia.com", "equal", 5.0)


@pytest.mark.parametrize(
    ("ours", "theirs", "sirens", "known", "level"),
    [
        (["a"], ["a", "b"], [], [], "equal"),
        (["a"], ["b"], ["1"], ["1"], "same legal person"),
        (["a"], ["b"], ["1"], ["2"], "different"),
        ([], ["b"], ["1"], ["2"], "different"),
        (["a"], [], ["1"], [], "missing"),
    ],
)
def test_tax_numbers_and_the_person_inside_them(
    ours: list[str], theirs: list[str], sirens: list[str], known: list[str], level: str
) -> None:
    assert number_level(ours, theirs, sirens, known) == level


@pytest.mark.parametrize("form", ["gmbh", "sarl", "aktiengesellschaft", "spzoo"])
def test_a_form_glued_to_its_name_is_cut_off(form: str) -> None:
    name = parse(f"Zorn{form}")
    assert name.words == ("zorn",)
    assert name.form is not None
    assert name.form == parse(f"Zorn {form}").form


def test_what_is_there_already_would_change_nothing() -> None:
    there = ("reference", "amount", "date", "name", "tax number", "bank account")
    rows = tuple(Evidence(feature, "", "", "different", -1.0) for feature in there)
    assert would_change(Candidate("e1", "E 1", -6.0, 0.5, rows)) == ()
    for place, feature in enumerate(there):
        some = rows[:place] + rows[place + 1 :]
        (told,) = would_change(Candidate("e1", "E 1", -5.0, 0.5, some))
        words = {"amount": "total", "date": "day", "reference": "number"}
        assert words.get(feature, feature) in told


def test_an_account_is_a_row_of_its_own() -> None:
    party = Counterparty("p1", ("Zorn",), ibans=(IBAN,))
    best = rank_parties(Seller(name="Kodex", iban=IBAN), Block((party,))).candidates[0]
    rows = {row.feature: (row.source, row.target, row.level) for row in best.evidence}
    assert rows["bank account"] == (IBAN, IBAN, "equal")


@pytest.mark.parametrize(
    ("known", "seen", "kept"),
    [("401", None, "401"), (None, "402", "402"), ("401", "402", "401"), (None, None, None)],
)
def test_the_known_account_in_the_ledger_stands_and_a_hole_is_filled(
    known: str | None, seen: str | None, kept: str | None
) -> None:
    ours, theirs = (Counterparty("p", ("Zorn",), ledger_account=a) for a in (known, seen))
    assert merge_party(ours, theirs, "p").ledger_account == kept
