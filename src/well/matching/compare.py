"""Comparison of candidate pairs, one feature at a time: which level do two values reach.

Invariant: a missing value gives "missing"; a level depends on the two rows and the document's
other candidates alone, so a document compared by itself and in a million reaches the same. What
a level is worth stands elsewhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from well.matching.columns import NO_AMOUNT, NO_DAY, Book, Columns, Marks
from well.matching.habits import Habits
from well.matching.levels import among, level
from well.matching.registers import one_register
from well.matching.text_levels import address_levels, memo_levels, name_levels_of
from well.matching.vat import net_of
from well.matching.vocabulary import ABSENT, Coded, Ints, distinct, shared, threads

Levels = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

_SURE = 5
"""A number in a text shorter than this proves nothing."""
_CENTS = 2
_DUE = 3
"""Days around the due date that count as on it."""
_SOON = 1
"""Days after the source row that say more than the due date does."""


@dataclass(frozen=True, slots=True)
class Worth:
    """By source row: minor units of a `currency` (a number of the book) at a rate that the source
    told; NO_AMOUNT where it told none."""

    minor: Ints
    currency: Ints


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides with what they share; `forms` are of `book` as it is now. `taken` holds pairs
    (source row << 32 | target row) whose target row another record owns; `habits` knows the
    suppliers' usual lags; `worth` what source rows are worth in another currency than their own."""

    book: Book
    forms: Marks
    source: Columns
    target: Columns
    taken: Ints
    habits: Habits | None = None
    worth: "Worth | None" = None

    @staticmethod
    def of(book: Book, source: Columns, target: Columns) -> "Sides":
        """Both sides, complete, nothing taken, no habit known."""
        return Sides(book, Marks.of(book), source, target, np.zeros(0, dtype=np.int64))


def compare(sides: Sides, i: Ints, j: Ints) -> Mapping[str, Levels]:
    """Levels of each feature for the pairs (source row i, target row j) of whole documents."""
    levels = {feature: compared(sides, i, j) for feature, compared in _FEATURES.items()}
    return levels | {"amount": _amount(sides, i, j, _unlike(levels))}


_NOTHING = among("name", ["nothing shared"])
_KIN = {
    "tax number": among("tax number", ["equal", "same legal person"]),
    "bank account": among("bank account", ["equal"]),
    "domain": among("domain", ["equal"]),
}
"""Levels at which two suppliers agree by a number."""


def _unlike(levels: Mapping[str, Levels]) -> Bools:
    """Whether the names share nothing and no number tells that it is one supplier after all."""
    unlike = _NOTHING[levels["name"]]
    for feature, kin in _KIN.items():
        unlike &= ~kin[levels[feature]]
    return np.asarray(unlike)


def _pick(feature: str, cases: list[tuple[Bools, str]], size: int) -> Levels:
    """The level of the first case that holds, "missing" where none does."""
    out = np.zeros(size, dtype=np.uint8)
    for holds, word in reversed(cases):
        out[holds] = level(feature, word)
    return out


def _reference(sides: Sides, i: Ints, j: Ints) -> Levels:
    """Own number against own, else any number of one in the texts of the other."""
    a, b = sides.source.reference[i], sides.target.reference[j]
    forms = sides.forms
    both = (a != ABSENT) & (b != ABSENT)
    same = both & (forms.plain[a] == forms.plain[b])
    size = np.minimum(forms.size[a], forms.size[b])
    series = both & (forms.shape[a] == forms.shape[b])
    folded = both & (forms.folded[a] == forms.folded[b]) & (size >= 4)
    digits = both & ~series & (_equal(forms.digits, a, b) | _equal(forms.core, a, b))
    rest = ~((same & (size >= 4)) | folded)
    named, slip = rest.copy(), rest & both
    named[rest] = _named(sides, i[rest], j[rest])
    slip[slip] = _one_slip(forms, a[slip], b[slip])
    cases = [
        (same & (size >= 6), "equal"),
        (same & (size >= 4), "equal, 4 or 5 signs"),
        (folded, "equal but for look-alikes"),
        (named, "in the text"),
        (digits, "same digits"),
        (same, "equal, short"),
        (slip, "one slip"),
        (series, "another of the same series"),
        (both, "different"),
    ]
    return _pick("reference", cases, len(i))


