"""What is kept to learn from: judgements, spot checks, and what a flow has learned so far.

Invariant: values only; observations and counts are text made and read by `pipeline.learning`.
Nothing in here names another workspace.
"""

from dataclasses import dataclass
from datetime import datetime

from well.domain.learned_layout import LearnedLayout


@dataclass(frozen=True, slots=True)
class KeptJudgement:
    """What a person said of a case. `agreed`: it is what Well held for likeliest (None: the
    verdict does not tell), with that `confidence` in [0, 1]. `observations` is "" for one that
    teaches nothing. `former` is the case before a correction, as text, to be restored."""

    case: str
    flow: str
    at: datetime
    by: str
    verdict: str
    entry: str | None = None
    note: str = ""
    agreed: bool | None = None
    confidence: float = 0.0
    observations: str = ""
    former: str = ""


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """An automatic decision a person is to look at; `right` None while nobody has.

    `confidence` is the decision's, `weight` in (0, 1] what the check counts.
    """

    case: str
    flow: str
    record: str
    confidence: float
    weight: float
    chosen_at: datetime
    right: bool | None = None
    by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FlowMemory:
    """Counts as text ("" for none), and the limit that spot checks have raised (None: never);
    `held`: the target was proven at the limit in force."""

    learned: str = ""
    limit: float | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class KeptLayout:
    """Where a supplier prints its values, learned from the document of a judged case; `layout` is
    None until the document has been looked at. `confirmed` are the values a person stands behind,
    by field; `keys` say whose documents it may read; `supplier` is the name for people."""

    case: str
    flow: str
    at: datetime
    by: str
    supplier: str
    keys: tuple[str, ...]
    document: str
    confirmed: tuple[tuple[str, str], ...]
    layout: LearnedLayout | None = None
