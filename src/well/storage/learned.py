"""What people said of a flow's records, and how many second looks wait: read models.

Invariant: columns only, no sealed body; a judgement counts until a newer one of the same record
stands in its place. It changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from well.pipeline.learning import FORGOTTEN
from well.storage.learning import open_checks as _open_checks
from well.storage.models import JudgementRow
from well.storage.scope import Tenant, reading, rows


@dataclass(frozen=True, slots=True)
class Judged:
    """Numbers of a flow: `records` judged, `people` who judged, judgements that were `replaced`
    by a later one of the same record, and records whose judgement was `forgotten`."""

    records: int
    people: int
    replaced: int
    forgotten: int


@dataclass(frozen=True, slots=True)
class Saying:
    """One judgement of a record; `replaced` by which verdict, "" while it counts."""

    at: datetime
    by: str
    verdict: str
    entry: str
    replaced: str


def open_checks(tenant: Tenant) -> Mapping[str, int]:
    """How many second looks wait, by flow; flows without one are absent."""
    with reading(tenant):
        groups = _open_checks(tenant).values("flow").annotate(n=Count("*")).order_by()
        return {group["flow"]: group["n"] for group in groups}


def judged(tenant: Tenant, flow: str) -> Judged:
    """How much people said of the flow's records."""
    with reading(tenant):
        found = rows(JudgementRow, tenant).filter(flow=flow).order_by("at", "case")
        said = list(found.values_list("case", "by", "verdict"))
    newest = {case: verdict for case, _, verdict in said}
    spoken = [one for one in said if one[2] != FORGOTTEN]
    return Judged(
        records=len(newest),
        people=len({by for _, by, _ in spoken}),
        replaced=len(spoken) - len(newest),
        forgotten=sum(verdict == FORGOTTEN for verdict in newest.values()),
    )


def sayings(tenant: Tenant, case: str) -> Sequence[Saying]:
    """What people said of a record, the newest first, without the marks of forgetting."""
    with reading(tenant):
        found = rows(JudgementRow, tenant).filter(case=case).order_by("-at")
        said = list(found.values_list("at", "by", "verdict", "entry"))
    later = ["", *(verdict for _, _, verdict, _ in said)]
    made = [Saying(*one, replaced) for one, replaced in zip(said, later, strict=False)]
    return [one for one in made if one.verdict != FORGOTTEN]
