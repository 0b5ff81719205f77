"""Which pages only an optical reader can read, and those pages as it reads them.

Invariant: a page that a text layer tells in full is never seen optically; an invisible layer over
a picture is not believed where the picture itself can be read. It finds no fields.
"""

from collections.abc import Callable, Iterable, Sequence

import pypdfium2 as pdfium
from PIL import Image

from well.documents.reading.limits import OCR_PAGES, OCR_PIXELS, STAMP_CHARACTERS
from well.documents.reading.ocr_lines import Scan
from well.documents.reading.ocr_page import page_of
from well.documents.reading.pages import Page
from well.domain.invoice import Finding

See = Callable[[Image.Image], Scan]
"""The optical reader: an RGB picture to its lines."""

_FEW_CHARACTERS = 40
_MOSTLY_PICTURE = 0.5
_LAYERED = 0.5
_DOTS_PER_INCH = 200


def is_scan(page: Page) -> bool:
    """Whether a page shows more than its visible text says."""
    if is_layered(page):
        return True
    few = STAMP_CHARACTERS if page.image_share >= _MOSTLY_PICTURE else _FEW_CHARACTERS
    return page.drawn and page.characters < few


def is_layered(page: Page) -> bool:
    """Whether most words of a page cannot be seen: they lie on or under its picture."""
    return page.layered >= _LAYERED


def see_pages(pdf: pdfium.PdfDocument, pages: Sequence[Page], see: See) -> tuple[Page, ...]:
    """The pages, the first scans among them as the optical reader sees them."""
    scans = [page.number for page in pages if is_scan(page)][:OCR_PAGES]
    return tuple(_seen(pdf, page, see) if page.number in scans else page for page in pages)


def see_pictures(pictures: Iterable[Image.Image], see: See) -> tuple[Page, ...]:
    """The frames of a picture file as pages."""
    return tuple(page_of(see(picture), number) for number, picture in enumerate(pictures))


def scans_not_read(scans: int) -> tuple[Finding, ...]:
    """A finding when there are more scans than are read."""
    if scans <= OCR_PAGES:
        return ()
    sentence = f"Only the first {OCR_PAGES} scanned pages were read."
    return (Finding("scans_not_read", sentence, stops_auto_post=True),)


def _seen(pdf: pdfium.PdfDocument, page: Page, see: See) -> Page:
    picture = _picture(pdf, page)
    if picture is None:
        return page
    scan = see(picture)
    seen = page_of(scan, page.number, page.width / scan.tilt.width)
    seen.hidden, seen.image_share = page.hidden, page.image_share
    return seen


def _picture(pdf: pdfium.PdfDocument, page: Page) -> Image.Image | None:
    scale = _DOTS_PER_INCH / 72
    area = page.width * page.height * scale**2
    scale *= min(OCR_PIXELS / area, 1.0) ** 0.5
    try:
        shown = pdf[page.number]
        bitmap = shown.render(scale=scale, grayscale=True, may_draw_forms=False)
    except pdfium.PdfiumError:
        return None
    picture = bitmap.to_pil()
    assert isinstance(picture, Image.Image)
    shown.close()
    return picture
