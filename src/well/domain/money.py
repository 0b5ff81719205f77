"""An amount of money: integer minor units and its ISO 4217 currency; and what one is worth.

Invariant: an amount is exact and never travels without its currency. It converts only by a rate
that a source told, loses no digit by it, and never touches a float.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from typing import Self

# ISO 4217 exponents that differ from two digits (the list one, 2024-06-25).
_NO_DECIMALS = frozenset(["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"]) | {
    "RWF",
    "UGX",
    "UYI",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
}
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
AMOUNT_DIGITS_MAX = 15


def minor_digits(currency: str) -> int:
    """Number of decimal digits of `currency` (2 unless ISO 4217 says otherwise)."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`minor` integer minor units (cents for EUR) of `currency` (three capital letters)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        assert isinstance(self.minor, int), "minor units are integers"
        assert len(self.currency) == 3 and self.currency.isupper(), "ISO 4217 code"

    @classmethod
    def of(cls, amount: Decimal | str, currency: str) -> Self:
        """Parse a decimal amount; ValueError when it is no finite number or too precise."""
        code = currency.strip().upper()
        if len(code) != 3 or not code.isascii() or not code.isalpha():
            raise ValueError(f"{currency!r} is not an ISO 4217 currency code")
        try:
            value = Decimal(amount)
        except InvalidOperation:
            raise ValueError(f"{amount!r} is not an amount") from None
        if not value.is_finite() or abs(value) >= Decimal(10) ** AMOUNT_DIGITS_MAX:
            raise ValueError(f"{amount!r} is not a usable amount")
        scaled = value.scaleb(minor_digits(code))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{amount} has more decimals than {code} allows")
        return cls(int(scaled), code)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with exactly the currency's number of decimals."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"


_EXACT = Context(prec=60)
"""Digits enough for the product of an amount and a rate, so that none is rounded away."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What a total is worth in the currency of the source's books.

    `amount` in major units with every digit: as the source told it (`told`), else the total times
    the rate. `currency` is "" where the source does not name that of its books. `rate` is units of
    it for one unit of the total's currency, `on` the day the rate is of.
    """

    amount: Decimal
    currency: str
    rate: Decimal | None
    on: date | None
    told: bool = False


def converted(
    total: Money, home: str, rate: Decimal | None, on: date | None, told: Decimal | None = None
) -> Converted | None:
    """`total` in the currency `home` of the books ("" where it is not known); None where it is in
    that currency already, or where neither a rate nor an amount was told that is usable."""
    usable = rate is not None and rate.is_finite() and rate > 0
    if total.currency == home or (not home and usable and rate == 1 and told is None):
        return None
    if told is not None and told.is_finite():
        return Converted(told, home, rate if usable else None, on, told=True)
    if rate is None or not usable:
        return None
    return Converted(_EXACT.multiply(total.decimal, rate), home, rate, on)
