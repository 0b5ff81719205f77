"""Names of legal persons: core words, legal form, and how alike two names are.

Invariant: the score is symmetric, in [0, 1], and 1.0 only for equal cores; it needs no corpus,
because common words are listed as data. It is a likeness and not a probability.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from well.matching.text import fold
from well.matching.words import FORM_ALIASES, FORM_CLASSES, NUMBER_WORDS, SAME_WORD, WORDS

_LONGEST_ALIAS = max(map(len, FORM_ALIASES))
_STOP = frozenset(WORDS["stop"])
_WEIGHTS: dict[str, float] = (
    dict.fromkeys(WORDS["place"], 0.5)
    | dict.fromkeys(WORDS["common"], 0.45)
    | dict.fromkeys(WORDS["very_common"], 0.25)
)
RARE = 0.6
"""From this weight on a word is telling by itself."""


@dataclass(frozen=True, slots=True)
class Name:
    """`words` the core in order, `form` the legal form's code or None, `core` the words joined."""

    words: tuple[str, ...]
    form: str | None
    core: str
    compact: str

    @property
    def rare(self) -> tuple[str, ...]:
        """The telling words, longest first."""
        telling = {w for w in self.words if word_weight(w) >= RARE and not w.isdigit()}
        return tuple(sorted(telling, key=lambda w: (-len(w), w)))


@lru_cache(maxsize=4096)
def word_weight(word: str) -> float:
    """How telling a word is, in (0, 1]: listed common words and short ones say little."""
    if len(word) == 1 and not word.isdigit():
        return 0.3
    return _WEIGHTS.get(word, 0.6 if len(word) == 2 else 1.0)


@lru_cache(maxsize=65_536)
def parse(text: str) -> Name:
    """Split a name; one that is nothing but a form or stop words keeps its words."""
    words = fold(text).split()
    core, form = _without_form(words)
    telling = [w for w in core if w not in _STOP] or core
    plain = _numbers([SAME_WORD.get(w, w) for w in telling])
    return Name(tuple(plain), form, " ".join(plain), "".join(plain))


def _without_form(words: list[str]) -> tuple[list[str], str | None]:
    """Take the legal forms off both ends, the longest spelling first; the telling one counts.

    "Corporation" and "Company" are part of many names, so any other form outranks them.
    """
    found: list[str] = []
    left = words
    while size := _form_at(left, end=True):
        found.append(FORM_ALIASES[tuple(left[-size:])])
        left = left[:-size]
    while size := _form_at(left, end=False):
        found.append(FORM_ALIASES[tuple(left[:size])])
        left = left[size:]
    telling = [form for form in found if FORM_CLASSES[form] != "corporation"] or found
    return left, telling[0] if telling else None


def _form_at(words: list[str], end: bool) -> int:
    for size in range(min(_LONGEST_ALIAS, len(words) - 1), 0, -1):
        part = tuple(words[-size:] if end else words[:size])
        # Two letters in front are rather initials ("AS Conseil") than a form.
        if part in FORM_ALIASES and (end or len("".join(part)) > 2):
            return size
    return 0


def _numbers(words: list[str]) -> list[str]:
    """`forty four` becomes `44`, `three` becomes `3`."""
    out: list[str] = []
    for word in words:
        digit = NUMBER_WORDS.get(word, word)
        tens = bool(out) and out[-1] in _TENS and len(digit) == 1 and digit.isdigit()
        if tens:
            out[-1] = str(int(out[-1]) + int(digit))
        else:
            out.append(digit)
    return out


_TENS = frozenset(str(tens) for tens in range(20, 100, 10))


def form_relation(a: Name, b: Name) -> str:
    """same (also when neither has one), kin (of the same kind elsewhere), other, or missing."""
    if a.form == b.form:
        return "same"
    if a.form is None or b.form is None:
        return "missing"
    return "kin" if FORM_CLASSES[a.form] == FORM_CLASSES[b.form] else "other"


