"""The merchant inside a card statement's line: "PAYPAL *ADOBE", "AMZN Mktp US*2K4AB1".

Invariant: text without a star comes back as it is, and something of the text always remains.
"""

from well.matching.text import fold
from well.matching.words import WORDS

_PROCESSORS = frozenset(WORDS["processors"])


def merchant(text: str) -> str:
    """What stands behind a payment processor's star; before any other star when digits follow."""
    head, star, tail = text.partition("*")
    if not star or not (first := fold(head)):
        return text
    if first in _PROCESSORS and any(c.isalpha() for c in tail):
        return tail
    return head if any(c.isdigit() for c in tail) else text
