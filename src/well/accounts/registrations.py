"""Registrations of this installation with authorization servers, in the control database.

Invariant: one row for each issuer and redirect address. They belong to no workspace and hold no
secret. It speaks to no provider.
"""

from well.accounts.models import ClientRegistration
from well.ports.registrations import Registration


class StoredRegistrations:
    """The port `Registrations`."""

    def find(self, issuer: str, redirect_uri: str) -> Registration | None:
        """The newest registration, if there is one."""
        row = ClientRegistration.objects.filter(issuer=issuer, redirect_uri=redirect_uri).first()
        return Registration(row.issuer, row.redirect_uri, row.client_id) if row else None

    def keep(self, registration: Registration) -> None:
        """Store it in place of an older one."""
        ClientRegistration.objects.update_or_create(
            issuer=registration.issuer,
            redirect_uri=registration.redirect_uri,
            defaults={"client_id": registration.client_id},
        )
