"""How values are printed: dates, amounts, account numbers, VAT ids.

Invariant: the printed form is one that companies of the language use; no information is lost
but the century of a short year.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre"
    " dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
_DATES = {
    "fr": (
        "{d:02}/{m:02}/{y}",
        "{d} {name} {y}",
        "{d:02}/{m:02}/{s:02}",
        "{d:02}-{m:02}-{y}",
        "{d:02}.{m:02}.{y}",
    ),
    "de": (
        "{d:02}.{m:02}.{y}",
        "{d}. {name} {y}",
        "{d:02}.{m:02}.{s:02}",
        "{y}-{m:02}-{d:02}",
        "{d}.{m}.{y}",
    ),
    "en": (
        "{d} {name} {y}",
        "{d:02}/{m:02}/{y}",
        "{d:02}-{short}-{y}",
        "{d}{th} {name} {y}",
        "{y}-{m:02}-{d:02}",
        "{d:02} {short} {y}",
    ),
    "us": ("{m:02}/{d:02}/{y}", "{name} {d}, {y}", "{short} {d}, {y}", "{m}/{d}/{y}"),
    "es": (
        "{d:02}/{m:02}/{y}",
        "{d} de {name} de {y}",
        "{d:02}-{m:02}-{y}",
        "{d:02}/{m:02}/{s:02}",
    ),
    "it": ("{d:02}/{m:02}/{y}", "{d} {name} {y}", "{d:02}-{m:02}-{y}", "{d:02}.{m:02}.{y}"),
    "nl": ("{d:02}-{m:02}-{y}", "{d} {name} {y}", "{d:02}/{m:02}/{y}", "{d:02}.{m:02}.{y}"),
}
_MARKS = {
    "fr": ((" ", ","), ("\u00a0", ","), (".", ","), ("", ",")),
    "de": ((".", ","), (".", ","), ("", ",")),
    "en": ((",", "."), (",", "."), ("", ".")),
    "es": ((".", ","), (".", ","), ("", ",")),
    "it": ((".", ","), (".", ","), ("", ",")),
    "nl": ((".", ","), (".", ","), ("", ",")),
}
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


@dataclass(frozen=True, slots=True)
class Format:
    """The forms that one supplier uses."""

    language: str
    date_form: str
    thousands: str
    decimals: str
    sign: str
    before: bool
    blank: bool
    iban_blanks: bool

    def date(self, day: date) -> str:
        """A date."""
        name = _MONTHS[self.language].split()[day.month - 1]
        ending = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day // 10 != 1 else 0, "th")
        return self.date_form.format(
            d=day.day,
            m=day.month,
            y=day.year,
            s=day.year % 100,
            name=name,
            short=name[:3],
            th=ending,
        )

    def plain(self, cents: int) -> str:
        """An amount without its currency."""
        whole = f"{abs(cents) // 100:,}".replace(",", self.thousands)
        return f"{'-' if cents < 0 else ''}{whole}{self.decimals}{abs(cents) % 100:02}"

    def money(self, cents: int) -> str:
        """An amount with its currency, when this supplier prints one."""
        gap = " " if self.blank and self.sign else ""
        amount = self.plain(cents)
        return f"{self.sign}{gap}{amount}" if self.before else f"{amount}{gap}{self.sign}"

    def rate(self, hundredths: int) -> str:
        """A rate without its percent sign."""
        whole, rest = divmod(hundredths, 100)
        return f"{whole}{self.decimals}{rest:02}".rstrip("0") if rest else str(whole)

    def quantity(self, hundredths: int) -> str:
        """A quantity, without decimals when it is whole."""
        whole, rest = divmod(hundredths, 100)
        return f"{whole}{self.decimals}{rest:02}" if rest else str(whole)

    def vat_id(self, vat_id: str) -> str:
        """A VAT id; Spanish and Italian ones often stand without their country."""
        bare = vat_id[:2] in ("ES", "IT") and not self.iban_blanks
        return vat_id[2:] if bare else vat_id

    def iban(self, iban: str) -> str:
        """An account number, in groups of four or not."""
        groups = [iban[at : at + 4] for at in range(0, len(iban), 4)]
        return " ".join(groups) if self.iban_blanks else iban


def format_of(rng: Random, language: str, country: str, currency: str, signed: bool) -> Format:
    """A supplier's forms; `signed` when it prints a currency beside its amounts."""
    thousands, decimals = rng.choice(_MARKS[language])
    english = language in ("en", "nl")
    code = rng.random() < 0.3
    sign = currency if code else _SIGNS[currency]
    before = (english and not code) or (not english and rng.random() < 0.1)
    forms = _DATES["us" if country == "US" else language]
    return Format(
        language,
        rng.choice(forms),
        thousands,
        decimals,
        sign if signed else "",
        before,
        code or (rng.random() < 0.7 and not (before and language == "en")),
        rng.random() < 0.7,
    )
