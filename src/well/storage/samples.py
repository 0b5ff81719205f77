"""Some records and names of a flow, for forms that offer what there really is.

Invariant: bounded, the newest first, deleted records left out. It changes nothing.
"""

from collections.abc import Sequence

from well.domain.case import CaseState
from well.domain.source_record import Kind, RecordKey
from well.storage.models import CaseRow, RecordRow
from well.storage.scope import Tenant, reading, rows

SUPPLIERS_MAX = 200


def suppliers(tenant: Tenant, flow: str) -> Sequence[str]:
    """Names of suppliers on the records of a flow, by the alphabet, SUPPLIERS_MAX at the most."""
    with reading(tenant):
        named = rows(CaseRow, tenant).filter(flow=flow).exclude(supplier="")
        found = named.order_by("supplier").values_list("supplier", flat=True).distinct()
        return list(found[:SUPPLIERS_MAX])


def carried(tenant: Tenant, counterparty: str, most: int) -> list[str]:
    """Ids of a counterparty's newest cases, of any flow, that have an entry at their target."""
    states = [CaseState.POSTED.value, CaseState.LINKED.value]
    with reading(tenant):
        own = rows(CaseRow, tenant).filter(counterparty=counterparty, state__in=states)
        return list(own.order_by("-sort_date", "id").values_list("id", flat=True)[:most])


def newest(tenant: Tenant, connection: str, kinds: Sequence[Kind], most: int) -> list[RecordKey]:
    """Keys of the newest living records of these kinds."""
    with reading(tenant):
        found = rows(RecordRow, tenant).filter(
            connection=connection, kind__in=[kind.value for kind in kinds], deleted=False
        )
        newest_first = found.order_by("-changed_at", "id")
        values = newest_first.values_list("connection", "stream", "source_id")[:most]
        return [RecordKey(*value) for value in values]
