"""Where records open at the provider they came from.

Invariant: an address comes from the connector alone; a record or connection that is not known has
none. It asks nothing of a provider.
"""

from collections.abc import Mapping, Sequence

from well.bootstrap import Well
from well.domain.case import Case
from well.web.guard import Seat


def source_links(hub: Well, seat: Seat, cases: Sequence[Case]) -> Mapping[str, str]:
    """The address of each case's record at its source, by case; "" where it cannot be known."""
    store, grants = hub.store(seat.workspace), hub.grants(seat.workspace)
    kept = store.records([case.key for case in cases])
    known = {link.id: link for link in store.connections()}
    sources = {
        id: hub.connectors[known[id].connector].source(known[id], grants)
        for id in {key.connection for key in kept if key.connection in known}
    }
    return {
        case.id: sources[case.key.connection].link(kept[case.key])
        if case.key in kept and case.key.connection in sources
        else ""
        for case in cases
    }
