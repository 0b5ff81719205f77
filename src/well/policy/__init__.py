"""Policy: from facts to a decision with its reasons.

Invariant: pure and versioned; rules and gates stand above every score. It compares nothing that
matching compares and it writes nothing.
"""

from well.policy.assess import RecordConfidence, assess
from well.policy.confidence import record_confidence
from well.policy.correction import corrected, settled_reading
from well.policy.decide import VERSION, decide
from well.policy.difference import confirm_difference, posted_difference
from well.policy.facts import Facts
from well.policy.gates import Check, Completeness, PolicyFit, completeness, policy_fit
from well.policy.merge import merge_reading
from well.policy.nearest import Nearer, nearest
from well.policy.ruling import acting_limit, asking_limit

__all__ = [
    "VERSION",
    "Check",
    "Completeness",
    "Facts",
    "Nearer",
    "PolicyFit",
    "RecordConfidence",
    "acting_limit",
    "asking_limit",
    "assess",
    "completeness",
    "confirm_difference",
    "corrected",
    "decide",
    "merge_reading",
    "nearest",
    "policy_fit",
    "posted_difference",
    "record_confidence",
    "settled_reading",
]
