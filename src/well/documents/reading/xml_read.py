"""One XML file to a draft, whatever its syntax.

Invariant: a foreign syntax is named and nothing is read from it.
"""

from dataclasses import dataclass, replace

from well.documents.reading.draft import Draft
from well.documents.reading.syntax import READ, UBL, syntax_of
from well.documents.reading.xml_cii import read_cii
from well.documents.reading.xml_parse import parse
from well.documents.reading.xml_repeats import repeated_totals
from well.documents.reading.xml_ubl import read_ubl


@dataclass(frozen=True, slots=True)
class XmlReading:
    """The syntax, if it is known, and the draft, if that syntax is read here."""

    syntax: str | None
    draft: Draft | None


def read_xml(content: bytes) -> XmlReading:
    """Reading of an XML file; Unreadable when it is refused or damaged."""
    root = parse(content)
    syntax = syntax_of(root)
    if syntax not in READ:
        return XmlReading(syntax, None)
    draft = read_ubl(root) if syntax == UBL else read_cii(root, syntax)
    return XmlReading(syntax, replace(draft, findings=(*draft.findings, *repeated_totals(root))))
