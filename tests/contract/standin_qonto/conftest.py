"""A Qonto stand-in on loopback ports with a tiny company, and a client built from the reference.

Invariant: the client sends only what the published reference describes; nothing of the stand-in's
code makes a request.
"""

import base64
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import httpx
import pytest
from reportlab.pdfgen import canvas
from starlette.applications import Starlette

from well.sandbox.kit.admin import admin_routes
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.listen import Listener, address, bind
from well.sandbox.kit.standin import standin_of
from well.sandbox.kit.state import State
from well.sandbox.qonto import create

REDIRECT = "http://127.0.0.1:9/callback"
SCOPES = (
    "offline_access organization.read supplier_invoice.read supplier_invoice.write attachment.read"
)


def pdf(*lines: str, title: str = "Algolia SAS") -> bytes:
    """A one-page PDF with a line of large print and one line each below it."""
    out = io.BytesIO()
    page = canvas.Canvas(out, invariant=1)
    page.setFont("Helvetica-Bold", 16)
    page.drawString(50, 790, title)
    page.setFont("Helvetica", 10)
    for at, line in enumerate(lines):
        page.drawString(50, 750 - 16 * at, line)
    page.save()
    return out.getvalue()


def invoice_pdf(number: str = "INV-2026-04-100", total: str = "1284.00") -> bytes:
    """A readable invoice."""
    return pdf(
        f"Invoice number: {number}",
        "Issue date: 2026-04-22",
        "Due date: 2026-05-22",
        f"Total with VAT: {total} EUR",
        "Supplier: Algolia SAS",
    )


class TinyCompany:
    """A company with two entries at Qonto."""

    def __init__(self, entries: Sequence[dict[str, Any]] | None = None) -> None:
        self._entries = entries

    @property
    def company(self) -> dict[str, Any]:
        return {"CompanyName": "Épi Bleu", "LegalName": "Épi Bleu SAS", "Country": "FR"}

    def quickbooks_objects(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return iter(())

    def qonto_entries(self) -> Iterator[dict[str, Any]]:
        if self._entries is not None:
            yield from self._entries
            return
        yield {
            "id": "11111111-1111-4111-8111-111111111111",
            "status": "paid",
            "file_name": "rent.pdf",
            "attachment_id": "aaaaaaaa-1111-4111-8111-111111111111",
            "invoice_number": "R-7",
            "supplier_name": "Foncière Est",
            "total_amount": {"value": "900.00", "currency": "EUR"},
            "issue_date": "2026-01-05",
            "due_date": "2026-02-05",
            "created_at": "2026-01-06T08:00:00.000Z",
            "updated_at": "2026-01-06T09:00:00.000+01:00",
            "_file": "rent",
            "_document": "doc-rent",
        }
        yield {
            "id": "22222222-2222-4222-8222-222222222222",
            "status": "to_review",
            "file_name": "unread.pdf",
            "created_at": "2026-02-06T08:00:00.000Z",
            "updated_at": "2026-02-06T08:00:00.000Z",
            "_file": "unread",
            "_document": "doc-unread",
        }

    def file(self, key: str) -> tuple[str, str, bytes]:
        return f"{key}.pdf", "application/pdf", pdf("Facture n° R-7", title=key)

    def second_act(self) -> list[tuple[str, str, dict[str, Any]]]:
        return []

    def truth(self) -> dict[str, Any]:
        return {}


@dataclass
class Qonto:
    """The running stand-in and the requests of the reference."""

    api: str
    admin: str
    addresses: dict[str, str]
    client_id: str
    client_secret: str
    faults: Faults
    clock: StandInClock
    http: httpx.Client = field(repr=False, default_factory=httpx.Client)
    token: str = ""

    def consent(
        self, scope: str = SCOPES, decision: str = "approve", **more: str
    ) -> dict[str, str]:
        """Walk the authorize page as a person would; the fields of the redirect."""
        asked = {"client_id": self.client_id, "redirect_uri": REDIRECT, "response_type": "code"}
        asked |= {"scope": scope, "state": "s-1"} | more
        page = self.http.get(self.addresses["authorize"], params=asked)
        if page.status_code == 200:
            fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page.text))
            form = fields | {"decision": decision}
            page = self.http.post(self.addresses["authorize"], data=form)
        assert page.status_code == 302, page.text
        return dict(parse_qsl(urlsplit(page.headers["location"]).query))

    def grant(self, scope: str = SCOPES) -> dict[str, Any]:
        """A whole authorization with PKCE; the token answer."""
        verifier = uuid4().hex + uuid4().hex
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        back = self.consent(scope, code_challenge=challenge, code_challenge_method="S256")
        return self.exchange(code=back["code"], code_verifier=verifier).json()  # type: ignore[no-any-return]

    def exchange(self, **fields: str) -> httpx.Response:
        """A token request with the client's secret in the body."""
        kind = "refresh_token" if "refresh_token" in fields else "authorization_code"
        form = {"client_id": self.client_id, "client_secret": self.client_secret}
        form |= {"grant_type": kind}
        form |= {} if kind == "refresh_token" else {"redirect_uri": REDIRECT}
        return self.http.post(self.addresses["token"], data=form | fields)

    def get(self, path: str, params: Any = None, token: str | None = None) -> httpx.Response:
        """An authorized GET."""
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.http.get(self.api + path, params=params, headers=headers)

    def listed(self, **params: Any) -> list[dict[str, Any]]:
        """The invoices of one list page."""
        given = {name.replace("__", "["): value for name, value in params.items()}
        answer = self.get("/v2/supplier_invoices", given)
        assert answer.status_code == 200, answer.text
        invoices: list[dict[str, Any]] = answer.json()["supplier_invoices"]
        return invoices

    def bulk(
        self,
        *files: tuple[str, bytes],
        keys: Sequence[str] | None = None,
        header: str | None = None,
        token: str | None = None,
    ) -> httpx.Response:
        """POST bulk with files in the documented order: file, then its key."""
        parts: list[tuple[str, Any]] = []
        for at, (name, content) in enumerate(files):
            key = keys[at] if keys else str(uuid4())
            parts.append(("supplier_invoices[][file]", (name, content, "application/pdf")))
            parts.append(("supplier_invoices[][idempotency_key]", (None, key)))
        headers = {"Authorization": f"Bearer {token or self.token}"}
        headers |= {"X-Qonto-Idempotency-Key": header} if header else {}
        url = f"{self.api}/v2/supplier_invoices/bulk"
        return self.http.post(url, files=parts, headers=headers)

    def settings(self, **values: int) -> None:
        """Change settings through the admin port."""
        assert self.http.post(f"{self.admin}/_admin/settings", json=values).status_code == 200

    def fault(self, **fault: Any) -> None:
        """Switch a fault on."""
        assert self.http.post(f"{self.admin}/_admin/faults", json=fault).status_code == 201

    def later(self, seconds: int) -> None:
        """Move the stand-in's clock."""
        self.clock.skew += seconds


