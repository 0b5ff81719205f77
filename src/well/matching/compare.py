"""Comparison of one feature at a time: which level do two values reach.

Invariant: a missing value gives the level "missing"; a closer value never gives a worse level.
Levels are words; what a level is worth stands in the weight tables.
"""

from collections.abc import Collection
from datetime import date
from functools import lru_cache

from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice
from well.domain.money import Money
from well.matching.names import RARE, Name, acronym, core_likeness, form_relation, numbers_differ
from well.matching.names import word_weight as weight_of
from well.matching.references import in_text, one_slip, reference

NAME_ORDER = (
    "equal",
    "equal, other legal form",
    "nearly equal",
    "part of it",
    "similar",
    "initials",
    "common words only",
    "other numbers",
    "nothing shared",
)
NEARLY = 0.92
SIMILAR = 0.80
CENTS = 2


def best_name_level(
    ours: Collection[Name], theirs: Collection[Name]
) -> tuple[str, Name | None, Name | None]:
    """The best level any two of the names reach, and which two."""
    best: tuple[int, Name | None, Name | None] = (len(NAME_ORDER), None, None)
    for a in ours:
        for b in theirs:
            place = NAME_ORDER.index(name_level(a, b))
            if place < best[0]:
                best = (place, a, b)
            if place == 0:
                return NAME_ORDER[0], a, b
    level = NAME_ORDER[best[0]] if best[1] is not None else "missing"
    return level, best[1], best[2]


@lru_cache(maxsize=131_072)
def name_level(a: Name, b: Name) -> str:
    """How two names compare; symmetric."""
    alike = core_likeness(a, b)
    if alike >= 0.98:
        other = form_relation(a, b) == "other"
        return "equal, other legal form" if other else "equal"
    if numbers_differ(a, b):
        return "other numbers" if alike >= SIMILAR else _distant(a, b)
    if alike >= NEARLY:
        return "nearly equal"
    if _part(a, b):
        return "part of it"
    return "similar" if alike >= SIMILAR else _distant(a, b)


def _part(a: Name, b: Name) -> bool:
    """All words of one are in the other, a telling one among them."""
    short, long = (a, b) if len(a.words) <= len(b.words) else (b, a)
    inside = set(short.words) <= set(long.words)
    return inside and any(weight_of(w) >= RARE and not w.isdigit() for w in short.words)


def _distant(a: Name, b: Name) -> str:
    if acronym(a, b):
        return "initials"
    shared = set(a.words) & set(b.words)
    return "common words only" if shared else "nothing shared"


def set_level(ours: Collection[str], theirs: Collection[str]) -> str:
    """Equal when any value is in both, different when both are known and none is."""
    if not ours or not theirs:
        return "missing"
    return "equal" if set(ours) & set(theirs) else "different"


def number_level(
    ours: Collection[str], theirs: Collection[str], sirens: Collection[str], known: Collection[str]
) -> str:
    """VAT numbers, with the SIREN inside them as the weaker agreement."""
    if set(ours) & set(theirs):
        return "equal"
    if set(sirens) & set(known):
        return "same legal person"
    both = (ours and theirs) or (sirens and known)
    return "different" if both else "missing"


def reference_level(ours: str | None, theirs: str | None, file_name: str = "") -> str:
    """How two invoice numbers compare; the file name speaks where the number was not read."""
    a, b = reference(ours), reference(theirs)
    if a is None or b is None:
        found = a is not None and b is None and in_text(a, file_name)
        return "in the file name" if found else "missing"
    if a.plain == b.plain:
        return "equal"
    if a.folded == b.folded and len(a.plain) >= 4:
        return "equal but for look-alikes"
    if a.digits and b.digits and a.shape != b.shape and (a.digits == b.digits or a.core == b.core):
        return "same digits"
    if a.shape == b.shape:
        return "another of the same series"
    return "one slip" if one_slip(a.plain, b.plain) else "different"


def amount_level(invoice: Invoice, entry: TargetEntry) -> str:
    """How the totals compare, in minor units; the sign is looked at first."""
    ours, theirs = invoice.gross_total, entry.gross_total
    if _signs_clash(invoice, entry):
        return "opposite sign"
    if ours is None or theirs is None:
        return "missing"
    if ours.currency != theirs.currency:
        return "other currency"
    gap = abs(abs(ours.minor) - abs(theirs.minor))
    if gap <= CENTS:
        return "cents apart" if gap else "equal"
    share = gap / max(abs(ours.minor), 1)
    near = next((word for limit, word in _AMOUNT_STEPS if share <= limit), "far")
    return "without VAT" if near != "within 1 %" and _net_of(invoice, entry, theirs) else near


_AMOUNT_STEPS = ((0.01, "within 1 %"), (0.05, "within 5 %"))


def _signs_clash(invoice: Invoice, entry: TargetEntry) -> bool:
    ours = invoice.credit_note
    if entry.gross_total is None and not entry.credit_note:
        return False
    theirs = entry.credit_note or (entry.gross_total is not None and entry.gross_total.minor < 0)
    return ours != theirs


def _net_of(invoice: Invoice, entry: TargetEntry, theirs: Money) -> bool:
    """One side holds the other's net total, as stated and to the cent, never by a guessed rate."""
    net = invoice.net_total
    if net is not None and net.currency == theirs.currency and abs(net.minor) == abs(theirs.minor):
        return True
    ours, tax = invoice.gross_total, entry.tax_total
    if ours is None or tax is None or tax.currency != theirs.currency or tax.minor == 0:
        return False
    return abs(theirs.minor) - abs(tax.minor) == abs(ours.minor)


_DATE_STEPS = (
    (0, "same day"),
    (3, "1-3 days"),
    (10, "4-10 days"),
    (20, "11-20 days"),
    (45, "21-45 days"),
    (100, "46-100 days"),
)


def date_level(ours: date | None, theirs: date | None) -> str:
    """How far two dates are apart, in calendar days, whichever comes first."""
    if ours is None or theirs is None:
        return "missing"
    gap = abs((ours - theirs).days)
    return next((word for limit, word in _DATE_STEPS if gap <= limit), "over 100 days")
