"""Names of legal persons: core words, legal form, and how alike two names are.

Invariant: symmetric and without any corpus: common words are listed as data. Likenesses are in
[0, 1]; only `confidence` is a probability. Nothing of any workspace is known here.
"""

from well.matching.names.align import core_likeness, likeness
from well.matching.names.levels import NAME_ORDER, levels_among, name_level, name_levels
from well.matching.names.likely import confidence
from well.matching.names.parsing import Name, named, parse
from well.matching.names.relations import acronym, form_relation, numbers_differ
from well.matching.names.weights import RARE, word_weight

__all__ = [
    "NAME_ORDER",
    "RARE",
    "Name",
    "acronym",
    "confidence",
    "core_likeness",
    "form_relation",
    "levels_among",
    "likeness",
    "name_level",
    "name_levels",
    "named",
    "numbers_differ",
    "parse",
    "word_weight",
]
