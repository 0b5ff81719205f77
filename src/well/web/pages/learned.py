"""What Well has learned, for people: of a flow, and of a record's supplier.

Invariant: every number is read off the counts and logs that are used, never kept apart for show.
It changes nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from well.domain.case import Case
from well.domain.flow import Flow
from well.domain.learning import KeptLayout
from well.domain.trail import TrailEvent
from well.pipeline.checks import CHECKS_MAX, Acting, Because, acting, watch_of
from well.pipeline.known import LINKS_MIN, Known, Supplier, category, known, supplier
from well.pipeline.layouts import SHOWN_MAX
from well.pipeline.learning import learned_of, model_name
from well.policy.monitor import NOTHING_ALONE, Watch, bounds
from well.policy.threshold import CLEAN_CHECKS
from well.storage.learned import Judged, Saying, judged, sayings
from well.storage.samples import carried
from well.storage.store import DjangoStore
from well.web import formats
from well.web.guard import Seat
from well.web.words import FIELDS, VERDICTS, Words, plain

DOCUMENTS_MAX = 50
"""A supplier's newest documents that its category is taken from."""

VALUES_MAX = 5
"""Names or numbers of one kind that are shown of a counterparty."""


@dataclass(frozen=True, slots=True)
class LearnedCard:
    """The card of a flow. `model` names what matches; `can_forget` where there is something."""

    limit: str
    why: str
    judgements: str
    checks: str
    knows: str
    model: str
    can_forget: bool
    layouts: tuple["LayoutLine", ...] = ()


@dataclass(frozen=True, slots=True)
class LayoutLine:
    """How many layouts are known of a supplier, since when, and which fields the newest finds."""

    supplier: str
    count: int
    at: datetime
    fields: str


@dataclass(frozen=True, slots=True)
class SupplierCard:
    """The card of a record: its supplier, and what people said of the record."""

    name: str
    names: str
    lag: str
    forms: str
    said: tuple["Line", ...]
    category: str = ""
    known: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One judgement; `state` says whether it still counts."""

    at: datetime
    by: str
    word: Words
    state: str


def learned_card(seat: Seat, store: DjangoStore, flow: Flow) -> LearnedCard:
    """What is shown of a flow."""
    memory = store.flow_memory(flow.id)
    counts = learned_of(memory)
    layouts = layout_lines(store.layouts_of(flow.id, learned=True, limit=SHOWN_MAX))
    now = acting(flow.rules, memory, store.agreed_in_a_row(flow.id))
    answered = store.spot_checks(flow.id, answered=True, limit=CHECKS_MAX)
    return LearnedCard(
        limit=_limit(now.limit),
        why=why(flow, now, store.trail_of([flow.id])),
        judgements=_judgements(judged(seat.tenant, flow.id)),
        checks=checked(watch_of(flow, memory, answered), now.limit),
        knows=_knows(known(counts)),
        model=model_name(counts),
        can_forget=bool(counts.counts) or bool(layouts),
        layouts=layouts,
    )


def layout_lines(kept: Sequence[KeptLayout]) -> tuple[LayoutLine, ...]:
    """The learned layouts by supplier, in the order of their names; `kept` is newest first."""
    groups: dict[str, list[KeptLayout]] = {}
    for one in kept:
        groups.setdefault(one.supplier, []).append(one)
    return tuple(
        LayoutLine(supplier, len(group), group[0].at, _found(group[0]))
        for supplier, group in sorted(groups.items(), key=lambda item: item[0].casefold())
    )


def _found(one: KeptLayout) -> str:
    fields = one.layout.fields if one.layout else ()
    words = (str(FIELDS.get(field.field, plain(field.field))) for field in fields)
    return ", ".join(dict.fromkeys(words))


def percent(share: float) -> str:
    """A limit with up to two digits after the point, for nothing is rounded where it acts."""
    return f"{formats.number(Decimal(str(round(share * 100, 2))))} %"


def _limit(limit: float) -> str:
    if limit >= NOTHING_ALONE:
        return _("nothing; a person confirms every record")
    return _("what is at least %(limit)s sure") % {"limit": percent(limit)}


def why(flow: Flow, now: Acting, events: Sequence[TrailEvent]) -> str:
    """Why the limit is what it is; `events` are the flow's, oldest first."""
    rules = flow.rules
    names = {
        "rule": percent(rules.auto_post),
        "target": percent(rules.target),
        "clean": now.clean,
        "needed": CLEAN_CHECKS,
    }
    if now.because is Because.CLICKS:
        text = _("The rule asks for a person's click until %(needed)s in a row were right: ")
        return (text + _("%(clean)s so far.")) % names
    if now.because is Because.RULE:
        return _("The rule of this flow: %(rule)s, enough to keep %(target)s right.") % names
    if now.because is Because.CERTIFIED:
        text = _("Proven to keep %(target)s right; the rule of %(rule)s would be too low.")
        return text % names
    return _raised(events) or _("Raised after spot checks found wrong decisions.")


