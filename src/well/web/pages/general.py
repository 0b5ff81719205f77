"""Pages outside of records: home, notices, keys, look, and what stands where a page does not.

Invariant: each of these offers a way on; an error page shows nothing of what failed inside.
"""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from well.accounts.models import User
from well.accounts.signin import SigninView
from well.bootstrap import well
from well.web.frame import back_to, problem, show
from well.web.guard import Seat, seated, seats_of
from well.web.look import KEYS_COOKIE, THEME_COOKIE, THEMES

YEAR = 365 * 24 * 3600
NOTICES_MAX = 100


def home(request: HttpRequest) -> HttpResponse:
    """The only workspace's queue, or the choice of workspaces."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    seats = seats_of(request.user)
    if len(seats) == 1 and "all" not in request.GET:
        return HttpResponseRedirect(reverse("queue", args=[UUID(seats[0].workspace)]))
    return render(request, "well/home.html", {"seats": seats})


@require_http_methods(["GET", "POST"])
def signin(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link: a button, and the way in."""
    answer = SigninView.as_view(clock=well().clock)(request, token=token)
    assert isinstance(answer, HttpResponse)
    # "no-referrer" would make the browser send `Origin: null`, which the form check must refuse.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def healthz(_request: HttpRequest) -> HttpResponse:
    """That this process answers; it asks nothing of a database."""
    return HttpResponse("ok\n", "text/plain")


@require_http_methods(["GET", "POST"])
@seated()
def notices(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What the workspace's owners are told; POST marks all as read."""
    kept = seat.membership.workspace.notices
    if request.method == "POST":
        if seat.role.may_manage:
            kept.filter(read_at=None).update(read_at=well().clock.now())
        return HttpResponseRedirect(reverse("notices", args=[seat.workspace]))
    found = [
        {
            "text": notice.text,
            "at": notice.created_at,
            "read": notice.read_at is not None,
            "tone": "" if notice.level == "info" else "bad",
        }
        for notice in kept.order_by("-created_at", "-id")[:NOTICES_MAX]
    ]
    return show(
        request, seat, "well/notices.html", {"notices": found, "manages": seat.role.may_manage}
    )


@seated()
def keys_help(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The keys, for those without the dialog."""
    return show(request, seat, "well/help.html", {})


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep theme and keys in cookies, so that the first paint is right."""
    response = back_to(request, "/")
    allowed = {"theme": [one.code for one in THEMES], "keys": ["on", "off"]}
    for field, cookie in (("theme", THEME_COOKIE), ("keys", KEYS_COOKIE)):
        value = request.POST.get(field, "")
        if value in allowed[field]:
            response.set_cookie(cookie, value, YEAR, samesite="Lax", secure=request.is_secure())
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: also for what belongs to others. `exception` is not for the person to read."""
    del exception
    text = _("The address is wrong, or what was here belongs to another workspace.")
    return problem(request, 404, _("Nothing here"), text, "/", _("Back to Well"), "search")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says which role could."""
    told = str(exception) if isinstance(exception, PermissionDenied) else ""
    text = told or _("Your role does not allow this. Ask an owner of the workspace.")
    return problem(request, 403, _("Not with your role"), text, "/", _("Back to Well"), "lock")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form that was open for too long, or not ours; `reason` is for logs."""
    del reason
    text = _("The form was open for too long or came from elsewhere. Nothing was changed.")
    return problem(request, 403, _("Please try again"), text, "/", _("Back to Well"), "undo-2")


def broken(request: HttpRequest) -> HttpResponse:
    """500: without any query, since what failed may be the database."""
    context = {
        "title": _("Something in Well failed"),
        "text": _(
            "It was written to the log. What you had saved is kept, and nothing is posted twice. "
            "Try again; if it fails again, tell whoever runs this Well."
        ),
        "url": request.path if request.method == "GET" else "/",
        "action": _("Try again"),
        "icon_name": "triangle-alert",
    }
    return render(request, "well/problem.html", context, status=500)
