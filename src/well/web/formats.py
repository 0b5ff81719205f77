"""Amounts, dates, times and shares as people read them, in the language of the request.

Invariant: the only place where a value becomes text of a locale; an amount never appears without
its currency, a time never without its zone. It parses nothing.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from django.utils import translation
from django.utils.translation import gettext as _

from well.domain.money import Converted, Money, minor_digits

_LOCALES = {"en": "en_GB", "fr": "fr_FR"}
NOTHING = "–"


def locale() -> str:
    """The Babel locale of the active language; English where there is none."""
    return _LOCALES.get((translation.get_language() or "en")[:2], "en_GB")


def money(amount: Money | None) -> str:
    """`€1,284.00`; currencies keep the digits ISO 4217 gives them."""
    if amount is None:
        return NOTHING
    digits = minor_digits(amount.currency)
    figure = "#,##0" + ("." + "0" * digits if digits else "")
    if not locale().startswith("en"):
        pattern = f"{figure}\u00a0¤"
    else:  # a sign made of letters needs a space, as in "PLN 1,284.00"
        letters = get_currency_symbol(amount.currency, locale=locale())[-1].isalpha()
        pattern = f"¤\u00a0{figure}" if letters else f"¤{figure}"
    return format_currency(
        amount.decimal, amount.currency, pattern, locale=locale(), currency_digits=False
    )


def minor(amount: int | None, currency: str | None) -> str:
    """An amount as stored in a row: minor units and a code."""
    return NOTHING if amount is None or not currency else money(Money(amount, currency))


def exact(value: Decimal) -> str:
    """A number with every digit it has, two decimals at the least."""
    return format_decimal(value, "#,##0.00", locale=locale(), decimal_quantization=False)


def converted(worth: Converted | None, currency: str | None) -> str | None:
    """What a total is worth in the books, with the rate and its day; None where it is not told."""
    if worth is None:
        return None
    amount = exact(worth.amount)
    told = f"{amount} {worth.currency}" if worth.currency else _("%s, books' currency") % amount
    if worth.rate is None:
        return told
    names = {"amount": told, "rate": exact(worth.rate), "unit": currency or "1"}
    names["day"] = day(worth.on)
    return _("%(amount)s, at %(rate)s for 1 %(unit)s on %(day)s") % names


def number(value: int | Decimal) -> str:
    """A count or plain number with grouping."""
    return format_decimal(value, locale=locale())


def day(value: date | None) -> str:
    """`22 Apr 2026`."""
    return NOTHING if value is None else format_date(value, "d MMM yyyy", locale=locale())


def moment(value: datetime | None) -> str:
    """`22 Apr 2026, 14:05 UTC`; the time is shown in UTC and says so."""
    if value is None:
        return NOTHING
    return format_datetime(value.astimezone(UTC), "d MMM yyyy, HH:mm 'UTC'", locale=locale())


def share(value: float | None) -> str:
    """A probability as whole percent, rounded down: 0.847 is 84 %, below a limit of 85 %."""
    if value is None:
        return NOTHING
    percent = int(value * 100 + 1e-9)
    return format_percent(Decimal(percent) / 100, "#,##0 %", locale=locale())


def span(value: timedelta) -> str:
    """`60 minutes`, `3 years`: the largest unit that fits."""
    return format_timedelta(value, threshold=1.9, locale=locale())


def size(count: int) -> str:
    """A file size in kB or MB (powers of ten)."""
    if count >= 1_000_000:
        return f"{format_decimal(Decimal(count) / 1_000_000, '#,##0.0', locale=locale())} MB"
    return f"{format_decimal(Decimal(max(count, 1)) / 1000, '#,##0.0', locale=locale())} kB"
