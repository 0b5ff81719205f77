"""Forgetting what a flow has learned: asked first, then done.

Invariant: nothing is forgotten by looking; what it means is said before. How it is forgotten is
`pipeline.learning`'s.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from well.bootstrap import well
from well.web import formats
from well.web.frame import said, show, typed
from well.web.guard import Seat, seated
from well.web.pages.found import find_flow
from well.web.pages.learned import learned_card


@require_http_methods(["GET", "POST"])
@seated("manage")
def flow_forget(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Say what forgetting means; on POST do it."""
    found = find_flow(seat, flow)
    page = reverse("flow", args=[seat.workspace, found.id])
    if request.method == "POST":
        count = well().forget(seat.workspace, found.id, seat.email)
        text = ngettext(
            "Forgotten: what %(n)s judgement taught.",
            "Forgotten: what %(n)s judgements taught.",
            count,
        )
        said(request, text % {"n": formats.number(count)})
        return HttpResponseRedirect(page)
    card = learned_card(seat, well().store(seat.workspace), found)
    context = {"flow": found, "learned": card, "flow_url": page}
    return show(request, seat, "well/forget.html", context)


@require_POST
@seated("manage")
def layouts_forget(request: HttpRequest, seat: Seat, flow: str) -> HttpResponse:
    """Forget where one supplier prints its values; they are learned again from the next verdict."""
    found = find_flow(seat, flow)
    supplier = typed(request.POST, "supplier", 300)
    count = well().forget_layouts(seat.workspace, found.id, supplier, seat.email)
    text = ngettext(
        "Forgotten: %(n)s layout of %(supplier)s.",
        "Forgotten: %(n)s layouts of %(supplier)s.",
        count,
    )
    said(request, text % {"n": formats.number(count), "supplier": supplier})
    return HttpResponseRedirect(reverse("flow", args=[seat.workspace, found.id]) + "#learned")