def numbers_differ(a: Name, b: Name) -> bool:
    """Whether both carry numbers and not the same: "Site 2" is not "Site 3"."""
    in_a = {w for w in a.words if w.isdigit()}
    in_b = {w for w in b.words if w.isdigit()}
    return bool(in_a and in_b) and in_a != in_b


def acronym(a: Name, b: Name) -> bool:
    """Whether one is written with the initials of the other's three or more words."""
    short, long = (a, b) if len(a.compact) <= len(b.compact) else (b, a)
    initials = "".join(w[0] for w in long.words)
    return len(long.words) >= 3 and short.compact == initials


FORM_COST = {"same": 0.0, "missing": 0.01, "kin": 0.02, "other": 0.2}


def likeness(a: Name, b: Name) -> float:
    """How alike two names are as legal persons: cores first, then the legal forms."""
    return max(0.0, core_likeness(a, b) - FORM_COST[form_relation(a, b)])


@lru_cache(maxsize=131_072)
def core_likeness(a: Name, b: Name) -> float:
    """Weighted soft alignment of the core words, with the listed weights."""
    return align(a, b, word_weight)


def align(a: Name, b: Name, weight: Callable[[str], float]) -> float:
    """Share of the words' weight that finds its like, minus what both hold against each other."""
    if a.core == b.core:
        return 1.0
    if a.compact == b.compact or _glued(a, b):
        return 0.98
    if a.core > b.core:
        a, b = b, a
    pairs, rest_a, rest_b = _pair_words(a.words, b.words)
    common = sum(like * (weight(x) + weight(y)) for x, y, like in pairs)
    alone_a, alone_b = sum(map(weight, rest_a)), sum(map(weight, rest_b))
    whole = sum(map(weight, a.words)) + sum(map(weight, b.words))
    share = (common - min(alone_a, alone_b)) / whole
    joined = OSA.normalized_similarity(a.compact, b.compact, score_cutoff=0.85)
    return max(0.0, min(0.97, max(share, joined * 0.97 - 0.02)))


def _glued(a: Name, b: Name) -> bool:
    """`SiemensAG` against `Siemens AG`: the form is stuck to the name."""
    return (a.form is not None and a.compact + a.form == b.compact) or (
        b.form is not None and b.compact + b.form == a.compact
    )


def _pair_words(
    a: tuple[str, ...], b: tuple[str, ...]
) -> tuple[list[tuple[str, str, float]], list[str], list[str]]:
    """Each word with its best free like, equal words first; then what is left of both."""
    left_b = list(b)
    rest_a: list[str] = []
    pairs: list[tuple[str, str, float]] = []
    for word in a:
        if word in left_b:
            left_b.remove(word)
            pairs.append((word, word, 1.0))
        else:
            rest_a.append(word)
    found = sorted(
        ((word_likeness(x, y), i, j) for i, x in enumerate(rest_a) for j, y in enumerate(left_b)),
        key=lambda hit: (-hit[0], hit[1], hit[2]),
    )
    used_a: set[int] = set()
    used_b: set[int] = set()
    for like, i, j in found:
        if like > 0 and i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)
            pairs.append((rest_a[i], left_b[j], like))
    return (
        pairs,
        [w for i, w in enumerate(rest_a) if i not in used_a],
        [w for j, w in enumerate(left_b) if j not in used_b],
    )


@lru_cache(maxsize=131_072)
def word_likeness(a: str, b: str) -> float:
    """1 for equal words, less by typing slips, abbreviation or initial; 0 when unlike."""
    if a.isdigit() or b.isdigit():
        return 0.0
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    if len(short) == 1:
        return 0.4 if long[0] == short else 0.0
    slips = OSA.distance(a, b, score_cutoff=3)
    if slips <= _slips_allowed(len(long)):
        return 1.0 - slips / len(long)
    if len(short) >= 3 and long.startswith(short):
        return 0.75
    return 0.0


def _slips_allowed(length: int) -> int:
    if length < 4:
        return 0
    return 1 if length < 8 else 2
