"""The line a record travelled, as stops with the times of its trail.

Invariant: the stops are the product's steps in their order; each time is that of the newest event
of the step, and a step with no event says so. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from well.domain.case import Case, CaseState, Step
from well.domain.trail import TrailEvent
from well.web.words import state_sign

_VERBS: dict[str, tuple[str, ...]] = {
    "capture": ("captured",),
    "read": ("read",),
    "decide": ("decided",),
    "judge": ("judged", "spot checked"),
    "post": ("posting planned", "posting unknown", "posting sent", "posting rejected"),
    "arrive": ("arrived", "asked", "returned", "not to be seen"),
    "confirm": ("confirmed",),
}
_NEXT = {
    Step.SOURCE: "read",
    Step.READ: "read",
    Step.DECIDE: "decide",
    Step.POST: "post",
    Step.CONFIRM: "confirm",
}


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop; `tone` is done, now, stop, or "" for not reached."""

    word: str
    at: datetime | None
    text: str
    icon: str
    tone: str


def line(case: Case, events: Sequence[TrailEvent]) -> tuple[Stop, ...]:
    """Capture, read, decide, post, confirm, and where the record stands."""
    words = {
        "capture": _("Captured"),
        "read": _("Read"),
        "decide": _("Resolved, matched, decided"),
        "judge": _("Judged by a person"),
        "post": _("Posted"),
        "arrive": _("Followed on the other side"),
        "confirm": _("Read back and compared"),
    }
    waits_for = _NEXT.get(case.step) if case.state is CaseState.WAITING else None
    stops = []
    for name, verbs in _VERBS.items():
        event = next((e for e in reversed(events) if e.verb in verbs), None)
        if event is None and (
            name in ("judge", "arrive") or (waits_for != name and not _ahead(case))
        ):
            continue
        stops.append(_stop(words[name], event, waits_for == name))
    return (*stops, _end(case)) if case.state is not CaseState.WAITING else tuple(stops)


def _ahead(case: Case) -> bool:
    """Whether the remaining steps are still to come."""
    return case.state is CaseState.WAITING


def _stop(word: str, event: TrailEvent | None, waits: bool) -> Stop:
    if waits:
        return Stop(word, None, _("next"), "clock", "now")
    if event is None:
        return Stop(word, None, _("to come"), "clock", "")
    text = _text(event)
    failed = bool(event.detail.get("failure")) or event.verb == "posting rejected"
    return Stop(word, event.at, text, "x" if failed else "check", "stop" if failed else "done")


def _text(event: TrailEvent) -> str:
    detail: dict[str, Any] = event.detail
    if detail.get("failure"):
        return str(detail["failure"])
    parts = {
        "captured": detail.get("change"),
        "read": ", ".join(str(code).replace("_", " ") for code in detail.get("findings") or ()),
        "decided": detail.get("outcome"),
        "judged": f"{detail.get('verdict', '')} {detail.get('note', '')}".strip(),
        "spot checked": _spot_check(detail),
        "returned": _mail(detail),
        "asked": detail.get("question"),
        "arrived": detail.get("entry"),
        "not to be seen": _("Well cannot see the other side"),
        "confirmed": "; ".join(map(str, detail.get("differences") or ())) or _there(detail),
    }
    told = parts.get(event.verb, detail.get("file"))
    who = "" if event.actor == "well" else f" ({event.actor})"
    return f"{told or ''}{who}".strip()


def _there(detail: dict[str, Any]) -> str:
    """The target's own word for where its entry stands, said as its word and not as ours."""
    status = str(detail.get("status") or "").replace("_", " ")
    return _("agrees; its status there is “%(status)s”") % {"status": status} if status else ""


def _mail(detail: dict[str, Any]) -> str:
    return f"{detail.get('delivery', '')}: {detail.get('server', '')}".strip(": ")


def _spot_check(detail: dict[str, Any]) -> str:
    verdict = _("spot check: right") if detail.get("right") else _("spot check: wrong")
    return f"{verdict} {detail.get('note', '')}".strip()


def _end(case: Case) -> Stop:
    sign = state_sign(case.state)
    tone = {"good": "done", "warn": "now", "bad": "stop"}.get(sign.tone, "")
    return Stop(str(sign.word), case.updated_at, case.reason, sign.icon, tone)
