"""Weighted soft alignment of the words of two names.

Invariant: symmetric, in [0, 1], 1.0 for equal cores only; one equal word more in both never
lowers it. It is a likeness and not a probability.
"""

from rapidfuzz.distance import OSA

from well.matching.names.parsing import Name
from well.matching.names.relations import form_relation, numbers_differ
from well.matching.names.wordlike import word_likeness

MOST = 0.97
"""The most that names of different letters reach."""
GLUED = 0.98
"""Names of the same letters, otherwise parted."""
CONFLICT, EXTRA = 2.0, 0.35
"""What a word against a word costs, and a word that one side has more, in shares of its weight."""
UNKNOWN = 0.02
"""What any two names are taken to share before a word is looked at, so that of two names sharing
nothing the longer ones are the less alike."""
TYPED = 0.95
"""What names have left before their slips are counted."""
INITIALS = 0.8
"""How alike an acronym and the words it stands for are."""
FORM_COST = {"same": 0.0, "missing": 0.01, "kin": 0.02, "other": 0.2}
OTHER_NUMBERS = 0.2
TINY, SHORT, LETTERS_A_SLIP = 5, 12, 15
"""A name below the first length has no slip of the keyboard, one below the second a single one,
a long one a slip in so many letters, and any other two."""

Words = list[tuple[str, float]]


def likeness(a: Name, b: Name) -> float:
    """How alike two names are as legal persons: cores first, then the legal forms."""
    return max(0.0, core_likeness(a, b) - FORM_COST[form_relation(a, b)])


def core_likeness(a: Name, b: Name) -> float:
    """How alike the words of two names are; "Site 2" is less like "Site 3" than its words say."""
    return max(0.0, alignment(a, b) - (OTHER_NUMBERS if numbers_differ(a, b) else 0.0))


def alignment(a: Name, b: Name) -> float:
    """Share of the words' weight that finds its like, or the letters' when a few slips differ."""
    if a.core == b.core:
        return 1.0
    if a.compact == b.compact or glued(a, b):
        return GLUED
    common, alone_a, alone_b = _aligned(a, b)
    less, more = (alone_a, alone_b) if alone_a < alone_b else (alone_b, alone_a)
    cost = CONFLICT * less + EXTRA * (more - less)
    share = (common + UNKNOWN) / (common + UNKNOWN + cost)
    return min(MOST, max(share, _typed(a.compact, b.compact)))


def glued(a: Name, b: Name) -> bool:
    """`SiemensAG` against `Siemens AG`: the form is stuck to the name."""
    return (a.form is not None and a.compact + a.form == b.compact) or (
        b.form is not None and b.compact + b.form == a.compact
    )


def _typed(a: str, b: str) -> float:
    """Likeness of the letters alone when a few slips explain the whole difference."""
    longest = max(len(a), len(b))
    if longest < TINY:
        return 0.0
    slips = 1 if longest < SHORT else max(2, longest // LETTERS_A_SLIP)
    distance = OSA.distance(a, b, score_cutoff=slips)
    return TYPED - distance / longest if distance <= slips else 0.0


def _aligned(a: Name, b: Name) -> tuple[float, float, float]:
    """Weight of what agrees, and of what either side has alone; equal words first."""
    if a.words > b.words:
        a, b = b, a
    rest_b: Words = list(zip(b.words, b.weights, strict=True))
    rest_a: Words = []
    common = 0.0
    for word in zip(a.words, a.weights, strict=True):
        if word in rest_b:
            rest_b.remove(word)
            common += word[1]
        else:
            rest_a.append(word)
    if not rest_a or not rest_b:
        return common, _weight(rest_a), _weight(rest_b)
    if (weight := _initials(rest_a, rest_b)) is not None:
        common, alone_a, alone_b = _spelt_out(common, weight, _weight(rest_b))
        return common, alone_a, alone_b
    if (weight := _initials(rest_b, rest_a)) is not None:
        common, alone_b, alone_a = _spelt_out(common, weight, _weight(rest_a))
        return common, alone_a, alone_b
    return _soft(rest_a, rest_b, common)


def _weight(words: Words) -> float:
    return sum([weight for _, weight in words])


def _initials(words: Words, others: Words) -> float | None:
    """The weight of that other word which is spelt with the initials of all the words."""
    if len(words) < 3:
        return None
    short = "".join([word[0] for word, _ in words])
    return next((weight for word, weight in others if word == short), None)


def _spelt_out(common: float, weight: float, others: float) -> tuple[float, float, float]:
    """An acronym counts as one word, whatever it stands for; then what both have alone."""
    unlike = (1 - INITIALS) * weight / 2
    return common + INITIALS * weight, unlike, others - weight + unlike


def _soft(rest_a: Words, rest_b: Words, common: float) -> tuple[float, float, float]:
    """The words left over, each with its best free like; what is unlike in it stays alone."""
    # Words that differ at both ends are never alike; most pairs end here, before any call.
    found = [
        (-like, i, j)
        for i, (x, _) in enumerate(rest_a)
        for j, (y, _) in enumerate(rest_b)
        if (x[0] == y[0] or x[-1] == y[-1]) and (like := word_likeness(x, y))
    ]
    found.sort()
    alone_a, alone_b = [w for _, w in rest_a], [w for _, w in rest_b]
    free_a, free_b = set(range(len(rest_a))), set(range(len(rest_b)))
    for unlike, i, j in found:
        if i in free_a and j in free_b:
            free_a.remove(i)
            free_b.remove(j)
            weight = (alone_a[i] + alone_b[j]) / 2
            common -= unlike * weight
            alone_a[i] = alone_b[j] = (1 + unlike) * weight / 2
    return common, sum(alone_a), sum(alone_b)
