"""The page on which a person corrects the fields of a record, beside its picture.

Invariant: nothing is stored by looking; a correction is one POST that names what the person saw,
and is refused when the case has moved on. What is typed wrong comes back as it was typed. The
correction itself is `pipeline.correct`'s.
"""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from well.bootstrap import well
from well.domain.case import Case
from well.domain.failure import Failed
from well.pipeline.correct import correctable
from well.policy.correction import FIELDS, texts_of
from well.web.frame import said, show, typed
from well.web.guard import Seat, seated
from well.web.pages.correct_form import Typed, inputs, typed_fields
from well.web.pages.review import desk_of, seen

_MOVED = "This record changed while you looked at it. Look again, then correct."


@require_http_methods(["GET", "POST"])
@seated("judge")
def correct(request: HttpRequest, seat: Seat, case: str) -> HttpResponse:
    """The form; on POST take it, or show it again with a sentence at each wrong field."""
    found = _case(seat, case)
    here = reverse("review", args=[seat.workspace, case])
    if found.invoice is None or not correctable(found):
        said(request, _("This record cannot be corrected now: it is on its way."), "warn")
        return HttpResponseRedirect(here)
    if request.method != "POST":
        return _form(request, seat, found, texts_of(found.invoice), {})
    given = {name: typed(request.POST, name) for name in FIELDS}
    read = typed_fields(found.invoice, given)
    if read.errors:
        return _form(request, seat, found, given, read.errors)
    if request.POST.get("seen") != seen(found):
        return _form(request, seat, found, given, {"": _(_MOVED)})
    return _take(request, seat, found, given, read)


def _take(
    request: HttpRequest, seat: Seat, case: Case, given: Mapping[str, str], read: Typed
) -> HttpResponse:
    try:
        well().correct(seat.workspace, case.id, read.texts, seat.email)
    except Failed as failed:
        return _form(request, seat, case, given, {"": failed.failure.sentence})
    said(request, _("Corrected. The record is compared and decided again with your values."))
    return HttpResponseRedirect(reverse("review", args=[seat.workspace, case.id]))


@require_POST
@seated("judge")
def uncorrect(request: HttpRequest, seat: Seat, case: str) -> HttpResponse:
    """Take the newest correction back."""
    found = _case(seat, case)
    here = HttpResponseRedirect(reverse("review", args=[seat.workspace, case]))
    if request.POST.get("seen") != seen(found):
        said(request, _("This record changed while you looked at it. Look again."), "warn")
        return here
    try:
        well().undo_correction(seat.workspace, case, seat.email)
    except Failed as failed:
        said(request, failed.failure.sentence, "bad")
        return here
    said(request, _("The correction was taken back."))
    return here


def _case(seat: Seat, id: str) -> Case:
    found = well().store(seat.workspace).cases([id]).get(id)
    if found is None:
        raise Http404("no such case")
    return found


def _form(
    request: HttpRequest,
    seat: Seat,
    case: Case,
    texts: Mapping[str, str],
    errors: Mapping[str, str],
) -> HttpResponse:
    desk = desk_of(request, seat, case)
    context = {
        **desk,
        "inputs": inputs(texts, errors, desk["view"].fields),
        "trouble": errors.get("", ""),
        "wrong": bool(errors),
        "review_url": reverse("review", args=[seat.workspace, case.id]),
    }
    return show(request, seat, "well/correct.html", context, 422 if errors else 200)
