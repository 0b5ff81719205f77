"""Ranking existing entries: what links, what is reviewed, what is new."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.matching import a_party, an_entry, an_invoice, euros
from well.domain.candidate import Ranking
from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice, Seller
from well.domain.money import Money
from well.matching import entry_keys, invoice_keys, rank_entries
from well.matching.blocking import AMOUNT, kinds
from well.matching.entries import KNOWN_MAX
from well.ports.store import Block


def ranked(*entries: TargetEntry, invoice: Invoice | None = None, **extra: object) -> Ranking:
    taken: Sequence[str] = extra.get("taken", ())  # type: ignore[assignment]
    return rank_entries(invoice or an_invoice(), a_party(), Block(entries), taken)


def confidence(entry: TargetEntry, invoice: Invoice | None = None) -> float:
    best = ranked(entry, invoice=invoice).best
    assert best is not None
    return best.confidence


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"supplier_name": "ALGOLIA S.A.S."},
        {"supplier_name": "Algolia France"},
        {"invoice_number": "INV2026/04 100"},
        {"invoice_number": "2026-04-100"},
        {"gross_total": euros("1284.38")},
        {"gross_total": euros("1284.35")},
        {"issue_date": date(2026, 4, 25)},
        {"issue_date": None},
    ],
)
def test_the_same_document_written_otherwise_is_linked(changes: dict[str, object]) -> None:
    assert confidence(an_entry(**changes)) >= 0.85


@pytest.mark.parametrize(
    "changes",
    [
        {"invoice_number": "INV-2026-03-099", "issue_date": date(2026, 3, 22)},
        {"invoice_number": "INV-2026-04-101"},
        {"invoice_number": None, "issue_date": date(2026, 3, 22)},
        {"gross_total": euros("64.00"), "invoice_number": "A-1"},
        {"credit_note": True},
        {"gross_total": euros("-1284.37")},
        {"gross_total": Money.of("1284.37", "USD"), "invoice_number": None},
    ],
)
def test_another_document_is_not_linked_nor_reviewed(changes: dict[str, object]) -> None:
    assert confidence(an_entry(**changes)) < 0.10


def test_an_equal_figure_in_another_currency_speaks_against_and_says_so() -> None:
    best = ranked(an_entry(gross_total=Money.of("1284.37", "USD"))).best
    assert best is not None
    row = next(row for row in best.evidence if row.feature == "amount")
    assert (row.source, row.target) == ("1284.37 EUR", "1284.37 USD")
    assert (row.level, row.bits) == ("other currency", -9.0)
    assert best.confidence < confidence(an_entry())


def test_amount_date_and_name_alone_are_a_question() -> None:
    assert 0.55 <= confidence(an_entry(invoice_number=None)) < 0.85


def test_amount_date_name_and_tax_number_are_an_answer() -> None:
    vat = "FR40303265045"
    invoice = an_invoice(seller=Seller(name="Algolia SAS", vat_id=vat))
    assert confidence(an_entry(invoice_number=None, vat_id=vat), invoice) >= 0.85


def test_a_short_number_proves_less_than_a_long_one() -> None:
    short = an_invoice(number="102")
    long = an_invoice()
    assert confidence(an_entry(invoice_number="102"), short) < confidence(an_entry(), long)


def test_two_entries_that_fit_share_the_probability() -> None:
    ranking = ranked(an_entry(), an_entry(id="entry-2"))
    assert all(c.confidence < 0.55 for c in ranking.candidates)
    assert ranking.none_confidence < 0.01


def test_a_taken_entry_stays_visible_and_marked() -> None:
    best = ranked(an_entry(), taken=["entry-1"]).best
    assert best is not None
    assert [row.level for row in best.evidence if row.feature == "owner"] == ["taken"]


def test_a_cut_block_is_said_to_be() -> None:
    [(amount, *_)] = [
        [key for key in keys if kinds([key]) == 1 << AMOUNT]
        for keys in invoice_keys([(an_invoice(), None)])
    ]
    cut = frozenset({amount})
    unnumbered = an_entry(invoice_number=None, supplier_name=None)
    assert rank_entries(an_invoice(), None, Block((unnumbered,), cut)).truncated
    assert rank_entries(an_invoice(), None, Block((), cut)).truncated
    assert not rank_entries(an_invoice(), None, Block()).truncated


def test_a_cut_that_cannot_hide_the_answer_forbids_nothing() -> None:
    cut = frozenset(
        key for key in invoice_keys([(an_invoice(), None)])[0] if kinds([key]) == 1 << AMOUNT
    )
    assert not rank_entries(an_invoice(), None, Block((an_entry(),), cut)).truncated


def test_two_empty_numbers_are_no_evidence() -> None:
    invoice = an_invoice(number=None)
    best = ranked(an_entry(invoice_number=None), invoice=invoice).best
    assert best is not None
    assert [row.bits for row in best.evidence if row.feature == "reference"] == [0.0]


ENTRIES = st.builds(
    an_entry,
    id=st.uuids().map(str),
    invoice_number=st.sampled_from([None, "INV-2026-04-100", "INV-2026-04-101", "7"]),
    gross_total=st.sampled_from([None, euros("1284.37"), euros("1284.38"), euros("90.00")]),
    issue_date=st.sampled_from([None, date(2026, 4, 22), date(2026, 3, 1)]),
    supplier_name=st.sampled_from([None, "Algolia", "Dupont Conseil"]),
    credit_note=st.booleans(),
)


@given(st.lists(ENTRIES, max_size=8))
def test_confidences_sum_to_one_rows_sum_to_bits_and_order_does_not_matter(
    entries: list[TargetEntry],
) -> None:
    ranking = ranked(*entries)
    whole = sum(c.confidence for c in ranking.candidates) + ranking.none_confidence
    assert whole == pytest.approx(1.0, abs=1e-9)
    for candidate in ranking.candidates:
        assert abs(sum(row.bits for row in candidate.evidence) - candidate.bits) < 1e-9
    assert ranked(*reversed(entries)) == ranking


@given(st.integers(0, 300_000), st.integers(0, 300_000), st.booleans())
def test_a_nearer_amount_never_scores_below_a_farther_one(a: int, b: int, with_net: bool) -> None:
    net = euros("1070.31") if with_net else None
    invoice = an_invoice(net_total=net)
    near, far = sorted((a, b), key=lambda minor: abs(minor - 128_437))
    scores = [
        confidence(an_entry(gross_total=Money(minor, "EUR")), invoice) for minor in (near, far)
    ]
    assert scores[0] >= scores[1]


@given(st.integers(-400, 400))
def test_no_date_scores_above_the_same_day(days: int) -> None:
    day = date(2026, 4, 22)
    scores = [confidence(an_entry(issue_date=day + timedelta(days=d))) for d in (0, days)]
    assert scores[0] >= scores[1]


@pytest.mark.parametrize(
    "missing", ["invoice_number", "gross_total", "issue_date", "supplier_name", "vat_id", "iban"]
)
def test_losing_agreeing_evidence_never_raises_the_score(missing: str) -> None:
    full = an_entry(vat_id="FR40303265045", iban="DE89370400440532013000")
    seller = Seller("Algolia SAS", vat_id="FR40303265045", iban="DE89370400440532013000")
    invoice = an_invoice(seller=seller)
    assert confidence(replace(full, **{missing: None}), invoice) <= confidence(full, invoice)


def test_keys_of_entry_and_invoice_meet_where_they_should() -> None:
    asked = set(invoice_keys([(an_invoice(), a_party())])[0])
    for changes in (
        {},
        {"invoice_number": "inv 2026/04/100", "gross_total": None, "issue_date": None},
        {"invoice_number": None, "issue_date": date(2026, 6, 30)},
        {"invoice_number": None, "gross_total": euros("1284.39")},
        {"invoice_number": None, "gross_total": None},
        {"invoice_number": None, "issue_date": None, "supplier_name": None},
        {"invoice_number": None, "gross_total": euros("1070.31")},
        {
            "invoice_number": None,
            "gross_total": None,
            "issue_date": None,
            "file_name": "Facture_20260422_INV-2026-04-100.pdf",
        },
    ):
        assert asked & set(entry_keys([an_entry(**changes)])[0]), changes


def test_a_query_has_a_bounded_number_of_keys() -> None:
    party = a_party(names=tuple(f"Firm {n}" for n in range(500)))
    few = a_party(names=party.names[:KNOWN_MAX])
    assert invoice_keys([(an_invoice(), party)]) == invoice_keys([(an_invoice(), few)])
    assert len(invoice_keys([(an_invoice(), party)])[0]) <= 22 * (KNOWN_MAX + 1) + 22


def test_the_file_token_of_a_posted_file_is_a_key() -> None:
    entry = an_entry(file_name="INV-100--quickbooks-bill-145.pdf")
    assert "file:quickbooks-bill-145" in entry_keys([entry])[0]
