"""The page of a record as an image, and its original as a download.

Invariant: the browser never gets a file to parse: it gets a WebP drawn in the limited reader, or
the original as an attachment under a policy that runs nothing. These answers set no cookie and
may be kept by the person's own browser only, because an address names its content.
"""

from dataclasses import dataclass
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from well.bootstrap import well
from well.domain.case import Case
from well.domain.document import Document
from well.ports.reader import Rendition
from well.ports.store import Store
from well.web.guard import Seat, seated
from well.web.pages.fields import Box, boxes_on
from well.web.security import SEALED

WIDTHS = (900, 1600)
KEPT = "private, max-age=3600, immutable"

MISSING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 420" width="900" height="420">'
    '<rect width="900" height="420" fill="#f6f7f9"/><text x="450" y="205" font-size="26" '
    'font-family="system-ui, sans-serif" text-anchor="middle" fill="#57606a">{}</text></svg>'
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One page as shown. `page` counts from 1; `before` and `after` are addresses or "";
    `query` is the part of an address that keeps what else was chosen."""

    name: str
    size: int
    page: int
    pages: int
    image: str
    large: str
    original: str
    boxes: tuple[Box, ...]
    before: str = ""
    after: str = ""
    drawn: bool = False
    query: str = ""


def paper_of(seat: Seat, store: Store, case: Case, page: int, query: str = "") -> Paper | None:
    """A case's file, or the page Well would draw of its fields; None when it has neither."""
    if case.document is None and case.invoice is None:
        return None
    ref = store.document_refs([case.document]).get(case.document) if case.document else None
    pages = max(1, case.reading.pages) if case.reading and ref else 1
    page = min(max(1, page), pages)
    readings = case.invoice.readings if case.invoice and ref else ()
    base = reverse("page_image", args=[seat.workspace, case.id, page])
    mark = f"?v={quote((case.document or str(case.version))[:16])}"
    return Paper(
        name=ref.name if ref else _("Page drawn by Well, there is no file"),
        size=ref.size if ref else 0,
        page=page,
        pages=pages,
        image=base + mark,
        large=f"{base}{mark}&w={WIDTHS[1]}",
        original=reverse("original", args=[seat.workspace, case.id]),
        boxes=boxes_on(readings, page - 1, case.invoice.currency if case.invoice else None),
        query=query if ref else "",
        before=f"?{query}page={page - 1}" if page > 1 else "",
        after=f"?{query}page={page + 1}" if page < pages else "",
        drawn=ref is None,
    )


@seated()
def page_image(request: HttpRequest, seat: Seat, case: str, page: int) -> HttpResponse:
    """One page as WebP; a drawn sentence (404) where there is none."""
    width = WIDTHS[1] if request.GET.get("w") == str(WIDTHS[1]) else WIDTHS[0]
    document = _document(seat, case)
    drawn = None
    if document is not None and 1 <= page <= 999:
        drawn = well().reader.page_image(document, page - 1, width)
    if drawn is None:
        text = escape(_("This page cannot be shown. The original can be downloaded."))
        return _sealed(HttpResponse(MISSING.format(text), "image/svg+xml", 404), "no-store")
    return _sealed(HttpResponse(drawn, "image/webp"), KEPT)


@seated()
def original(_request: HttpRequest, seat: Seat, case: str) -> HttpResponse:
    """The file as it was received (or as Well drew it), as a download."""
    document = _document(seat, case)
    if document is None:
        raise Http404("no file")
    response = HttpResponse(document.content, "application/octet-stream")
    response.headers["Content-Disposition"] = (
        f"attachment; filename*=UTF-8''{_label(document.name)}"
    )
    return _sealed(response, "private, no-store")


def _label(name: str) -> str:
    plain = "".join(c for c in name if c.isprintable() and c not in '/\\:*?"<>|')[:120]
    return quote(plain or "document")


def _sealed(response: HttpResponse, cache: str) -> HttpResponse:
    response.headers["Content-Security-Policy"] = SEALED
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = cache
    return response


def _document(seat: Seat, case_id: str) -> Document | None:
    hub = well()
    store = hub.store(seat.workspace)
    case = store.cases([case_id]).get(case_id)
    if case is None:
        raise Http404("no such record")
    refs = store.document_refs([case.document]) if case.document else {}
    for ref in refs.values():
        try:
            return store.document(ref)
        except OSError:
            return None
    if case.invoice is None:
        return None
    label = _("Well preview")
    name = f"preview-{case.key.source_id}.pdf"
    return hub.renderer.render(case.invoice, Rendition(label, case.key.source_id, name))
