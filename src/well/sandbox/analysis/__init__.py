"""What the stand-in reads from an uploaded PDF, by code of its own.

Invariant: rather nothing than something wrong; a scan, a broken or an encrypted file reads as
empty and never raises. It shares no code with Well's own reader.
"""

from collections.abc import Iterable

from well.sandbox.analysis.cii import read_xml
from well.sandbox.analysis.fields import read_page
from well.sandbox.analysis.pages import attached_xml, text_pages
from well.sandbox.analysis.reading import NOTHING, Reading

__all__ = ["NOTHING", "Reading", "analyse"]


def analyse(content: bytes, buyer: Iterable[str] = ()) -> Reading:
    """The reading of one PDF. `buyer` holds the organisation's own names and numbers, which are
    never taken for the supplier's."""
    for name, xml in attached_xml(content):
        reading = read_xml(name, xml)
        if reading is not None:
            return reading
    pages = text_pages(content)
    return read_page(pages, tuple(buyer)) if pages else NOTHING
