"""Consents that nobody finished: the worker gives them back at their providers.

Invariant: a provider that cannot be told stops no other. It decides nothing: pipeline/consents.py
knows which consents are left over.
"""

import structlog

from well.accounts.workspaces import all_workspaces
from well.bootstrap import Well
from well.pipeline.consents import end_left

log = structlog.get_logger("well.worker")


def end_left_consents(it: Well) -> int:
    """End every access that was given and never became a connection; how many."""
    ended = sum(
        end_left(it.grants(one), it.connectors, it.clock, it.in_use) for one in all_workspaces()
    )
    if ended:
        log.info("consents that nobody finished were given back", count=ended)
    return ended
