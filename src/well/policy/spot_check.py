"""Which automatic decisions a person is asked to look at afterwards.

Invariant: the choice is a function of the posting's id and of what was known when it was decided,
never of what was right; the inclusion probability is kept with it. It judges nothing.
"""

from dataclasses import dataclass
from hashlib import blake2b

SHARE = 0.02
"""Of all automatic decisions."""
WEEKLY = 5
"""Checks a week at least, on average."""
CLOSE = 0.03
"""A confidence this little above the limit is close to it."""
CLOSE_TIMES = 5.0
NEW_TIMES = 3.0


@dataclass(frozen=True, slots=True)
class Chance:
    """`usual` is the inclusion probability of a plain decision that day, `own` of this one."""

    usual: float
    own: float

    @property
    def weight(self) -> float:
        """What a check of it counts against one of a plain decision, in (0, 1]."""
        return self.usual / self.own


def chance(confidence: float, limit: float, new_supplier: bool, weekly: int) -> Chance:
    """How likely the decision is looked at; `weekly` counts those of the last seven days."""
    usual = max(SHARE, WEEKLY / max(weekly, WEEKLY))
    times = (CLOSE_TIMES if confidence - limit < CLOSE else 1.0) * (
        NEW_TIMES if new_supplier else 1.0
    )
    return Chance(usual, min(1.0, usual * times))


def chosen(posting: str, chance: Chance) -> bool:
    """Whether this posting is looked at: the same answer whenever it is asked."""
    digest = blake2b(posting.encode("utf-8", "replace"), digest_size=8, person=b"spot check")
    return int.from_bytes(digest.digest()) < chance.own * 2.0**64