class House:
    """Starts stand-ins on one data folder; a second start is a restart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: list[tuple[Listener, State, httpx.Client]] = []

    def start(self, company: TinyCompany | None = None) -> Qonto:
        state = State(self.folder / "state.sqlite")
        clock = StandInClock()
        faults = Faults(clock)
        api, admin = bind(0), bind(0)
        app = create(state, company or TinyCompany(), clock, faults, address(api))
        standin = standin_of(app)
        ruling = Starlette(routes=admin_routes(standin, faults))
        listener = Listener([(app, api), (ruling, admin)])
        listener.start()
        client = httpx.Client(timeout=20)
        self._running.append((listener, state, client))
        oauth = standin.oauth
        qonto = Qonto(
            api=address(api),
            admin=address(admin),
            addresses=dict(standin.addresses),
            client_id=oauth.client_id,
            client_secret=oauth.client_secret,
            faults=faults,
            clock=clock,
            http=client,
        )
        qonto.token = qonto.grant()["access_token"]
        qonto.settings(analysis_min_ms=0, analysis_max_ms=0)
        return qonto

    def stop(self) -> None:
        for listener, state, client in self._running:
            client.close()
            listener.stop()
            state.close()
        self._running.clear()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A folder in which stand-ins can be started."""
    made = House(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def qonto(house: House) -> Qonto:
    """A running stand-in that analyses at once."""
    return house.start()


@pytest.fixture
def paper() -> Callable[..., bytes]:
    """Makes a readable invoice PDF of a number and a total."""
    return invoice_pdf


@pytest.fixture
def blank() -> bytes:
    """A PDF without any text, as a scan is."""
    return pdf(title="")
