"""All checks of one file: structure of a PDF, the e-invoice in it, schemas and rules.

Invariant: called only in the limited child process. A file that cannot be read gives a report with
an error and no violations.
"""

import io
import re

import pikepdf
from lxml import etree

from well.documents.checking.pdf_a import pdf_violations
from well.documents.checking.pdf_e_invoice import e_invoices, link_violations
from well.documents.checking.rule_book import rule_book
from well.documents.checking.rules import xml_violations
from well.documents.checking.violation import Report, Violation
from well.documents.reading.limits import Unreadable
from well.documents.reading.xml_parse import parse

NO_FILE = "This is neither a PDF nor an XML file."
FOREIGN = "This XML file is no invoice in CII or UBL, so there are no rules for it here."
DAMAGED = "This PDF is damaged and cannot be checked."
LOCKED = "This PDF is protected with a password and cannot be checked."
_HEAD = 1024
_MARKUP = re.compile(rb"[\xef\xbb\xbf\xff\xfe\s\0]*<")


def check_file(content: bytes, french: bool | None = None) -> Report:
    """The report of a PDF or an XML file."""
    try:
        if b"%PDF-" in content[:_HEAD]:
            return _check_pdf(content, french)
        if not _MARKUP.match(content):
            return Report(error=NO_FILE)
        root = parse(content)
        if rule_book(root) is None:
            return Report(error=FOREIGN)
        violations, checked = xml_violations(root, french)
    except Unreadable as reason:
        return Report(error=reason.sentence)
    return Report(tuple(violations), tuple(checked))


def _check_pdf(content: bytes, french: bool | None) -> Report:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            found = pdf_violations(pdf, content)
            checked = ["PDF/A-3 structure"]
            for name, xml in e_invoices(pdf):
                violations, sets = _check_embedded(pdf, name, xml, french)
                found += violations
                checked += sets
    except pikepdf.PasswordError:
        raise Unreadable(LOCKED) from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError):
        # pikepdf raises plain errors too where a damaged file breaks its promises.
        raise Unreadable(DAMAGED) from None
    return Report(tuple(found), tuple(checked))


def _check_embedded(
    pdf: pikepdf.Pdf, name: str, xml: bytes, french: bool | None
) -> tuple[list[Violation], list[str]]:
    try:
        root: etree._Element = parse(xml)
    except Unreadable as reason:
        return [Violation("XML", name, reason.sentence)], []
    violations, sets = xml_violations(root, french)
    return [*link_violations(pdf, name, root), *violations], sets
