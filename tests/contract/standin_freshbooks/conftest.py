"""A running FreshBooks stand-in with three entries, and a client built from the reference.

Invariant: the client sends only what the published reference describes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from builders.posting_mail import pdf
from builders.running_standin import NO_TLS, REDIRECT, Running, running
from builders.tiny_company import TinyCompany
from well.sandbox.freshbooks import FAULT_MODES, create

SCOPES = "user:profile:read user:expenses:read user:bills:read user:bill_vendors:read"
SCOPES += " user:bill_payments:read user:uploads:read"


def entry(key: int, name: str | None, total: str | None, updated: str, **more: Any) -> Any:
    """A supplier invoice of the world, of which nothing is read when it has no total."""
    return {
        "id": f"{key:08x}-0000-4000-8000-000000000000",
        "supplier_name": name,
        "invoice_number": f"R-{key}" if name else None,
        "total_amount": {"value": total, "currency": "EUR"} if total else None,
        "total_tax_amount": {"value": "10.00", "currency": "EUR"} if total else None,
        "issue_date": "2026-01-05" if total else None,
        "due_date": None,
        "updated_at": updated,
        "_file": "page",
        "_document": f"doc-{key}",
    } | more


class Account(TinyCompany):
    """Three entries; the second is a credit note, of the third only the page is known."""

    def qonto_entries(self) -> Iterator[Any]:
        """In winter, in the hour that comes twice, in summer."""
        yield entry(1, "Foncière Est", "60.00", "2026-01-20T15:00:00.000Z")
        yield entry(2, "Foncière Est", "30.00", "2025-11-02T06:30:00.000Z", is_credit_note=True)
        yield entry(3, None, None, "2026-07-01T15:00:00.000Z")

    def file(self, key: str) -> tuple[str, str, bytes]:
        """The one page."""
        return "page.pdf", "application/pdf", pdf()


@dataclass
class FreshBooks:
    """The stand-in and a token for it."""

    server: Running
    token: str = ""

    @property
    def account(self) -> str:
        """The id of the accounting paths."""
        return self.server.standin.addresses["account"]

    @property
    def mail(self) -> dict[str, str]:
        """Where and how to mail."""
        return self.server.mail

    def granted(self, scope: str = SCOPES) -> dict[str, Any]:
        """A whole authorization; the token answer."""
        server = self.server
        asked = {"client_id": server.client_id, "redirect_uri": REDIRECT, "scope": scope}
        query = urlencode(asked | {"response_type": "code"})
        back = server.consent(f"{server.standin.addresses['authorize']}?{query}")
        answer: dict[str, Any] = self.exchanged(
            grant_type="authorization_code", code=back["code"]
        ).json()
        return answer

    def exchanged(self, **form: str) -> httpx.Response:
        """A token request."""
        server = self.server
        mine = {"client_id": server.client_id, "client_secret": server.secret}
        form = mine | {"redirect_uri": REDIRECT} | form
        return httpx.post(server.standin.addresses["token"], data=form, verify=NO_TLS)

    def get(self, path: str, token: str | None = None, **query: Any) -> httpx.Response:
        """An authorized GET of an accounting path."""
        url = f"{self.server.base}/accounting/account/{self.account}/{path}"
        query = {name.replace("__", "["): value for name, value in query.items()}
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return httpx.get(url, params=query, headers=headers, verify=NO_TLS)

    def rows(self, path: str = "expenses/expenses", **query: Any) -> list[dict[str, Any]]:
        """The objects of a list's first page."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["response"]["result"][path.split("/")[1]]
        return found

    def admin(self, path: str, **body: Any) -> Any:
        """What the admin port tells, or is told."""
        client = self.server.admin
        answer = (
            client.post(f"/_admin/{path}", json=body) if body else client.get(f"/_admin/{path}")
        )
        assert answer.is_success, answer.text
        return answer.json()


@pytest.fixture
def books(tmp_path: Path) -> Iterator[FreshBooks]:
    """A stand-in that reads a mail at once."""
    with running(create, Account(), tmp_path, FAULT_MODES) as server:
        server.settings(read_ms=0)
        made = FreshBooks(server)
        made.token = made.granted()["access_token"]
        yield made
