"""The bytes of one file to a reading: sniff, embedded or bare XML, then the page, then its picture.

Invariant: whatever the bytes hold, the answer is a Reading; runs in a limited child process.
The XML is the reading where there is one; the page is then only compared with it. Pictures are
looked at only when an optical reader is given; without one, the answer counts them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pypdfium2 as pdfium

from well.documents.reading.answer import Answer, refusal
from well.documents.reading.assemble import assemble, has_invoice_data
from well.documents.reading.checks import check
from well.documents.reading.cross_check import compare_page, compare_xmls, hidden_text, laid_over
from well.documents.reading.draft import Draft
from well.documents.reading.fields import read_fields, read_printed
from well.documents.reading.found_again import complete, words_to_ask
from well.documents.reading.learned import learn
from well.documents.reading.limits import (
    CHARACTERS_READ,
    FILE_BYTES,
    OCR_PAGES,
    PAGES_READ,
    TOO_LARGE,
    Unreadable,
)
from well.documents.reading.pages import Page
from well.documents.reading.pdf_file import DAMAGED, attachments, open_pdf
from well.documents.reading.pdf_text import read_page
from well.documents.reading.picture import count_frames, frames
from well.documents.reading.read_mail import read_mail
from well.documents.reading.receipt import is_receipt, read_receipt
from well.documents.reading.scans import (
    See,
    is_layered,
    is_scan,
    scans_not_read,
    see_pages,
    see_pictures,
)
from well.documents.reading.seen import as_seen
from well.documents.reading.sniff import FileType, sniff
from well.documents.reading.xml_read import XmlReading, read_xml
from well.domain.invoice import Finding
from well.domain.learned_layout import LearnedLayout
from well.ports.reader import Reading

_NAMED = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
_SENTENCES = {
    FileType.ARCHIVE: "This is an archive; send the files in it one by one.",
    FileType.OFFICE: "This is an office document, not an invoice file; send it as a PDF.",
    FileType.OUTLOOK: "This is an Outlook message; send the file attached to it as a PDF.",
    FileType.EMPTY: "This file is empty.",
    FileType.UNKNOWN: "This file is neither a PDF nor an e-invoice nor a picture nor an e-mail.",
}


@dataclass(frozen=True, slots=True)
class Aids:
    """What helps with text: layouts learned before, and the optical reader where there is one.

    `suggested` are values that a language model named after a first reading.
    """

    layouts: Sequence[LearnedLayout] = ()
    see: See | None = None
    suggested: Mapping[str, str] = field(default_factory=dict)


NO_AIDS = Aids()


def read_file(content: bytes, known: Sequence[LearnedLayout] = ()) -> Reading:
    """Reading of one file without its pictures; refusals come back as its `error`."""
    return read_content(content, Aids(known)).reading


def read_content(content: bytes, aids: Aids = NO_AIDS) -> Answer:
    """Answer about one file."""
    try:
        return _read(content, aids)
    except Unreadable as refused:
        return refusal(refused.sentence)


def learn_file(content: bytes, confirmed: Mapping[str, str]) -> LearnedLayout | None:
    """The layout of a reviewed PDF; None for other files and what cannot be found again."""
    try:
        if len(content) > FILE_BYTES or sniff(content) is not FileType.PDF:
            return None
        with open_pdf(content) as pdf:
            return learn(_read_pages(pdf), confirmed)
    except Unreadable:
        return None


def _read(content: bytes, aids: Aids) -> Answer:
    if len(content) > FILE_BYTES:
        raise Unreadable(TOO_LARGE)
    kind = sniff(content)
    if kind is FileType.PDF:
        with open_pdf(content) as pdf:
            return _read_pdf(pdf, aids)
    if kind is FileType.XML:
        return Answer(_read_bare_xml(content))
    if kind is FileType.IMAGE:
        return _read_picture(content, aids)
    if kind is FileType.MAIL:
        return read_mail(content, lambda part: _read_part(part, aids))
    if kind is FileType.EDIFACT:
        return Answer(Reading(kind="other", syntax="EDIFACT", invoice=None))
    raise Unreadable(_SENTENCES[kind])


def _read_part(content: bytes, aids: Aids) -> Answer:
    """A file in a mail; messages in it were taken apart with the mail."""
    if sniff(content) is FileType.MAIL:
        return Answer(Reading(kind="other", syntax=None, invoice=None))
    return read_content(content, aids)


def _read_picture(content: bytes, aids: Aids) -> Answer:
    count = count_frames(content)
    if aids.see is None:
        waiting = Reading(kind="other", syntax=None, invoice=None, pages=count)
        return Answer(waiting, min(count, OCR_PAGES))
    pages = see_pictures(frames(content), aids.see)
    reading = _read_printed_page(pages, scans_not_read(count), aids)
    return Answer(replace(reading, pages=count), 0, words_to_ask(reading.invoice, pages))


def _read_bare_xml(content: bytes) -> Reading:
    found = read_xml(content)
    if found.draft is None:
        return Reading(kind="other", syntax=found.syntax, invoice=None)
    return _reading(found.draft, check(found.draft), pages=())


def _read_pdf(pdf: pdfium.PdfDocument, aids: Aids) -> Answer:
    xmls, refused = _embedded(pdf)
    pages = _read_pages(pdf)
    count = len(pdf)
    noticed = (*refused, *hidden_text(pages), *laid_over(pages))
    drafts = [xml.draft for xml in xmls if xml.draft is not None]
    if drafts:
        page = read_printed(pages)
        first = drafts[0]
        noticed += (*compare_xmls(drafts), *check(first), *compare_page(first, page, pages))
        return Answer(replace(_reading(first, noticed, pages), pages=count))
    if all(page.unreadable for page in pages):
        raise Unreadable(DAMAGED)
    if len(pdf) > PAGES_READ:
        noticed += (_cut_off(len(pdf)),)
    scans = sum(map(is_scan, pages))
    if scans and aids.see is not None:
        noticed += scans_not_read(scans)
        pages, scans = see_pages(pdf, pages, aids.see), 0
    reading = _read_printed_page(pages, noticed, aids)
    if _is_complete(reading) and not any(map(is_layered, pages)):
        scans = 0
    named = next((xml.syntax for xml in xmls if xml.syntax), reading.syntax)
    words = words_to_ask(reading.invoice, pages)
    return Answer(replace(reading, syntax=named, pages=count), min(scans, OCR_PAGES), words)


def _is_complete(reading: Reading) -> bool:
    """Whether the text alone tells the invoice, so that no picture has to be read."""
    told = reading.invoice
    return bool(told and told.number and told.issue_date and told.gross_total)


def _read_printed_page(
    pages: tuple[Page, ...], noticed: tuple[Finding, ...], aids: Aids
) -> Reading:
    seen = any(page.tilt for page in pages)
    draft = read_fields(pages, aids.layouts)
    if seen:
        draft = as_seen(draft, pages)
    if seen and is_receipt(pages, draft):
        draft = _completed(read_receipt(pages, draft), pages, aids)
        reading = _reading(draft, (*noticed, *check(draft)), pages)
        return replace(reading, kind="receipt") if reading.invoice else reading
    draft = _completed(draft, pages, aids)
    return _reading(draft, (*noticed, *check(draft)), pages)


def _completed(draft: Draft, pages: tuple[Page, ...], aids: Aids) -> Draft:
    return complete(draft, pages, aids.suggested) if aids.suggested else draft


def _reading(draft: Draft, findings: tuple[Finding, ...], pages: tuple[Page, ...]) -> Reading:
    has_text = any(page.characters >= 40 and not page.tilt for page in pages)
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
