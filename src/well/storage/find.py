"""Find records by the words a person has at hand: our ids or the source's own.

Invariant: at most FOUND_MAX answers; equality only.
"""

from collections.abc import Sequence

from django.db.models import Q

from well.storage.models import CaseRow
from well.storage.scope import Tenant, reading, rows

FOUND_MAX = 20


def find_records(tenant: Tenant, words: str) -> Sequence[str]:
    """Record ids whose record, case or source id is `words`."""
    named = Q(record=words) | Q(id=words) | Q(source_id=words) | Q(number=words)
    with reading(tenant):
        found = rows(CaseRow, tenant).filter(named).order_by("-confidence", "record")
        return list(dict.fromkeys(found.values_list("record", flat=True)[:FOUND_MAX]))
