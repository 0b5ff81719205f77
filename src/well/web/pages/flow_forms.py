"""The settings of a flow as forms: text in, a changed flow or a sentence out.

Invariant: whatever is typed gives a flow that satisfies `Rules` and the limits here, or a sentence
that says what to type; nothing is stored here. Pure.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from babel import Locale
from django.utils.translation import gettext as _

from well.domain.flow import EInvoiceBuyer, Flow
from well.domain.money import Money, minor_digits

LIMITS = ("auto_post", "review", "closed_until", "first_document_max")
"""Names of the fields of the form of limits."""
E_INVOICE = ("embed", "buyer_name", "buyer_country")
"""Names of the fields of the form of the e-invoice."""
NAME_MAX = 200
MONTH = timedelta(days=365) / 12
MONTHS_MAX = 120
MINUTES_MIN, MINUTES_MAX = 5, 24 * 60


def percent(text: str) -> Decimal:
    """A whole or half percent between 1 and 100; ValueError with a sentence."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 1 <= value <= 100:
        raise ValueError(_("“%(text)s” is no percentage between 1 and 100.") % {"text": text[:20]})
    return value


def whole(text: str, low: int, high: int) -> int:
    """A whole number in [low, high]; ValueError with a sentence."""
    plain = text.strip()
    number = int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 7 else -1
    if not low <= number <= high:
        names = {"text": text[:20], "low": low, "high": high}
        raise ValueError(_("“%(text)s” is no whole number from %(low)s to %(high)s.") % names)
    return number


def with_limits(flow: Flow, auto_post: str, review: str) -> Flow:
    """The flow with other limits, in percent."""
    upper, lower = percent(auto_post), percent(review)
    if lower > upper:
        raise ValueError(
            _("The limit for asking a person must not be above the one for acting alone.")
        )
    rules = replace(flow.rules, auto_post=float(upper / 100), review=float(lower / 100))
    return replace(flow, rules=rules)


def with_rules(flow: Flow, typed: Mapping[str, str]) -> Flow:
    """The flow with everything the form of limits says; an empty field switches a rule off."""
    limited = with_limits(flow, typed["auto_post"], typed["review"])
    rules = replace(
        limited.rules,
        closed_until=day(typed["closed_until"]),
        first_document_max=amount(typed["first_document_max"]),
    )
    return replace(limited, rules=rules)


def day(text: str) -> date | None:
    """A date as browsers send it, None when empty; ValueError with a sentence."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        names = {"text": text[:20]}
        raise ValueError(_("“%(text)s” is no date like 2026-03-31.") % names) from None


def amount(text: str) -> Money | None:
    """An amount with its currency, None when empty; ValueError with a sentence.

    Blanks between digits are fine, and so is a decimal comma; a sign for thousands is not,
    because 1.284 means two things.
    """
    plain = "".join(text.split())
    if not plain:
        return None
    number = plain[:-3].replace(",", ".")
    try:
        found = Money.of(number, plain[-3:])
    except ValueError:
        found = Money(0, "EUR")
    # 1.000 is refused like 1.284, although it would be exact.
    if found.minor <= 0 or len(number.partition(".")[2]) > minor_digits(found.currency):
        names = {"text": text[:20]}
        raise ValueError(_("“%(text)s” is no amount like 5000.00 EUR.") % names)
    return found


def with_times(flow: Flow, months: str, minutes: str) -> Flow:
    """The flow with another backfill window and cadence."""
    back = whole(months, 1, MONTHS_MAX)
    every = timedelta(minutes=whole(minutes, MINUTES_MIN, MINUTES_MAX))
    # A window that reads the same in months stays as it is, to the second.
    backfill = flow.backfill if back == months_of(flow.backfill) else back * MONTH
    return replace(flow, backfill=backfill, every=every)


def months_of(window: timedelta) -> int:
    """A window in whole months, at least one."""
    return max(1, round(window / MONTH))


def with_e_invoice(flow: Flow, typed: Mapping[str, str]) -> Flow:
    """The flow with the e-invoice switched on for a buyer, or off."""
    if typed["embed"] != "yes":
        return replace(flow, e_invoice=None)
    name = " ".join(typed["buyer_name"].split())
    if not 0 < len(name) <= NAME_MAX:
        raise ValueError(_("An e-invoice needs the name of your company as the buyer."))
    country = typed["buyer_country"].strip().upper()
    if not (len(country) == 2 and country.isalpha() and country in Locale("en").territories):
        names = {"text": typed["buyer_country"][:20]}
        raise ValueError(_("“%(text)s” is no country code of two letters like FR.") % names)
    return replace(flow, e_invoice=EInvoiceBuyer(name, country))
