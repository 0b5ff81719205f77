"""Repeatable chance: every draw comes from a stream named by its purpose.

Invariant: the same names give the same stream on every machine and in any order of calls, so one
file or one bill can be made again alone. Not for secrets.
"""

from hashlib import blake2b
from random import Random


def number(*names: object) -> int:
    """A 64-bit number fixed by `names`."""
    text = "\x1f".join(str(name) for name in names)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def stream(*names: object) -> Random:
    """A random stream fixed by `names`."""
    return Random(number(*names))


def digits(chance: Random, count: int) -> str:
    """`count` decimal digits; the first is never zero."""
    return str(chance.randrange(10 ** (count - 1), 10**count))
