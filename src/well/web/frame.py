"""The frame around every page: navigation, look, messages, and going back safely.

Invariant: what a page shows around its content is computed in one place; a `next` address is
followed only inside this site. It reads counts and notices, and changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from well.domain.case import CaseState
from well.storage import queries
from well.storage.learned import open_checks
from well.web.guard import Seat
from well.web.words import Words


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a navigation; `current` when the page belongs to it."""

    word: Words
    url: str
    icon: str
    current: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where a list has nothing, with at most one thing to do."""

    icon: str
    title: str
    text: str
    url: str = ""
    action: str = ""


def show(
    request: HttpRequest, seat: Seat, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A whole page of a workspace. A context with `counts` of cases, or with the spot checks that
    `waits`, spares counting them again."""
    counted, waits = context.get("counts"), context.get("waits")
    counted = queries.counts(seat.tenant) if counted is None else counted
    waits = open_checks(seat.tenant) if waits is None else waits
    around = {
        "seat": seat,
        "nav": _nav(request, seat, counted, sum(waits.values())),
        "unread": seat.membership.workspace.notices.filter(read_at=None).count(),
    }
    return render(request, template, {**around, **context}, status=status)


def _nav(
    request: HttpRequest, seat: Seat, counted: Mapping[str, Mapping[str, int]], checks: int
) -> list[Link]:
    def count(state: CaseState) -> int:
        return sum(states.get(state, 0) for states in counted.values())

    entries = [
        ("queue", _("Review"), "inbox", count(CaseState.REVIEW)),
        ("checks", _("Checks"), "search", checks),
        ("records", _("Records"), "list", 0),
        ("flows", _("Flows"), "workflow", 0),
        ("connections", _("Connections"), "plug", 0),
        ("status", _("Status"), "activity", count(CaseState.FAILED)),
    ]
    links = []
    for name, word, icon, number in entries:
        url = reverse(name, args=[seat.workspace])
        links.append(Link(word, url, icon, request.path.startswith(url), number))
    return links


def back_to(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """To the form's `next` if it is an address of this site, else to `fallback`."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(wanted if wanted.startswith("/") and safe else fallback)


def typed(values: QueryDict, name: str, limit: int = 200) -> str:
    """What a person (or an address) gave for `name`: trimmed, bounded, without NUL characters,
    which PostgreSQL refuses."""
    return str(values.get(name, "")).replace("\x00", "").strip()[:limit]


def said(request: HttpRequest, sentence: str, tone: str = "good") -> None:
    """Show a sentence at the top of the next page; tone good, warn or bad."""
    levels = {"good": messages.SUCCESS, "warn": messages.WARNING, "bad": messages.ERROR}
    messages.add_message(request, levels[tone], sentence, extra_tags=tone)


def say_untold(request: HttpRequest, untold: Iterable[tuple[str, str]]) -> None:
    """Show which providers could not be told that an authorisation has ended, and why."""
    for title, why in untold:
        told = _("%(title)s could not be told: %(why)s End the authorisation there by hand.")
        said(request, told % {"title": title, "why": why}, "warn")


def problem(
    request: HttpRequest, status: int, title: str, text: str, url: str, action: str, icon: str
) -> HttpResponse:
    """A page that says what went wrong and offers one way on."""
    context = {
        "title": title,
        "text": text,
        "url": url,
        "action": action,
        "icon_name": icon,
    }
    seat = getattr(request, "seat", None)
    if isinstance(seat, Seat):
        return show(request, seat, "well/problem.html", context, status)
    return render(request, "well/problem.html", context, status=status)
