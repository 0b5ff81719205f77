"""The bytes of one file to a reading: sniff, embedded or bare XML, then the page.

Invariant: whatever the bytes hold, the answer is a Reading; runs in the limited child process.
The XML is the reading where there is one; the page is then only compared with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pypdfium2 as pdfium

from well.documents.reading.assemble import assemble, has_invoice_data
from well.documents.reading.checks import check
from well.documents.reading.cross_check import compare_page, compare_xmls, hidden_text
from well.documents.reading.draft import Draft
from well.documents.reading.fields import read_fields, read_printed
from well.documents.reading.learned import learn
from well.documents.reading.limits import (
    CHARACTERS_READ,
    FILE_BYTES,
    PAGES_READ,
    TOO_LARGE,
    Unreadable,
    unreadable,
)
from well.documents.reading.pages import Page
from well.documents.reading.pdf_file import attachments, open_pdf
from well.documents.reading.pdf_text import read_page
from well.documents.reading.sniff import FileType, sniff
from well.documents.reading.xml_read import XmlReading, read_xml
from well.domain.invoice import Finding
from well.domain.learned_layout import LearnedLayout
from well.ports.reader import Reading

_NAMED = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
_SENTENCES = {
    FileType.ARCHIVE: "This is an archive; send the files in it one by one.",
    FileType.OFFICE: "This is an office document, not an invoice file; send it as a PDF.",
    FileType.EMPTY: "This file is empty.",
    FileType.UNKNOWN: "This file is neither a PDF nor an e-invoice nor a picture.",
}


def read_file(content: bytes, known: Sequence[LearnedLayout] = ()) -> Reading:
    """Reading of one file; refusals come back as its `error`. `known` layouts help with text."""
    try:
        return _read(content, known)
    except Unreadable as refused:
        return unreadable(refused.sentence)


def learn_file(content: bytes, confirmed: Mapping[str, str]) -> LearnedLayout | None:
    """The layout of a reviewed PDF; None for other files and what cannot be found again."""
    try:
        if len(content) > FILE_BYTES or sniff(content) is not FileType.PDF:
            return None
        with open_pdf(content) as pdf:
            return learn(_read_pages(pdf), confirmed)
    except Unreadable:
        return None


def _read(content: bytes, known: Sequence[LearnedLayout]) -> Reading:
    if len(content) > FILE_BYTES:
        raise Unreadable(TOO_LARGE)
    kind = sniff(content)
    if kind is FileType.PDF:
        with open_pdf(content) as pdf:
            return _read_pdf(pdf, known)
    if kind is FileType.XML:
        return _read_bare_xml(content)
    if kind is FileType.IMAGE:
        return Reading(kind="other", syntax=None, invoice=None, pages=1)
    if kind is FileType.EDIFACT:
        return Reading(kind="other", syntax="EDIFACT", invoice=None)
    raise Unreadable(_SENTENCES[kind])


def _read_bare_xml(content: bytes) -> Reading:
    found = read_xml(content)
    if found.draft is None:
        return Reading(kind="other", syntax=found.syntax, invoice=None)
    return _reading(found.draft, check(found.draft), pages=())


def _read_pdf(pdf: pdfium.PdfDocument, known: Sequence[LearnedLayout]) -> Reading:
    xmls, refused = _embedded(pdf)
    pages = _read_pages(pdf)
    count = len(pdf)
    noticed = (*refused, *hidden_text(pages))
    drafts = [xml.draft for xml in xmls if xml.draft is not None]
    if drafts:
        page = read_printed(pages)
        first = drafts[0]
        noticed += (*compare_xmls(drafts), *check(first), *compare_page(first, page, pages))
        return replace(_reading(first, noticed, pages), pages=count)
    page = read_fields(pages, known)
    if len(pdf) > PAGES_READ:
        noticed += (_cut_off(len(pdf)),)
    reading = _reading(page, (*noticed, *check(page)), pages)
    named = next((xml.syntax for xml in xmls if xml.syntax), None)
    return replace(reading, syntax=named, pages=count)


def _reading(draft: Draft, findings: tuple[Finding, ...], pages: tuple[Page, ...]) -> Reading:
    has_text = any(page.characters >= 40 for page in pages)
    if not has_invoice_data(draft):
        return Reading("other", draft.syntax, None, findings, has_text=has_text)
    invoice = assemble(draft, (*draft.findings, *findings))
    return Reading(
        kind="credit_note" if invoice.credit_note else "invoice",
        syntax=draft.syntax,
        invoice=invoice,
        findings=invoice.findings,
        has_text=has_text,
    )


def _embedded(pdf: pdfium.PdfDocument) -> tuple[list[XmlReading], tuple[Finding, ...]]:
    """XML files in the PDF, the standard names first, and what was wrong with others."""
    files = sorted(attachments(pdf), key=lambda file: _rank(file[0]))
    found: list[XmlReading] = []
    refused: list[Finding] = []
    for name, data in files:
        if sniff(data) is not FileType.XML:
            continue
        try:
            xml = read_xml(data)
        except Unreadable as reason:
            known = name.lower() in _NAMED
            sentence = f"The e-invoice inside the PDF was not read. {reason.sentence}"
            refused.append(Finding("embedded_xml", sentence, stops_auto_post=known))
        else:
            if xml.syntax:
                found.append(xml)
    return found, tuple(refused)


def _rank(name: str) -> int:
    return _NAMED.index(name.lower()) if name.lower() in _NAMED else len(_NAMED)


def _read_pages(pdf: pdfium.PdfDocument) -> tuple[Page, ...]:
    pages: list[Page] = []
    characters = 0
    for number in range(min(len(pdf), PAGES_READ)):
        pages.append(read_page(pdf, number))
        characters += pages[-1].characters
        if characters > CHARACTERS_READ:
            break
    return tuple(pages)


def _cut_off(pages: int) -> Finding:
    sentence = f"Only the first {PAGES_READ} of {pages} pages were read."
    return Finding("pages_not_read", sentence, stops_auto_post=True)
