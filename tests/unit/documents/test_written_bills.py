"""Written bills: every case is valid and repeats, and other readers find the same values."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from drafthorse.models.document import Document as TheirDocument
from facturx import get_level, get_xml_from_pdf, xml_check_xsd
from lxml import etree

from builders.bills import cases, french, german, untaxed
from well.documents.checking.checker import FileChecker
from well.documents.reading.read_file import read_file
from well.documents.writing.bill import Bill
from well.documents.writing.bill_json import bill_of_json
from well.documents.writing.sums import complete
from well.documents.writing.write import BillWriter, NotWritten

pytestmark = pytest.mark.slow
ALL_SETS = ("PDF/A-3 structure", "XSD", "Factur-X EN 16931", "CEN code lists", "BR-FR-Flux2")


@pytest.fixture(scope="module")
def checker() -> Iterator[FileChecker]:
    made = FileChecker()
    yield made
    made.close()


@pytest.fixture(scope="module")
def writer(checker: FileChecker) -> BillWriter:
    return BillWriter(checker)


def bill_of(given: dict[str, Any]) -> Bill:
    return bill_of_json(json.dumps(given).encode())


def one_line(line: Any) -> tuple[Any, ...]:
    """What must come back; a negative price moves its sign to the quantity (BR-27)."""
    moved = line.unit_price < 0
    quantity, price = line.quantity, line.unit_price
    numbers = (-quantity, -price) if moved else (quantity, price)
    return (line.description[:500], line.net_amount, line.tax_rate or 0, *numbers)


def xml_in(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return bytes(pdf.attachments["factur-x.xml"].get_file().read_bytes())


@pytest.mark.parametrize("name", cases())
def test_each_case_is_written_valid_and_read_back_whole(name: str, writer: BillWriter) -> None:
    bill = complete(bill_of(cases()[name]))
    written = writer.write(bill, embed=True)
    assert written.checked == (ALL_SETS if "french" in name else ALL_SETS[:-1])
    read = read_file(written.content).invoice
    assert read is not None
    assert (read.number, read.issue_date, read.due_date) == (
        bill.number,
        bill.issue_date,
        bill.due_date,
    )
    assert (read.currency, read.buyer_name, read.credit_note) == (
        bill.currency,
        bill.buyer.name,
        bill.credit_note,
    )
    assert (read.seller.name, read.seller.vat_id) == (bill.seller.name, bill.seller.vat_id)
    assert read.seller.iban == bill.payment.iban
    amounts = (read.net_total, read.tax_total, read.gross_total)
    totals = bill.totals
    assert [x and x.decimal for x in amounts] == [totals.net, totals.tax, totals.gross]
    assert [one_line(x) for x in read.lines] == [one_line(x) for x in bill.lines]
    assert not [x for x in read.findings if x.stops_auto_post]


@pytest.mark.parametrize("name", cases())
def test_the_page_alone_says_the_same(name: str, writer: BillWriter) -> None:
    bill = complete(bill_of(cases()[name]))
    read = read_file(writer.write(bill).content).invoice
    assert read is not None
    assert (read.number, read.issue_date, read.due_date, read.currency) == (
        bill.number,
        bill.issue_date,
        bill.due_date,
        bill.currency,
    )
    amounts = (read.net_total, read.tax_total, read.gross_total)
    totals = bill.totals
    assert [x and x.decimal for x in amounts] == [totals.net, totals.tax, totals.gross]
    assert read.seller.iban == bill.payment.iban
    if bill.seller.vat_id:
        assert read.seller.vat_id == bill.seller.vat_id


@pytest.mark.parametrize("name", ["french", "credit_note", "intra_community"])
def test_strangers_read_the_same_e_invoice(name: str, writer: BillWriter) -> None:
    bill = complete(bill_of(cases()[name]))
    content = writer.write(bill, embed=True).content
    file_name, xml = get_xml_from_pdf(content)
    assert (file_name, xml) == ("factur-x.xml", xml_in(content))
    assert xml_check_xsd(xml, flavor="factur-x", level="en16931")
    theirs = TheirDocument.parse(xml)
    assert str(theirs.header.id) == bill.number
    assert str(theirs.trade.agreement.seller.name) == bill.seller.name
    total = theirs.trade.settlement.monetary_summation.due_amount
    assert total._value == bill.totals.payable
    assert len(theirs.trade.items.children) == len(bill.lines)


def test_strangers_name_the_profile(writer: BillWriter) -> None:
    content = writer.write(bill_of(german()), embed=True).content
    _, xml = get_xml_from_pdf(content)
    assert get_level(etree.fromstring(xml)) == "en16931"


def test_the_same_bill_gives_the_same_bytes(checker: FileChecker) -> None:
    for embed in (False, True):
        first = BillWriter(checker).write(bill_of(french()), embed)
        BillWriter(checker).write(bill_of(german()), embed)
        assert BillWriter(checker).write(bill_of(french()), embed) == first


def test_six_lines_stay_below_200_kilobytes(writer: BillWriter) -> None:
    assert len(writer.write(bill_of(german()), embed=True).content) < 200_000


def test_the_e_invoice_says_that_it_is_a_rendition(writer: BillWriter) -> None:
    given = french(source={"label": "QuickBooks", "id": "145"})
    xml = xml_in(writer.write(bill_of(given), embed=True).content).decode()
    assert "Reproduction de l’enregistrement QuickBooks 145, et non la facture originale" in xml


@pytest.mark.parametrize(
    ("gone", "term"),
    [
        ("invoice_number", "BT-1 invoice number"),
        ("issue_date", "BT-2 issue date"),
        ("currency", "BT-5 currency"),
        ("seller_name", "BT-27 seller name"),
        ("seller_address", "BT-40 seller country"),
        ("seller_vat_id", "BT-31 seller VAT id (or BT-30 legal id, or BT-29 id)"),
        ("buyer_name", "BT-44 buyer name"),
        ("buyer_address", "BT-55 buyer country"),
        ("due_date", "BT-9 due date (or BT-20 payment terms)"),
        ("lines", "BG-25 lines"),
    ],
)
def test_a_missing_term_is_named_and_nothing_is_written(
    gone: str, term: str, writer: BillWriter
) -> None:
    given = german()
    del given[gone]
    with pytest.raises(NotWritten) as refused:
        writer.write(bill_of(given), embed=True)
    assert f"missing for an e-invoice: {term}" in refused.value.sentences
    assert writer.write(bill_of(given)).content.startswith(b"%PDF-1.7")


@pytest.mark.parametrize("gone", ["quantity", "unit", "unit_price", "tax_rate"])
def test_a_missing_term_of_a_line_is_named(gone: str, writer: BillWriter) -> None:
    given = german()
    given["lines"][1] |= {"net_amount": "200.20"}
    del given["lines"][1][gone]
    with pytest.raises(NotWritten) as refused:
        writer.write(bill_of(given), embed=True)
    assert all("line 2" in sentence for sentence in refused.value.sentences)


def test_an_exemption_needs_its_reason(writer: BillWriter) -> None:
    with pytest.raises(NotWritten, match="BT-120 reason of the exemption"):
        writer.write(bill_of(untaxed("E")), embed=True)


def test_french_rules_hold_when_the_bill_claims_them(writer: BillWriter) -> None:
    with pytest.raises(NotWritten, match="BT-22 note PMT"):
        writer.write(bill_of(french(notes=[])), embed=True)
    unclaimed = writer.write(bill_of(french(notes=[], business_process=None)), embed=True)
    assert "BR-FR-Flux2" not in unclaimed.checked
    assert "BT-23 business process" in unclaimed.notes[0]
    with pytest.raises(NotWritten, match="BT-23 business process"):
        writer.write(bill_of(french(business_process=None)), embed=True, french=True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"gross_total": "2501.49"},
            "gross_total: 2501.49 is stated, but net and VAT give 2501.50",
        ),
        ({"net_total": "2102.11"}, "net_total: 2102.11 is stated, but lines"),
        ({"due_payable": "1.00"}, "due_payable: 1.00 is stated"),
        ({"tax_total": "398.00"}, "tax_total: 398.00 is stated"),
    ],
)
def test_contradicting_sums_are_refused(
    changes: dict[str, str], sentence: str, writer: BillWriter
) -> None:
    for embed in (False, True):
        with pytest.raises(NotWritten) as refused:
            writer.write(bill_of(german(**changes)), embed)
        assert any(one.startswith(sentence) for one in refused.value.sentences)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"seller_electronic_address": "x", "seller_electronic_scheme": "9999"}, "BR-CL-25"),
        ({"seller_vat_id": "136695976"}, "BR-CO-09"),
        ({"payment_means": "80"}, "BR-CL-16"),
        ({"type_code": "999"}, "BR-CL-01"),
        ({"currency": "EUX"}, "BR-CL-04"),
        ({"notes": [{"text": "x", "subject": "QQQ"}]}, "BR-CL-08"),
    ],
)
def test_a_violated_rule_is_named_and_nothing_is_written(
    changes: dict[str, Any], rule: str, writer: BillWriter
) -> None:
    with pytest.raises(NotWritten) as refused:
        writer.write(bill_of(german(**changes)), embed=True)
    assert any(sentence.startswith(rule) for sentence in refused.value.sentences)


def test_letters_without_a_font_are_refused_by_name(writer: BillWriter) -> None:
    with pytest.raises(NotWritten, match=r"no font here shows U\+1F600"):
        writer.write(bill_of(german(note="Thanks 😀")))
