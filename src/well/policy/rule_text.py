"""Rules from the text a person types: `name=value`, checked before anything is replayed.

Invariant: any text gives rules that satisfy `Rules`, or a ValueError with a sentence that says
what to type. It stores nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from well.domain.decision import Rules
from well.domain.money import Money

_SHOWN = 40
_NONE = ("", "none")


def with_rules(rules: Rules, typed: Mapping[str, str]) -> Rules:
    """`rules` with the named ones replaced. Shares are numbers in (0,1]; "none" switches a rule
    off. ValueError with a sentence for the first that cannot be understood."""
    changes = {name: _value(name, text.strip()) for name, text in typed.items()}
    upper = changes.get("auto_post", rules.auto_post)
    lower = changes.get("review", rules.review)
    if lower > upper:
        raise ValueError(
            f"The review limit {lower:g} is above the auto-post limit {upper:g}: nothing would "
            "be left for a person to review."
        )
    return replace(rules, **changes)


def pairs(texts: list[str]) -> dict[str, str]:
    """`["review=0.5"]` as a mapping; ValueError for a text without a name and a sign."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise ValueError(f"“{text[:_SHOWN]}” is no rule: write name=value.")
        found[name.strip()] = value
    return found


def share(text: str) -> float:
    """A share above 0 and at most 1, with a dot or a comma."""
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or not 0 < value <= 1:
        raise ValueError(f"“{text[:_SHOWN]}” is no share above 0 and at most 1, like 0.85.")
    return float(value)


def day(text: str) -> date | None:
    """A date as 2026-03-31, or none."""
    if text in _NONE:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:_SHOWN]}” is no date like 2026-03-31.") from None


def amount(text: str) -> Money | None:
    """An amount above zero with its currency, like 5000.00 EUR, or none."""
    if text in _NONE:
        return None
    number, _, currency = text.partition(" ")
    try:
        most = Money.of(number, currency)
    except ValueError:
        most = None
    if most is None or most.minor <= 0:
        raise ValueError(f"“{text[:_SHOWN]}” is no amount like 5000.00 EUR.")
    return most


_READ: Mapping[str, Callable[[str], Any]] = {
    "auto_post": share,
    "review": share,
    "closed_until": day,
    "first_document_max": amount,
}
NAMES = tuple(_READ)
"""The rules that can be tried."""


def _value(name: str, text: str) -> Any:
    if name not in _READ:
        raise ValueError(f"There is no rule “{name[:_SHOWN]}”; there are {', '.join(NAMES)}.")
    try:
        return _READ[name](text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
