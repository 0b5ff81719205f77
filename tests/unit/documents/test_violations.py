"""Negative controls: each single mistake in a valid e-invoice or PDF is caught by its rule."""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest

from builders.bills import french
from builders.invoice_files import bomb, encrypted, endless_tree, page
from well.documents.checking.check_file import DAMAGED
from well.documents.checking.checker import FileChecker
from well.documents.checking.violation import Report
from well.documents.writing.bill_json import bill_of_json
from well.documents.writing.cii import cii
from well.documents.writing.page import PageMaker
from well.documents.writing.sheet import sheet
from well.documents.writing.sums import complete
from well.documents.writing.xmp import name_e_invoice

pytestmark = pytest.mark.slow
BILL = complete(bill_of_json(json.dumps(french()).encode()))
XML = cii(BILL).decode()


@pytest.fixture(scope="module")
def checker() -> Iterator[FileChecker]:
    made = FileChecker()
    yield made
    made.close()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return name_e_invoice(PageMaker().page(sheet(BILL), BILL.issue_date, XML.encode()))


def rules(report: Report) -> set[str]:
    assert report.error is None
    return {violation.rule for violation in report.violations}


def all_of(name: str) -> str:
    return f"<ram:{name}>.*?</ram:{name}>"


MISTAKES = [
    ("BR-02", "<ram:ID>F-2026-17</ram:ID>", ""),
    ("BR-FR-01_BT-1", ">F-2026-17<", f">{'F' * 36}<"),
    ("BR-FR-02_BT-1", ">F-2026-17<", ">F 2026 17<"),
    ("BR-CL-01", ">380<", ">999<"),
    ("BR-FR-03_BT-2", ">20261022<", ">20261045<"),
    ("BR-FR-03_BT-2", ">20261022<", ">19991022<"),
    ("BR-03", 'format="102">20261022', 'format="203">20261022'),
    ("BR-FR-CO-07_BT-9", ">20261121<", ">20260101<"),
    ("BR-FR-08_BT-23", ">S1<", ">X9<"),
    ("FX-SCH-A-000556", "urn:cen.eu:en16931:2017", "urn:example:other"),
    ("BR-01", all_of("GuidelineSpecifiedDocumentContextParameter"), ""),
    ("BR-FR-05_BT-22_PMT", "<ram:SubjectCode>PMT</ram:SubjectCode>", ""),
    ("BR-FR-06_BT-21_PMD", ">PMT<", ">PMD<"),
    ("BR-FR-05_BT-22_AAB", ">AAB<", ">AAI<"),
    ("BR-CL-08", ">AAB<", ">QQQ<"),
    ("BR-CL-04", "<ram:InvoiceCurrencyCode>EUR", "<ram:InvoiceCurrencyCode>EUX"),
    ("BR-05", all_of("InvoiceCurrencyCode"), ""),
    ("BR-CO-15", 'currencyID="EUR"', 'currencyID="USD"'),
    ("BR-06", "<ram:Name>Atelier Dupont SARL</ram:Name>", ""),
    ("BR-CL-14", ">FR</ram:CountryID>", ">XX</ram:CountryID>"),
    ("BR-08", all_of("PostalTradeAddress"), ""),
    ("BR-CO-09", ">FR40303265045<", ">4030326504512<"),
    ("BR-S-02", all_of("SpecifiedTaxRegistration"), ""),
    ("BR-S-03", 'schemeID="VA">FR40', 'schemeID="XX">FR40'),
    ("BR-FR-10_BT-30", 'schemeID="0002">303265045', 'schemeID="0002">3032'),
    ("BR-CL-11", 'schemeID="0002">303265045', 'schemeID="9999">303265045'),
    ("BR-FR-13_BT-34", all_of("URIUniversalCommunication"), ""),
    ("BR-CL-25", 'schemeID="0225">303265045', 'schemeID="7777">303265045'),
    ("BR-FR-23_BT-34", 'schemeID="0225">303265045', 'schemeID="0225">303 265'),
    ("BR-07", "<ram:Name>Café Médoc SAS</ram:Name>", ""),
    ("BR-CO-10", "<ram:LineTotalAmount>885.00", "<ram:LineTotalAmount>885.01"),
    ("BR-CO-13", "<ram:TaxBasisTotalAmount>850.00", "<ram:TaxBasisTotalAmount>850.01"),
    ("BR-CO-14", ">164.93<", ">164.94<"),
    ("BR-CO-15", "<ram:GrandTotalAmount>1014.93", "<ram:GrandTotalAmount>1014.92"),
    ("BR-CO-16", ">914.93<", ">914.94<"),
    ("BR-CO-16", "<ram:TotalPrepaidAmount>100.00", "<ram:TotalPrepaidAmount>99.00"),
    ("BR-CO-11", "<ram:AllowanceTotalAmount>50.00", "<ram:AllowanceTotalAmount>49.00"),
    ("BR-CO-12", "<ram:ChargeTotalAmount>15.00", "<ram:ChargeTotalAmount>16.00"),
    ("BR-DEC-18", ">914.93<", ">914.930<"),
    ("XSD", ">914.93<", ">9.1493E2<"),
    ("XSD", ">914.93<", ">914,93<"),
    ("BR-CO-17", "<ram:CalculatedAmount>163.00", "<ram:CalculatedAmount>165.00"),
    ("BR-S-08", "<ram:BasisAmount>815.00", "<ram:BasisAmount>825.00"),
    ("BR-S-05", "<ram:RateApplicablePercent>20<", "<ram:RateApplicablePercent>0<"),
    ("BR-CL-18", "<ram:CategoryCode>S<", "<ram:CategoryCode>QQ<"),
    ("BR-E-01", "<ram:CategoryCode>S<", "<ram:CategoryCode>E<"),
    ("BR-CO-04", "<ram:CategoryCode>S</ram:CategoryCode>", ""),
    ("FX-SCH-A-000620", "<ram:TypeCode>VAT<", "<ram:TypeCode>GST<"),
    ("BR-CL-23", 'unitCode="HUR"', 'unitCode="HOUR"'),
    ("BR-23", ' unitCode="HUR"', ""),
    ("BR-22", all_of("SpecifiedLineTradeDelivery"), "<ram:SpecifiedLineTradeDelivery/>"),
    ("BR-27", "<ram:ChargeAmount>85.00", "<ram:ChargeAmount>-85.00"),
    ("BR-26", all_of("NetPriceProductTradePrice"), ""),
    ("BR-25", "<ram:Name>Conseil</ram:Name>", ""),
    ("BR-24", all_of("SpecifiedTradeSettlementLineMonetarySummation"), ""),
    ("BR-21", "<ram:LineID>1</ram:LineID>", ""),
    ("BR-16", "<ram:IncludedSupply.*</ram:IncludedSupplyChainTradeLineItem>", ""),
    ("BR-33", "<ram:Reason>Remise commerciale</ram:Reason>", ""),
    ("BR-42", "<ram:Reason>Remise</ram:Reason>", ""),
    ("BR-CL-16", "<ram:TypeCode>30<", "<ram:TypeCode>999<"),
    ("CII-SR-470", all_of("PayeePartyCreditorFinancialAccount"), ""),
    ("BR-CO-25", all_of("SpecifiedTradePaymentTerms"), ""),
    ("XSD", "<ram:InvoiceCurrencyCode>", "<ram:Surprise/><ram:InvoiceCurrencyCode>"),
]