def _raised(events: Sequence[TrailEvent]) -> str:
    for event in reversed(events):
        day = {"day": formats.day(event.at.date())}
        if event.verb == "limit raised":
            return f"{_('Raised on %(day)s.') % day} {event.detail.get('sentence', '')}".strip()
        if event.verb == "limit lowered":
            text = _("Lowered on %(day)s, because several people's judgements proved it may be.")
            return text % day
    return ""


def _judgements(found: Judged) -> str:
    if not found.records:
        return _("No record was judged by a person yet.")
    names = {"n": formats.number(found.records), "people": formats.number(found.people)}
    parts = [
        ngettext("%(n)s record judged", "%(n)s records judged", found.records) % names,
        ngettext("by one person", "by %(people)s people", found.people) % names,
    ]
    sentence = " ".join(parts) + "."
    if found.replaced:
        text = _("Undone by a later one: %(n)s.")
        sentence += " " + text % {"n": formats.number(found.replaced)}
    if found.forgotten:
        text = _("Forgotten, teaching nothing: %(n)s.")
        sentence += " " + text % {"n": formats.number(found.forgotten)}
    return sentence


def checked(watch: Watch, limit: float) -> str:
    """How many automatic decisions were looked at, and what that proves."""
    if not watch.checks:
        return _("None was looked at yet.")
    right = sum(check.right for check in watch.checks)
    names = {"right": formats.number(right), "n": formats.number(len(watch.checks))}
    sentence = _("%(right)s of %(n)s that were looked at were right.") % names
    above = sum(check.confidence >= limit for check in watch.checks)
    if not above:
        return sentence
    proven = {"least": formats.share(bounds(watch, limit)[0]), "target": percent(watch.target)}
    text = _("So far that proves at least %(least)s right of what is done alone; the aim is ")
    return f"{sentence} {text % proven}{proven['target']}."


def _knows(of: Known) -> str:
    if not of.documents and not of.names:
        return _("Nothing yet: it works with the weights it came with.")
    names = {name: formats.number(getattr(of, name)) for name in Known.__slots__}
    text = _(
        "Taught by judgements of documents: %(documents)s. Names of suppliers: %(names)s. "
        "Suppliers whose usual delay is known: %(lags)s, whose number format is: %(formats)s."
    )
    return text % names


def supplier_card(seat: Seat, store: DjangoStore, case: Case) -> SupplierCard | None:
    """What is shown of a record's supplier; None where nothing is known and nobody spoke."""
    spoken = tuple(_line(one) for one in sayings(seat.tenant, case.id))
    name = (case.invoice and case.invoice.seller.name) or ""
    if not name or case.counterparty is None:
        return SupplierCard(name, "", "", "", spoken) if spoken else None
    found = supplier(learned_of(store.flow_memory(case.flow)), name, case.counterparty)
    booked = _category(seat, store, case.counterparty)
    known = tuple(_known(store, case.counterparty))
    return SupplierCard(name, _named(found), _lag(found), _forms(found), spoken, booked, known)


def _known(store: DjangoStore, counterparty: str) -> Iterator[tuple[str, str]]:
    """What the workspace knows of the legal person, whichever tool or document told it."""
    party = store.parties([counterparty]).get(counterparty)
    if party is None:
        return
    shown = {
        _("Legal person"): party.names,
        _("Tax ids"): (*party.vat_ids, *party.legal_ids),
        _("Domains"): party.domains,
    }
    for word, values in shown.items():
        yield word, ", ".join(values[:VALUES_MAX]) or _("not known yet")


def _category(seat: Seat, store: DjangoStore, counterparty: str) -> str:
    """The supplier's category in the whole workspace: another tool may tell what this one does
    not."""
    cases = store.cases(carried(seat.tenant, counterparty, DOCUMENTS_MAX)).values()
    found = category(case.invoice for case in cases if case.invoice is not None)
    if found is None:
        return _("not known yet: no document of it names one")
    names = {"account": found.account, "n": found.times, "all": found.booked}
    return _("%(account)s, by %(n)s of %(all)s documents") % names


def _named(found: Supplier) -> str:
    names = {"yes": formats.number(found.confirmed), "no": formats.number(found.declined)}
    return _("confirmed %(yes)s times, declined %(no)s times") % names


def _lag(found: Supplier) -> str:
    if found.lag is None:
        names = {"n": found.links, "needed": LINKS_MIN}
        return _("not known yet: %(n)s of %(needed)s links") % names
    text = ngettext(
        "%(n)s day after the document (%(links)s links)",
        "%(n)s days after the document (%(links)s links)",
        found.lag,
    )
    return text % {"n": formats.number(found.lag), "links": formats.number(found.links)}


def _forms(found: Supplier) -> str:
    seen = _("%(form)s (%(n)s times)")
    shown = [seen % {"form": form, "n": formats.number(count)} for form, count in found.forms]
    return ", ".join(shown) or _("not known yet")


def _line(one: Saying) -> Line:
    if one.replaced == "forgotten":
        state = _("forgotten")
    elif one.replaced:
        state = _("undone by a later one")
    else:
        state = _("counts")
    return Line(one.at, one.by, VERDICTS.get(one.verdict, one.verdict), state)
