"""Domain values asked of the engine: rows of both sides, and questions side by side."""

from dataclasses import replace
from datetime import date

import pytest

from builders.matching import IBAN, NOON, OTHER_IBAN, a_party, an_entry, an_invoice, euros
from well.domain.candidate import Evidence
from well.domain.invoice import Seller
from well.domain.money import Money
from well.matching import entry_keys, weights, with_canonical
from well.matching.blocking import PARTY, REFERENCE, REPEATED
from well.matching.calibrate import Calibration
from well.matching.canonical_row import canonical, unpacked
from well.matching.columns import Raw
from well.matching.entries import (
    KNOWN_MAX,
    Question,
    document_row,
    entry_row,
    model_of,
    rank_entries,
    rank_questions,
)
from well.matching.learn import NOTHING, Observation, gather
from well.matching.link import Model
from well.ports.store import Block

DAY = date(2026, 4, 22).toordinal()


def test_a_document_becomes_a_row_with_what_is_known_of_its_counterparty() -> None:
    seller = Seller(
        "Algolia France", "FR40303265045", "303265045", "DE", IBAN, "ar@algolia.com", "algolia.fr"
    )
    invoice = an_invoice(seller=seller, net_total=euros("1070.31"))
    party = a_party(
        names=("Algolia SAS", "Algolia"), vat_ids=("FR1",), legal_ids=("814",), ibans=(OTHER_IBAN,),
        domains=("algolia.io",),
    )  # fmt: skip
    assert document_row(invoice, party) == Raw(
        id="",
        names=("Algolia SAS", "Algolia", "Algolia France"),
        reference="INV-2026-04-100",
        amount=128_437,
        net=107_031,
        currency="EUR",
        day=DAY,
        due=DAY + 30,
        numbers=("FR1", "814", "FR40303265045", "303265045"),
        ibans=(OTHER_IBAN, IBAN),
        sites=("algolia.io", "ar@algolia.com", "algolia.fr"),
        country="FR",
    )


def test_a_document_that_says_nothing_becomes_an_empty_row() -> None:
    invoice = an_invoice(
        number=None, issue_date=None, due_date=None, gross_total=None, seller=Seller()
    )
    assert document_row(invoice, None) == Raw(id="", names=(), numbers=(), ibans=(), sites=())


def test_a_document_of_an_unknown_counterparty_has_its_own_country() -> None:
    invoice = an_invoice(seller=Seller("Algolia", country="DE"))
    assert document_row(invoice, None).country == "DE"
    assert document_row(invoice, a_party(country=None)).country == "DE"
    assert document_row(invoice, None).names == ("Algolia",)


def test_a_text_comes_once_and_only_so_many_of_the_counterparty_are_asked() -> None:
    assert KNOWN_MAX == 12
    party = a_party(names=tuple(f"Firm {n}" for n in range(13)))
    invoice = an_invoice(seller=Seller("Firm 3"))
    assert document_row(invoice, party).names == tuple(f"Firm {n}" for n in range(12))
    other = replace(invoice, seller=Seller("Firm 12"))
    assert document_row(other, party).names[-1] == "Firm 12"


@pytest.mark.parametrize(
    ("gross", "flag", "credit"),
    [("10.00", False, False), ("10.00", True, True), ("-10.00", False, True),
     ("-10.00", True, True), ("-0.01", False, True), ("0.00", False, False)],
)  # fmt: skip
def test_a_sign_is_never_dropped(gross: str, flag: bool, credit: bool) -> None:
    document = document_row(an_invoice(gross_total=euros(gross), credit_note=flag), None)
    entry = entry_row(an_entry(gross_total=euros(gross), credit_note=flag))
    size = abs(euros(gross).minor)
    assert (document.amount, document.credit) == (size, credit)
    assert (entry.amount, entry.credit) == (size, credit)


def test_an_entry_becomes_a_row() -> None:
    entry = an_entry(vat_id="FR1", iban=IBAN, tax_total=euros("214.06"), due_date=date(2026, 5, 22))
    assert entry_row(entry) == Raw(
        id="entry-1",
        names="Algolia",
        reference="INV-2026-04-100",
        amount=128_437,
        net=107_031,
        currency="EUR",
        day=DAY,
        due=DAY + 30,
        numbers="FR1",
        ibans=IBAN,
        made=NOON.date().toordinal(),
    )


def test_an_entry_that_was_not_read_has_its_file_name() -> None:
    entry = an_entry(invoice_number=None, supplier_name=None, gross_total=None, issue_date=None)
    assert entry_row(entry) == Raw(
        id="entry-1", file_name="scan-0042.pdf", made=NOON.date().toordinal()
    )


def test_a_tax_in_another_currency_gives_no_net_total() -> None:
    assert entry_row(an_entry(tax_total=Money.of("1.00", "USD"))).net is None
    assert entry_row(an_entry(tax_total=euros("1.00"), gross_total=None)).net is None
    refund = entry_row(an_entry(tax_total=euros("-4.37"), gross_total=euros("-1284.37")))
    assert refund.net == 128_000


def evidence(question: Question, feature: str) -> Evidence:
    best = rank_questions([question], Model())[0].best
    assert best is not None
    return next(row for row in best.evidence if row.feature == feature)


def test_an_entry_is_called_by_number_supplier_and_total_or_by_its_file() -> None:
    unread = an_entry(id="b", invoice_number=None, supplier_name=None, gross_total=None)
    ranking = rank_entries(an_invoice(), a_party(), Block((an_entry(), unread)))
    assert [c.label for c in ranking.candidates] == [
        f"INV-2026-04-100 · Algolia · {euros('1284.37')}", "scan-0042.pdf",
    ]  # fmt: skip


