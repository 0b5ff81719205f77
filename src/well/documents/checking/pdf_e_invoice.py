"""The e-invoice inside a PDF, and whether the PDF's metadata agree with it (Factur-X 1.0, 6.2).

Invariant: an attachment counts by its name or by what it is; metadata are compared with the file
itself. It checks no business rule.
"""

from collections.abc import Iterator

import pikepdf
from lxml import etree

from well.documents.checking.pdf_a import items, xmp, xmp_value
from well.documents.checking.rule_book import level_of
from well.documents.checking.violation import Violation
from well.documents.reading.limits import ATTACHMENTS_READ, XML_BYTES
from well.documents.reading.xml_parse import namespace, text

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_GUIDELINE = "ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID"
_RELATIONS = ("/Data", "/Source", "/Alternative")


def e_invoices(pdf: pikepdf.Pdf) -> list[tuple[str, bytes]]:
    """Name and bytes of the XML files attached, those with the names of the standard first."""
    found = []
    for name, file in list(pdf.attachments.items())[:ATTACHMENTS_READ]:
        if name.lower().endswith(".xml"):
            found.append((name, file.get_file().read_bytes()[: XML_BYTES + 1]))
    named = [one for one in found if one[0].lower() in _NAMES]
    return named or found


def link_violations(pdf: pikepdf.Pdf, name: str, root: etree._Element) -> Iterator[Violation]:
    """Where the PDF and the e-invoice in it disagree."""
    if name.lower() not in _NAMES or "CrossIndustryInvoice" not in namespace(root):
        return
    spec = pdf.attachments[name].obj
    if str(spec.get("/AFRelationship")) not in _RELATIONS:
        yield Violation("FX-AFRELATIONSHIP", name, "it must be Data, Source or Alternative")
    if spec.objgen not in [one.objgen for one in items(pdf.Root, "/AF")]:
        yield Violation("FX-AF", name, "the catalog's /AF does not name the e-invoice")
    packet = xmp(pdf)
    if packet is not None:
        yield from _metadata(packet, name, root)


def _metadata(packet: etree._Element, name: str, root: etree._Element) -> Iterator[Violation]:
    level = level_of(text(root, _GUIDELINE) or "")
    for key, wanted in (
        ("DocumentType", "INVOICE"),
        ("DocumentFileName", name),
        ("Version", None),
        ("ConformanceLevel", level),
    ):
        stated = xmp_value(packet, FX, key)
        if stated is None:
            yield Violation("FX-XMP", f"fx:{key}", "it is missing in the metadata")
        elif wanted is not None and stated.upper() != wanted.upper():
            yield Violation("FX-XMP", f"fx:{key}", f"it is {stated!r}, the file says {wanted!r}")
    described = [node.text for node in packet.iter(f"{{{_SCHEMA}}}namespaceURI")]
    if FX not in described:
        yield Violation("FX-EXTENSION", "/Metadata", "the extension schema is not described")
