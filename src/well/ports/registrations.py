"""Where an installation keeps that it registered itself with an authorization server.

Promise: one registration for each (issuer, redirect address); a newer one replaces it. It holds no
secret: Well registers as a public client only (RFC 7591, `token_endpoint_auth_method` none).
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Registration:
    """The client id that `issuer` gave for answers sent to `redirect_uri`."""

    issuer: str
    redirect_uri: str
    client_id: str


class Registrations(Protocol):
    """The registrations of this installation."""

    def find(self, issuer: str, redirect_uri: str) -> Registration | None: ...

    def keep(self, registration: Registration) -> None:
        """Store it in place of an older one."""
        ...