def test_an_entry_of_another_record_is_taken_for_that_question_alone() -> None:
    block = Block((an_entry(), an_entry(id="entry-2")))
    ours = Question(an_invoice(), a_party(), block, taken=["entry-2"])
    theirs = Question(an_invoice(), a_party(), block)
    first, second = rank_questions([ours, theirs], Model())
    levels = {
        c.id: [row.level for row in c.evidence if row.feature == "owner"] for c in first.candidates
    }
    assert levels == {"entry-1": [], "entry-2": ["taken"]}
    assert all(row.feature != "owner" for c in second.candidates for row in c.evidence)
    assert rank_questions([theirs, ours], Model()) == [second, first]
    assert rank_questions([theirs], Model()) == [second]
    assert rank_questions([ours], Model()) == [first]


def test_a_taken_entry_that_is_no_candidate_disturbs_nothing() -> None:
    question = Question(an_invoice(), a_party(), Block((an_entry(),)))
    gone = replace(question, taken=["elsewhere"])
    assert rank_questions([gone], Model()) == rank_questions([question], Model())


@pytest.mark.parametrize(
    ("lag", "links", "level"),
    [(12, 3, "as usual"), (12, 1, "as the time before"), (40, 3, "unlike usual")],
)
def test_the_usual_lag_of_the_counterparty_is_asked(lag: int, links: int, level: str) -> None:
    block = Block((an_entry(issue_date=date(2026, 5, 4)),))
    question = Question(an_invoice(due_date=None), a_party(), block, lag=lag, links=links)
    assert evidence(question, "habit").level == level


def test_without_known_links_nothing_is_usual() -> None:
    question = Question(an_invoice(), a_party(), Block((an_entry(),)))
    (ranking,) = rank_questions([question], Model())
    assert all(row.feature != "habit" for c in ranking.candidates for row in c.evidence)
    assert rank_questions([replace(question, lag=5)], Model()) == [ranking]


def test_questions_keep_their_own_candidates_and_order() -> None:
    other = an_invoice(number="X-77", seller=Seller("Zorn"))
    asked = [
        Question(other, None, Block((an_entry(id="z", invoice_number="X-77"),))),
        Question(an_invoice(), a_party(), Block(())),
        Question(an_invoice(), a_party(), Block((an_entry(id="b"), an_entry(id="a")))),
    ]
    found = rank_questions(asked, Model())
    assert [[c.id for c in ranking.candidates] for ranking in found] == [["z"], [], ["a", "b"]]
    assert found[1].none_confidence == 1.0
    assert [rank_questions([one], Model())[0] for one in asked] == found
    assert rank_questions([], Model()) == []


def test_a_cut_counts_only_where_it_may_hide_the_answer() -> None:
    def ranked(kind: int, *entries: object) -> bool:
        block = Block(entries, frozenset({f"{kind:x}{0:016x}"}))
        return rank_entries(an_invoice(), None, block).truncated  # type: ignore[arg-type]

    assert ranked(PARTY, an_entry()) is False
    assert ranked(REFERENCE, an_entry(supplier_name=None)) is True
    assert ranked(PARTY) is True
    assert ranked(REPEATED) is False
    assert ranked(REPEATED, an_entry(supplier_name=None, invoice_number="Z-1")) is False
    assert rank_entries(an_invoice(), None, Block(())).truncated is False


def test_the_calibration_of_the_model_is_applied() -> None:
    halved = Calibration("isotonic", 98, knots=((0.0, 0.0), (1.0, 0.5)))
    question = Question(an_invoice(), a_party(), Block((an_entry(),)))
    (plain,) = rank_questions([question], Model())
    (calm,) = rank_questions([question], Model(calibration=halved))
    assert plain.best is not None
    assert calm.best is not None
    assert calm.best.confidence == pytest.approx(plain.best.confidence / 2)
    assert calm.best.bits == plain.best.bits


def test_a_workspace_that_learned_nothing_has_the_shipped_model() -> None:
    assert model_of(NOTHING, 24_000) == Model()


def test_judgements_move_tables_and_the_weight_of_none() -> None:
    seen = [
        Observation(f"o{n}", 24_000, {"phone": "different"}, ({"phone": "equal"},))
        for n in range(40)
    ]
    model = model_of(gather(seen), 24_000)
    assert model.tables["phone"]["different"] > weights.ENTRY["phone"]["different"]
    assert model.none_bits < weights.NONE_BITS
    assert model.calibration is None
    late = model_of(gather(seen), 24_000 + 120)
    assert abs(late.none_bits - weights.NONE_BITS) < 0.01


@pytest.mark.parametrize("kept", ["", "row-0|old", "row-1|broken", "\x00"])
def test_canonical_values_that_cannot_be_used_are_made_anew(kept: str) -> None:
    entries = [an_entry(id=id, invoice_number=number) for id, number in (("a", "A-1"), ("b", None))]
    stored, broken = with_canonical(entries), [replace(e, canonical=kept) for e in entries]
    assert all(unpacked(entry.canonical) for entry in stored)
    found = [rank_entries(an_invoice(), None, Block(tuple(some))) for some in (stored, broken)]
    assert found[0] == found[1]
    assert entry_keys(stored) == entry_keys(broken)


def test_canonical_values_of_an_entry_are_those_of_its_record_whatever_was_kept() -> None:
    entry = replace(an_entry(), canonical="row-1|other")
    [made] = with_canonical([entry])
    assert unpacked(made.canonical) == canonical(entry_row(entry))
