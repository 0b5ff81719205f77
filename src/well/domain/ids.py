"""Identifiers that carry meaning: the same thing always gets the same id.

Invariant: pure functions of their parts, so a rerun after a crash finds what it made before.
Not for secrets: anyone who knows the parts can compute the id.
"""

from uuid import UUID, uuid5

_NAMESPACE = UUID("6f0d2f5e-2b0b-5b52-9f0e-8a4f5f2f3c11")


def stable_id(*parts: str) -> str:
    """UUIDv5 text of the parts; each goes with its length, so no part can forge another."""
    return str(uuid5(_NAMESPACE, "".join(f"{len(part)}:{part}" for part in parts)))


def record_id(connection: str, stream: str, source_id: str) -> str:
    """Id of a source record, from its unique key inside a workspace."""
    return stable_id("record", connection, stream, source_id)


def case_id(flow: str, record: str) -> str:
    """Id of the case of `record` in `flow`."""
    return stable_id("case", flow, record)


def posting_id(workspace: str, target: str, record: str) -> str:
    """Id of the only posting of `record` on `target`; also its idempotency key seed."""
    return stable_id("posting", workspace, target, record)
