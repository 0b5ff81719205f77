"""Finding what an address names.

Invariant: what the workspace does not have is a page that says so (404). It changes nothing.
"""

from django.http import Http404

from well.bootstrap import well
from well.domain.flow import Flow
from well.web.guard import Seat


def find_flow(seat: Seat, flow_id: str) -> Flow:
    """A flow of the workspace; a page that says so when there is none."""
    found = next((f for f in well().store(seat.workspace).flows() if f.id == flow_id), None)
    if found is None:
        raise Http404("no such flow")
    return found