def _equal(form: Ints, a: Ints, b: Ints) -> Bools:
    return np.asarray((form[a] != ABSENT) & (form[a] == form[b]))


def _named(sides: Sides, i: Ints, j: Ints) -> Bools:
    place, value = shared(sides.source.carried, i, sides.target.carried, j)
    found = np.zeros(len(i), dtype=np.bool_)
    found[place[sides.forms.size[value] >= _SURE]] = True
    return found


def _one_slip(forms: Marks, a: Ints, b: Ints) -> Bools:
    """One typed or lost sign at six signs or more.

    A replaced sign is no slip: the next number of a series differs by exactly that.
    """
    size_a, size_b = forms.size[a], forms.size[b]
    near = (np.abs(size_a - size_b) == 1) & (np.minimum(size_a, size_b) >= 6)
    out = np.zeros(len(a), dtype=np.bool_)
    if near.any():
        texts = forms.texts.some(a[near]), forms.texts.some(b[near])
        out[near] = (
            cpdist(*texts, scorer=Indel.distance, score_cutoff=1, workers=threads(len(texts[0])))
            == 1
        )
    return out


_GAPS = ((1, "within 1 %"), (3, "within 3 %"), (6, "within 6 %"), (12, "within 12 %"))
"""Per cent of the source row's total, so that of two target rows the nearer one is never
said to be farther."""


def _amount(sides: Sides, i: Ints, j: Ints, unlike: Bools) -> Levels:
    """Totals in minor units; the sign and the currency come first.

    `unlike` marks pairs whose suppliers are known and agree in nothing: an equal total says less
    there, since by far the most totals that agree by chance are of somebody else.
    """
    s, t = sides.source, sides.target
    a, b = s.amount[i], t.amount[j]
    both = (a != NO_AMOUNT) & (b != NO_AMOUNT)
    clash = (s.credit[i] != t.credit[j]) | (both & (np.sign(a) * np.sign(b) < 0))
    a, b = np.abs(np.where(both, a, 1)), np.abs(np.where(both, b, 1))
    money = s.currency[i], t.currency[j]
    foreign = (money[0] != money[1]) & (money[0] != ABSENT) & (money[1] != ABSENT)
    gap = np.abs(a - b)
    country = np.where(s.country[i] != ABSENT, s.country[i], t.country[j])
    stated = both & _stated_net(s, t, i, j)
    near = [(both & (gap * 100 <= a * most), word) for most, word in _GAPS]
    fits = both & (gap <= _CENTS) & ~clash & ~foreign
    alike = _sharing(t.names, i, j, fits)
    equal = fits & (gap == 0)
    cases = [
        (clash, "opposite sign"),
        (both & foreign & _worth_it(sides.worth, t, i, j), "the same at the rate told"),
        (both & foreign, "other currency"),
        (fits & unlike, "equal, unlike supplier"),
        *((equal & (alike <= most), word) for most, word in _CROWDS),
        (equal, "equal, one of many"),
        (fits & (alike <= 1), "cents apart"),
        (fits, "cents apart, one of several"),
        near[0],
        (stated | (both & net_of(sides.book, b, a, country)), "net of VAT"),
        (both & net_of(sides.book, a, b, country), "VAT on top"),
        (both & (_times(b, a, 2) | _times(b, a, 3)), "a half or a third"),
        (both & _times(a, b, 2), "twice"),
        *near[1:],
        (both, "far"),
    ]
    return _pick("amount", cases, len(i))


