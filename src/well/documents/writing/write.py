"""A bill to a finished file: page, e-invoice inside if asked for, everything checked.

Invariant: what is invalid is not written: contradicting sums, missing terms, letters no font
shows, or any violated rule make a refusal with sentences and no file. Nothing is sent anywhere.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from well.documents.checking.checker import FileChecker
from well.documents.writing.bill import Bill, Note
from well.documents.writing.cii import cii
from well.documents.writing.fonts import not_shown
from well.documents.writing.missing import is_french, missing_french_terms, missing_terms
from well.documents.writing.page import PageMaker
from well.documents.writing.sheet import notices, sheet
from well.documents.writing.sums import complete, contradictions
from well.documents.writing.xmp import name_e_invoice


class NotWritten(Exception):
    """The bill was refused; `sentences` say why, one reason each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


class TermsMissing(NotWritten):
    """The bill lacks `terms` of an e-invoice, as "BT-1 invoice number"."""

    def __init__(self, terms: list[str]) -> None:
        super().__init__([f"missing for an e-invoice: {term}" for term in terms])
        self.terms = terms


@dataclass(frozen=True, slots=True)
class Written:
    """A finished PDF, what was checked on it, and what the reader of the result should know."""

    content: bytes
    checked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class BillWriter:
    """Writes bills; safe to share between threads. The checker stays the caller's to close."""

    def __init__(self, checker: FileChecker, pages: PageMaker | None = None) -> None:
        self._checker = checker
        self._pages = pages or PageMaker()

    def write(self, bill: Bill, embed: bool = False, french: bool = False) -> Written:
        """The PDF/A-3 of a bill; NotWritten when it would not be valid.

        `embed` puts the Factur-X e-invoice inside; `french` insists on the BR-FR rules, which
        otherwise hold between two French parties when the business process (BT-23) is stated.
        """
        bill = complete(bill)
        _refuse(contradictions(bill))
        page = sheet(bill)
        _refuse(_unshown(page))
        if not embed:
            content = self._pages.page(page, bill.issue_date)
            return self._checked(content, french=None)
        french = french or (is_french(bill) and bill.process is not None)
        lacking = missing_terms(bill) + (missing_french_terms(bill) if french else [])
        if lacking:
            raise TermsMissing(lacking)
        content = self._pages.page(page, bill.issue_date, cii(_marked(bill)))
        written = self._checked(name_e_invoice(content), french)
        return replace(written, notes=_notes(bill, french))

    def _checked(self, content: bytes, french: bool | None) -> Written:
        report = self._checker.check(content, french)
        if report.error:
            raise NotWritten([report.error])
        _refuse(str(violation) for violation in report.violations)
        return Written(content, report.checked)


def _refuse(reasons: Iterable[str]) -> None:
    """Stop with the reasons, when there are any."""
    sentences = list(reasons)
    if sentences:
        raise NotWritten(sentences)


def _marked(bill: Bill) -> Bill:
    """The bill with the note that it is a rendition (BT-22), as the page says too."""
    notice, _ = notices(bill)
    return replace(bill, notes=(*bill.notes, Note(notice)))


def _unshown(page: dict[str, object]) -> list[str]:
    found = not_shown(json.dumps(page, ensure_ascii=False).replace("\u200b", ""))
    if not found:
        return []
    shown = ", ".join(f"U+{ord(char):04X}" for char in found[:10])
    return [f"page: no font here shows {shown}; write these characters otherwise"]


def _notes(bill: Bill, french: bool) -> tuple[str, ...]:
    if french or not is_french(bill):
        return ()
    lacking = ", ".join(missing_french_terms(bill))
    return (f"not checked against the French rules (BR-FR); missing: {lacking or 'nothing'}",)
