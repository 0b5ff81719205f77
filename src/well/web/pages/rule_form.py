"""One rule of a flow as a form: text in, a rule or a sentence out; and the order of rules.

Invariant: whatever is typed gives a rule that satisfies `Rule`, or a sentence that says what to
type; nothing is stored here. Pure.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from well.domain.money import Money
from well.domain.rule import RULES_MAX, Rule, Then
from well.domain.source_record import Kind
from well.policy.alike import letters
from well.web import formats
from well.web.pages.flow_forms import amount, percent
from well.web.words import KINDS, Words

RULE = (
    *("name", "then", "auto_post", "review", "counterparty", "least", "most"),
    *("kind", "stream", "account"),
)
"""Names of the fields of the form of a rule."""
NAME_MAX, TEXT_MAX = 60, 200
THENS: Mapping[Then, Words] = {
    Then.LIMITS: gettext_lazy("Use its own limits"),
    Then.ASK: gettext_lazy("Always ask a person"),
    Then.NEVER: gettext_lazy("Never post"),
}
PLAIN = Rule("")
Order = tuple[Rule, ...]


def rule_of(typed: Mapping[str, str]) -> Rule:
    """The rule that was typed; ValueError with a sentence."""
    then = _then(typed["then"])
    upper, lower = _limits(typed) if then is Then.LIMITS else (PLAIN.auto_post, PLAIN.review)
    least, most = _range(typed["least"], typed["most"])
    rule = Rule(
        name=_name(typed["name"]),
        then=then,
        auto_post=upper,
        review=lower,
        counterparty=_named(typed["counterparty"]),
        least=least,
        most=most,
        kind=_kind(typed["kind"]),
        stream=_short(typed["stream"]),
        account=_named(typed["account"]),
    )
    if not rule.narrows:
        raise ValueError(
            _("Say which records the rule is about: a supplier, an amount, a kind or an account.")
        )
    return rule


def values_of_rule(rule: Rule | None) -> dict[str, str]:
    """What the form shows for a rule; for none, an empty one."""
    if rule is None:
        return dict.fromkeys(RULE, "") | {"then": "limits", "auto_post": "95", "review": "55"}
    return {
        "name": rule.name,
        "then": rule.then.value,
        "auto_post": f"{rule.auto_post * 100:g}",
        "review": f"{rule.review * 100:g}",
        "counterparty": rule.counterparty,
        "least": str(rule.least or ""),
        "most": str(rule.most or ""),
        "kind": rule.kind.value if rule.kind else "",
        "stream": rule.stream,
        "account": rule.account,
    }


def put(rules: Order, place: str, rule: Rule) -> Order:
    """With the rule at its place (from 1), or behind all others where none is named."""
    if place:
        at = _place(rules, place)
        return (*rules[:at], rule, *rules[at + 1 :])
    if len(rules) >= RULES_MAX:
        names = {"most": RULES_MAX}
        raise ValueError(_("A flow has %(most)s rules at the most; remove one first.") % names)
    return (*rules, rule)


def moved(rules: Order, place: str, by: int) -> Order:
    """With the rule moved; at an end it stays."""
    at = _place(rules, place)
    to = min(max(at + by, 0), len(rules) - 1)
    rest = (*rules[:at], *rules[at + 1 :])
    return (*rest[:to], rules[at], *rest[to:])


def without(rules: Order, place: str) -> Order:
    """With the rule taken away."""
    at = _place(rules, place)
    return (*rules[:at], *rules[at + 1 :])


def about(rule: Rule) -> Iterator[str]:
    """Its conditions, each as a few words for a person."""
    if rule.counterparty:
        yield _("supplier %(name)s") % {"name": rule.counterparty}
    if rule.least is not None:
        yield _("total from %(amount)s") % {"amount": formats.money(rule.least)}
    if rule.most is not None:
        yield _("total up to %(amount)s") % {"amount": formats.money(rule.most)}
    if rule.kind is not None:
        yield str(KINDS.get(rule.kind, rule.kind.value)).lower()
    if rule.stream:
        yield _("stream %(name)s") % {"name": rule.stream}
    if rule.account:
        yield _("account %(name)s") % {"name": rule.account}


def asks(rule: Rule) -> str:
    """What it asks, in a few words for a person."""
    if rule.then is not Then.LIMITS:
        return str(THENS[rule.then])
    names = {"alone": f"{rule.auto_post * 100:g}", "ask": f"{rule.review * 100:g}"}
    return _("Act alone from %(alone)s %%, ask a person from %(ask)s %%") % names


def rule_rows(rules: Order, address: str) -> list[dict[str, Any]]:
    """Rules as lists show them; `address` is that of their page."""
    return [
        {
            "number": number,
            "name": rule.name,
            "about": ", ".join(about(rule)),
            "asks": asks(rule),
            "url": f"{address}?rule={number}#rule",
        }
        for number, rule in enumerate(rules, 1)
    ]


def _place(rules: Order, place: str) -> int:
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 4 else 0
    if not 1 <= number <= len(rules):
        raise ValueError(_("There is no rule %(place)s any more.") % {"place": place[:20]})
    return number - 1


def _then(text: str) -> Then:
    try:
        return Then(text)
    except ValueError:
        names = {"text": text[:20], "known": ", ".join(Then)}
        raise ValueError(_("A rule asks for one of %(known)s, not “%(text)s”.") % names) from None


def _limits(typed: Mapping[str, str]) -> tuple[float, float]:
    upper, lower = percent(typed["auto_post"]), percent(typed["review"])
    if lower > upper:
        raise ValueError(
            _("The limit for asking a person must not be above the one for acting alone.")
        )
    return float(upper / 100), float(lower / 100)


def _range(low: str, high: str) -> tuple[Money | None, Money | None]:
    least, most = amount(low), amount(high)
    if least is not None and most is not None:
        if least.currency != most.currency:
            raise ValueError(_("Both ends of the amount need the same currency."))
        if least.minor > most.minor:
            raise ValueError(_("The smallest amount is above the largest: no record would fit."))
    return least, most


def _name(text: str) -> str:
    name = _short(text)
    if not 0 < len(name) <= NAME_MAX:
        names = {"most": NAME_MAX}
        raise ValueError(
            _("A rule needs a name of at most %(most)s characters, for decisions to say.") % names
        )
    return name


def _named(text: str) -> str:
    """A name to compare by; one without a letter or digit would compare with nothing."""
    name = _short(text)
    if name and not letters(name):
        raise ValueError(_("“%(text)s” is no name to look for.") % {"text": name[:20]})
    return name


def _short(text: str) -> str:
    plain = " ".join(text.replace("\x00", " ").split())
    if len(plain) > TEXT_MAX:
        names = {"text": plain[:20], "most": TEXT_MAX}
        raise ValueError(_("“%(text)s…” is longer than %(most)s characters.") % names)
    return plain.encode("utf-8", "replace").decode("utf-8")


def _kind(text: str) -> Kind | None:
    try:
        return Kind(text) if text else None
    except ValueError:
        names = {"text": text[:20], "known": ", ".join(Kind)}
        raise ValueError(
            _("The kind of record is one of %(known)s, not “%(text)s”.") % names
        ) from None