def _worth_it(worth: Worth | None, t: Columns, i: Ints, j: Ints) -> Bools:
    """The total of the target row is what the source row is worth in its currency, to the cent or
    two: whoever converted rounds in another place."""
    if worth is None:
        return np.zeros(len(i), dtype=np.bool_)
    known = (worth.minor[i] != NO_AMOUNT) & (worth.currency[i] == t.currency[j])
    return np.asarray(known & (np.abs(worth.minor[i] - np.abs(t.amount[j])) <= _CENTS))


_CROWDS = ((1, "equal"), (2, "equal, one of 2"), (5, "equal, one of 3 to 5"))


def _sharing(supplier: Coded, i: Ints, j: Ints, fits: Bools) -> Ints:
    """How many candidates of the same document and supplier have the total, to the cent or two."""
    if not fits.any():
        return np.zeros(len(i), dtype=np.int64)
    group = (i << 32) | supplier.rows[j]
    groups, place = distinct(group[fits])
    sharing = np.zeros(len(i), dtype=np.int64)
    sharing[fits] = np.bincount(place, minlength=len(groups))[place]
    return sharing


def _times(part: Ints, whole: Ints, times: int) -> Bools:
    return np.asarray(np.abs(part * times - whole) < times)


def _stated_net(s: Columns, t: Columns, i: Ints, j: Ints) -> Bools:
    """One side holds the net total that the other states."""
    ours, theirs = s.net[i], t.net[j]
    if not ((ours != NO_AMOUNT) | (theirs != NO_AMOUNT)).any():
        return np.zeros(len(i), dtype=np.bool_)
    mine = (ours != NO_AMOUNT) & (np.abs(ours) == np.abs(t.amount[j])) & (ours != s.amount[i])
    yours = (theirs != NO_AMOUNT) & (np.abs(theirs) == np.abs(s.amount[i]))
    return np.asarray(mine | (yours & (theirs != t.amount[j])))


_LAST = "over 95 days after"
_LAGS = (
    (-31, "over 31 days before"),
    (-10, "11-31 days before"),
    (-3, "4-10 days before"),
    (0, "1-3 days before"),
    (1, "same day"),
    (2, "1 day after"),
    (3, "2 days after"),
    (4, "3 days after"),
    (8, "4-7 days after"),
    (14, "8-13 days after"),
    (20, "14-19 days after"),
    (28, "20-27 days after"),
    (35, "28-34 days after"),
    (44, "35-43 days after"),
    (51, "44-50 days after"),
    (59, "51-58 days after"),
    (66, "59-65 days after"),
    (89, "66-88 days after"),
    (96, "89-95 days after"),
)
"""A lag below the first number that is greater reaches the word; the signs are those of
target day minus source day."""
_LAG_LIMITS = np.array([limit for limit, _ in _LAGS])
_LAG_LEVELS = np.array([*(level("date", word) for _, word in _LAGS), level("date", _LAST)])


def _date(sides: Sides, i: Ints, j: Ints) -> Levels:
    """How long after the source row the target row lies."""
    s, t = sides.source, sides.target
    known = (s.day[i] != NO_DAY) & (t.day[j] != NO_DAY)
    lag = t.day[j] - s.day[i]
    due = (s.due[i] != NO_DAY) & (t.day[j] != NO_DAY) & (s.due[i] != s.day[i])
    on_due = due & (np.abs(t.day[j] - s.due[i]) <= _DUE)
    lagging = np.where(known, _LAG_LEVELS[np.searchsorted(_LAG_LIMITS, lag, "right")], 0)
    punctual = on_due & ~(known & (lag >= 0) & (lag <= _SOON))
    return np.where(punctual, level("date", "on the due date"), lagging).astype(np.uint8)


_HABIT_SPAN = (-10, 100)
"""Lags at which a habit is looked at; farther ones are told by their bin."""
_AS_USUAL, _NEAR_USUAL, _AS_BEFORE = 2, 5, 3
"""Days off the usual lag, and off the only ones known."""
_LINKS_MIN = 3
"""Links from which a lag is called usual."""


