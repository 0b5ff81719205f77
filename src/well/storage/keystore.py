"""Wrapped workspace keys, in the region of their workspace.

Invariant: the first key stored for a workspace stays; `replace` changes its wrapping and only if
nobody else did. It never sees a plain key.
"""

from collections.abc import Callable

from well.storage.models import WorkspaceKey
from well.storage.scope import Tenant, put, reading, rows, unit


class DjangoKeyStore:
    """`region_of` tells the region of a workspace."""

    def __init__(self, region_of: Callable[[str], str]) -> None:
        self._region_of = region_of

    def load(self, workspace: str) -> bytes | None:
        """The wrapped key, if there is one."""
        tenant = self._tenant(workspace)
        with reading(tenant):
            row = rows(WorkspaceKey, tenant).first()
        return bytes(row.wrapped) if row else None

    def add(self, workspace: str, wrapped: bytes) -> bytes:
        """Store a first wrapped key and return the stored one (another process may have won)."""
        tenant = self._tenant(workspace)
        with unit(tenant):
            put(tenant, [WorkspaceKey(workspace_id=workspace, wrapped=wrapped)], [])
            return bytes(rows(WorkspaceKey, tenant).get().wrapped)

    def replace(self, workspace: str, old: bytes, new: bytes) -> bool:
        """Put `new` where `old` still is; False when it is not."""
        tenant = self._tenant(workspace)
        with unit(tenant):
            row = rows(WorkspaceKey, tenant).select_for_update().first()
            if row is None or bytes(row.wrapped) != old:
                return False
            put(tenant, [WorkspaceKey(workspace_id=workspace, wrapped=new)], ["wrapped"])
            return True

    def drop(self, workspace: str) -> None:
        """Forget the key for good: everything sealed in the workspace becomes unreadable."""
        tenant = self._tenant(workspace)
        with unit(tenant):
            rows(WorkspaceKey, tenant).delete()

    def _tenant(self, workspace: str) -> Tenant:
        return Tenant(workspace, self._region_of(workspace))
