"""Policy: from facts to a decision with its reasons.

Invariant: pure and versioned; rules and gates stand above every score. It compares nothing that
matching compares and it writes nothing.
"""

from well.policy.confidence import record_confidence
from well.policy.decide import VERSION, decide
from well.policy.difference import confirm_difference, posted_difference
from well.policy.facts import Facts
from well.policy.merge import merge_reading

__all__ = [
    "VERSION",
    "Facts",
    "confirm_difference",
    "decide",
    "merge_reading",
    "posted_difference",
    "record_confidence",
]