def habit_levels(sides: Sides, i: Ints, j: Ints) -> Levels:
    """Against the days this supplier's entries usually take, where other links tell them."""
    if sides.habits is None:
        return np.zeros(len(i), dtype=np.uint8)
    day, entry_day = sides.source.day[i], sides.target.day[j]
    lag = entry_day - day
    usual, links = sides.habits.usual(i, j)
    asked = (day != NO_DAY) & (entry_day != NO_DAY)
    asked &= (lag >= _HABIT_SPAN[0]) & (lag <= _HABIT_SPAN[1])
    often, once = asked & (links >= _LINKS_MIN), asked & (links > 0)
    off = np.abs(lag - usual)
    cases = [
        (often & (off <= _AS_USUAL), "as usual"),
        (often & (off <= _NEAR_USUAL), "near the usual day"),
        (often, "unlike usual"),
        (once & (off <= _AS_BEFORE), "as the time before"),
        (once, "unlike the time before"),
    ]
    return _pick("habit", cases, len(i))


def _tax(sides: Sides, i: Ints, j: Ints) -> Levels:
    s, t = sides.source, sides.target
    known, same = _any(s.tax, i, t.tax, j)
    legal, person = _any(s.legal, i, t.legal, j)
    other = (known | legal) & ~(same | person)
    other[other] = one_register(s.texts["tax"], i[other], t.texts["tax"], j[other])
    cases = [(same, "equal"), (person, "same legal person"), (other, "different")]
    return _pick("tax number", cases, len(i))


def _any(a: Coded, at: Ints, b: Coded, other: Ints) -> tuple[Bools, Bools]:
    """Whether both rows have values, and whether they share one."""
    found = np.zeros(len(at), dtype=np.bool_)
    if a.empty or b.empty:
        return found, found
    both = (a.sizes(at) > 0) & (b.sizes(other) > 0)
    place, _ = shared(a, at[both], b, other[both])
    found[np.flatnonzero(both)[place]] = True
    return both, found


def _sets(feature: str, pick: Callable[[Columns], Coded]) -> Callable[[Sides, Ints, Ints], Levels]:
    def compared(sides: Sides, i: Ints, j: Ints) -> Levels:
        both, same = _any(pick(sides.source), i, pick(sides.target), j)
        return _pick(feature, [(same, "equal"), (both, "different")], len(i))

    return compared


def _values(feature: str, pick: Callable[[Columns], Ints]) -> Callable[[Sides, Ints, Ints], Levels]:
    def compared(sides: Sides, i: Ints, j: Ints) -> Levels:
        a, b = pick(sides.source)[i], pick(sides.target)[j]
        both = (a != ABSENT) & (b != ABSENT)
        return _pick(feature, [(both & (a == b), "equal"), (both, "different")], len(i))

    return compared


def _owner(sides: Sides, i: Ints, j: Ints) -> Levels:
    taken = np.isin((i << 32) | j, sides.taken)
    return _pick("owner", [(taken, "taken")], len(i))


_FEATURES: Mapping[str, Callable[[Sides, Ints, Ints], Levels]] = {
    "reference": _reference,
    "date": _date,
    "habit": habit_levels,
    "name": lambda sides, i, j: name_levels_of(sides.book, sides.source, sides.target, i, j),
    "memo": lambda sides, i, j: memo_levels(sides.source, sides.target, i, j),
    "tax number": _tax,
    "bank account": _sets("bank account", lambda side: side.ibans),
    "domain": _sets("domain", lambda side: side.domains),
    "address": lambda sides, i, j: address_levels(sides.source, sides.target, i, j),
    "phone": _values("phone", lambda side: side.phone),
    "country": _values("country", lambda side: side.country),
    "owner": _owner,
}
