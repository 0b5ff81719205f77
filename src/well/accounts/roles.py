"""What a member of a workspace may do.

Invariant: each role may do all that the roles after it may. It checks nothing by itself.
"""

from enum import StrEnum


class Role(StrEnum):
    """A membership's role, the most powerful first."""

    OWNER = "owner"
    ADMIN = "admin"
    REVIEWER = "reviewer"
    VIEWER = "viewer"

    @property
    def may_judge(self) -> bool:
        """Approve, refuse and pin."""
        return self is not Role.VIEWER

    @property
    def may_manage(self) -> bool:
        """Connect, disconnect, and change flows."""
        return self in (Role.OWNER, Role.ADMIN)
