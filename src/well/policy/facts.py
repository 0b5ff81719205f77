"""Everything a decision is made from, in one value that can be kept and replayed.

Invariant: a decision reads nothing that is not in here. It holds no secret and no file.
"""

from dataclasses import dataclass
from datetime import date

from well.domain.candidate import Ranking
from well.domain.counterparty import Counterparty
from well.domain.decision import Rules, Versions
from well.domain.invoice import Invoice
from well.domain.reading import Reading
from well.domain.source_record import Kind

_NO_RANKING = Ranking()
_DEFAULT_RULES = Rules()
_NO_VERSIONS = Versions()


@dataclass(frozen=True, slots=True)
class Facts:
    """`reading` None: the record has no file. `parties` ranks counterparties and `ranking` the
    target's entries; `duplicate_of` owns the same document already, `looks_like` one
    that may be it and is on its way to the target; `previous` is what was posted
    as `previous_entry` when the source record is linked; `usual_ibans` are the counterparty's.
    `today` (UTC) None: dates are not compared with it. `since` is the first day of the flow's
    history window. `first_document`: no document of the counterparty was posted or linked
    before. `overturned`: a person found the last decision wrong and has not said yet what is right.
    `threshold` is the certified limit of acting alone, None where none is known; the
    larger one of it and the rule holds. `unseen_from`: the target's entries cannot
    be read, and it takes documents since that day; None where they are seen. `kind` and `stream`
    are the record's, for the rules that name them; facts of older decisions tell neither and meet
    no such rule."""

    invoice: Invoice | None
    reading: Reading | None = None
    parties: Ranking = _NO_RANKING
    party: Counterparty | None = None
    ranking: Ranking = _NO_RANKING
    rules: Rules = _DEFAULT_RULES
    versions: Versions = _NO_VERSIONS
    duplicate_of: str | None = None
    looks_like: str | None = None
    usual_ibans: tuple[str, ...] = ()
    previous: Invoice | None = None
    previous_entry: str | None = None
    target_updatable: bool = False
    posted_kind: bool = True
    deleted: bool = False
    today: date | None = None
    since: date | None = None
    first_document: bool = False
    threshold: float | None = None
    overturned: bool = False
    unseen_from: date | None = None
    kind: Kind | None = None
    stream: str = ""
