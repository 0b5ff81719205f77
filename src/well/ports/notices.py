"""How the owner of a workspace is told.

Promise: a notice is kept until read; the same sentence about the same subject is not repeated
while it is unread. It does not send mail by itself.
"""

from typing import Protocol


class Notices(Protocol):
    """Bound to one workspace."""

    def tell_owner(self, subject: str, sentence: str) -> None:
        """`subject` is the id of what it is about (a connection, a flow)."""
        ...