def test_the_e_invoice_without_a_mistake_is_clean(checker: FileChecker) -> None:
    report = checker.check(XML.encode())
    assert report.violations == () and report.error is None
    assert report.checked == ("XSD", "Factur-X EN 16931", "CEN code lists", "BR-FR-Flux2")


@pytest.mark.parametrize(("rule", "old", "new"), MISTAKES)
def test_each_mistake_breaks_its_rule(rule: str, old: str, new: str, checker: FileChecker) -> None:
    wrong = re.sub(old, new, XML, count=1, flags=re.DOTALL)
    assert wrong != XML
    assert rule in rules(checker.check(wrong.encode()))


def changed(content: bytes, change: Callable[[Any], None], **options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        change(opened)
        opened.save(out, **options)
    return out.getvalue()


def metadata(old: str, new: str) -> Callable[[Any], None]:
    def change(opened: Any) -> None:
        text = opened.Root.Metadata.read_bytes().decode()
        assert old in text
        opened.Root.Metadata.write(text.replace(old, new).encode())

    return change


def second_rdf(opened: Any) -> None:
    text = opened.Root.Metadata.read_bytes().decode()
    block = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'
    opened.Root.Metadata.write(text.replace("</x:xmpmeta>", block).encode())


def without(*path: str) -> Callable[[Any], None]:
    def change(opened: Any) -> None:
        node = opened.Root
        for name in path[:-1]:
            node = node[int(name)] if name.isdigit() else node[name]
        del node[path[-1]]

    return change


def coloured_without_intent(opened: Any) -> None:
    opened.pages[0].Contents = opened.make_stream(b"1 0 0 rg 0 0 9 9 re f")
    del opened.Root.OutputIntents


def unembedded_font(opened: Any) -> None:
    for one in opened.objects:
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
            for name in ("/FontFile2", "/FontFile3"):
                if name in one:
                    del one[name]


def launch(opened: Any) -> None:
    opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
    opened.Root.OpenAction = opened.make_indirect(opened.Root.OpenAction)


def script(opened: Any) -> None:
    opened.Root.Names.JavaScript = pikepdf.Dictionary(Names=[])


def lzw(opened: Any) -> None:
    opened.pages[0].Contents = opened.make_stream(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01")
    opened.pages[0].Contents.Filter = pikepdf.Name.LZWDecode


def external(opened: Any) -> None:
    opened.Root.Extra = opened.make_stream(b"x", F="elsewhere.bin")


def note(opened: Any) -> None:
    hidden = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, F=2)
    opened.pages[0].Annots = pikepdf.Array([opened.make_indirect(hidden)])


SPEC = ("/AF", "0")
DAMAGES: list[tuple[str, Callable[[Any], None]]] = [
    ("PDFA3-XMP", without("/Metadata")),
    ("PDFA3-RDF", second_rdf),
    ("PDFA3-PART", metadata("<pdfaid:part>3<", "<pdfaid:part>1<")),
    ("PDFA3-CONFORMANCE", metadata("<pdfaid:conformance>A<", "<pdfaid:conformance>Q<")),
    ("PDFA3-TAGS", without("/MarkInfo")),
    ("PDFA3-LANG", without("/Lang")),
    ("PDFA3-INTENT", coloured_without_intent),
    ("PDFA3-PROFILE", without("/OutputIntents", "0", "/DestOutputProfile")),
    ("PDFA3-FONT", unembedded_font),
    ("PDFA3-ACTIONS", launch),
    ("PDFA3-SCRIPT", script),
    ("PDFA3-LZW", lzw),
    ("PDFA3-EXTERNAL", external),
    ("PDFA3-ANNOTATION", note),
    ("PDFA3-AF", without("/AF")),
    ("PDFA3-AFRELATIONSHIP", without(*SPEC, "/AFRelationship")),
    ("PDFA3-FILE-NAME", without(*SPEC, "/F")),
    ("PDFA3-MIME", without(*SPEC, "/EF", "/F", "/Subtype")),
    ("PDFA3-MODDATE", without(*SPEC, "/EF", "/F", "/Params")),
    ("FX-XMP", metadata("<fx:ConformanceLevel>EN 16931<", "<fx:ConformanceLevel>BASIC<")),
    ("FX-XMP", metadata("<fx:DocumentFileName>factur-x", "<fx:DocumentFileName>other")),
    ("FX-XMP", metadata("fx:Version>", "fx:Vers>")),
    (
        "FX-EXTENSION",
        metadata(":1p0#</pdfaSchema:namespaceURI>", ":2p0#</pdfaSchema:namespaceURI>"),
    ),
]


def test_the_pdf_without_a_damage_is_clean(checker: FileChecker, pdf: bytes) -> None:
    report = checker.check(pdf)
    assert report.violations == () and report.error is None
    assert checker.check(changed(pdf, lambda _: None)).violations == ()


@pytest.mark.parametrize(("rule", "damage"), DAMAGES)
def test_each_damage_of_the_pdf_is_seen(
    rule: str, damage: Callable[[Any], None], checker: FileChecker, pdf: bytes
) -> None:
    kept = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
    assert rule in rules(checker.check(changed(pdf, damage, **kept)))


def test_the_bytes_around_the_pdf_are_looked_at(checker: FileChecker, pdf: bytes) -> None:
    assert "PDFA3-EOF" in rules(checker.check(pdf + b"more"))
    assert "PDFA3-HEADER" in rules(checker.check(pdf.replace(b"%PDF-1.7", b"%PDF-2.0", 1)))
    flat = re.sub(rb"^(%PDF-1.7\n)%[^\n]*\n", rb"\1%abcd\n", pdf, count=1)
    assert "PDFA3-BINARY" in rules(checker.check(flat))


def test_a_pdf_that_had_to_be_repaired_is_seen(checker: FileChecker, pdf: bytes) -> None:
    moved = re.sub(rb"startxref\n\d+", b"startxref\n7", pdf)
    assert "PDFA3-SYNTAX" in rules(checker.check(moved))


def a_number_for(name: str) -> Callable[[Any], None]:
    def change(opened: Any) -> None:
        opened.Root[name] = 7

    return change


@pytest.mark.parametrize("name", ["/Names", "/AcroForm", "/MarkInfo", "/AF", "/OutputIntents"])
def test_a_number_in_place_of_a_dictionary_is_no_accident(
    name: str, checker: FileChecker, pdf: bytes
) -> None:
    report = checker.check(changed(pdf, a_number_for(name)))
    assert report.error in (None, DAMAGED)


def test_a_bomb_of_operators_is_not_unpacked(checker: FileChecker) -> None:
    assert "PDFA3-XMP" in rules(checker.check(bomb(1 << 28)))


def test_an_endless_tree_of_pages_is_damaged(checker: FileChecker) -> None:
    assert checker.check(endless_tree()).error == DAMAGED


def test_a_plain_pdf_is_no_pdf_a(checker: FileChecker) -> None:
    found = rules(checker.check(page((50, 50, "Invoice"))))
    assert {"PDFA3-XMP", "PDFA3-FONT"} <= found


def test_an_e_invoice_with_a_mistake_is_seen_inside_a_pdf(checker: FileChecker, pdf: bytes) -> None:
    wrong = XML.replace(">914.93<", ">914.94<").encode()
    made = name_e_invoice(PageMaker().page(sheet(BILL), BILL.issue_date, wrong))
    assert rules(checker.check(made)) == {"BR-CO-16"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "neither a PDF nor an XML"),
        (b"hello", "neither a PDF nor an XML"),
        (b"%PDF-1.7\nrubbish", "damaged"),
        (b"<a><b>", "damaged"),
        (b"<Order/>", "no invoice in CII or UBL"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type"),
        (b"<" + b"x" * (21 * 1024 * 1024), "larger than"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, words: str, checker: FileChecker) -> None:
    report = checker.check(content)
    assert report.error is not None and words in report.error
    assert not report.violations


def test_a_locked_pdf_is_said_to_be_locked(checker: FileChecker) -> None:
    report = checker.check(encrypted(page((50, 50, "x"))))
    assert report.error is not None and "password" in report.error
