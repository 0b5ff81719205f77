"""The MCP server, through the plain client of the MCP SDK and its own OAuth.

Invariant: the SDK discovers, registers and proves itself; the test only plays the person.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import httpx2
import pytest
from mcp.client.auth import OAuthClientProvider
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from mcp_types import CallToolResult, TextContent
from pydantic import AnyUrl

from builders.running_standin import NO_TLS, REDIRECT, Running
from builders.xero_client import XeroClient
from well.sandbox.world import World

READS = {
    "list-accounts",
    "list-contacts",
    "list-credit-notes",
    "list-invoices",
    "list-bank-transactions",
    "list-payments",
    "list-tax-rates",
    "list-tracking-categories",
    "list-organisation-details",
}
Use = Callable[[Client], Awaitable[Any]]


class Memory:
    """Where the SDK keeps what it got."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


def _provider(server: Running, memory: Memory) -> OAuthClientProvider:
    """The SDK's own OAuth; the person approves whatever page it opens."""
    back: dict[str, str] = {}

    async def open_page(address: str) -> None:
        back.update(await asyncio.to_thread(server.consent, address))

    async def come_back() -> AuthorizationCodeResult:
        return AuthorizationCodeResult(
            code=back["code"], state=back.get("state"), iss=back.get("iss")
        )

    metadata = OAuthClientMetadata(client_name="A plain client", redirect_uris=[AnyUrl(REDIRECT)])
    return OAuthClientProvider(
        server.standin.addresses["mcp"], metadata, memory, open_page, come_back
    )


@asynccontextmanager
async def _connected(server: Running, memory: Memory, mode: str) -> AsyncIterator[Client]:
    auth = _provider(server, memory)
    async with httpx2.AsyncClient(auth=auth, verify=NO_TLS, timeout=20) as http:
        transport = streamable_http_client(server.standin.addresses["mcp"], http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


def _run(server: Running, use: Use, memory: Memory | None = None, mode: str = "legacy") -> Any:
    async def main() -> Any:
        async with _connected(server, memory or Memory(), mode) as client:
            return await use(client)

    return asyncio.run(main())


def _texts(result: CallToolResult) -> list[str]:
    return [part.text for part in result.content if isinstance(part, TextContent)]


def _calling(name: str, **arguments: Any) -> Use:
    async def call(client: Client) -> list[str]:
        return _texts(await client.call_tool(name, arguments))

    return call


def _labels(text: str) -> list[str]:
    return [line.partition(":")[0] for line in text.split("\n")]


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_the_sdk_discovers_registers_proves_itself_and_lists_every_tool(
    server: Running, mode: str
) -> None:
    async def use(client: Client) -> tuple[set[str], str]:
        listed = await client.list_tools()
        return {tool.name for tool in listed.tools}, client.protocol_version

    memory = Memory()
    names, version = _run(server, use, memory, mode)
    assert names >= READS
    assert {"create-invoice", "update-contact"} <= names
    assert "list-purchase-orders" not in names
    assert version == "2025-11-25"
    assert memory.client is not None
    assert memory.client.token_endpoint_auth_method == "none"
    assert memory.tokens is not None
    assert memory.tokens.expires_in == 1800
    assert [row["name"] for row in server.admin.get("/_admin/registrations").json()] == [
        "A plain client"
    ]


@pytest.mark.parametrize("json_answers", [0, 1])
def test_two_pages_of_invoices_are_told_newest_first_and_agree_with_the_api(
    server: Running, client: XeroClient, json_answers: int
) -> None:
    server.settings(json_answers=json_answers)

    async def use(client: Client) -> list[list[str]]:
        pages = [await client.call_tool("list-invoices", {"page": n}) for n in (1, 2)]
        return [_texts(page) for page in pages]

    first, second = _run(server, use)
    assert (first[0], second[0]) == ("Found 10 invoices:", "Found 10 invoices:")
    rows = client.rows("Invoices", order="UpdatedDateUTC DESC", page=1, pageSize=20)
    told = [*first[1:], *second[1:]]
    assert [re.match(r"Invoice ID: (.+)", text)[1] for text in told] == [  # type: ignore[index]
        row["InvoiceID"] for row in rows
    ]
    for text, row in zip(told, rows, strict=True):
        total = re.search(r"^Total: (.+)$", text, re.M)
        assert total is not None
        assert Decimal(total[1]) == Decimal(str(row["Total"]))
        assert f"Contact: {row['Contact']['Name']} ({row['Contact']['ContactID']})" in text


def test_the_lines_of_an_invoice_have_the_labels_of_the_official_server(server: Running) -> None:
    text = _run(server, _calling("list-invoices", page=1))[1]
    wanted = ["Invoice ID", "Invoice", "Type", "Status", "Contact", "Date", "Due Date"]
    wanted += ["Line Amount Types", "Sub Total", "Total Tax", "Total", "Currency", "Currency Rate"]
    assert _labels(text)[: len(wanted)] == wanted
    assert re.search(
        r"^Last Updated: \w{3} \w{3} \d\d \d{4} \d\d:\d\d:\d\d GMT\+0000 "
        r"\(Coordinated Universal Time\)$",
        text,
        re.M,
    )


def test_days_are_told_in_the_long_form_or_short_as_the_setting_says(server: Running) -> None:
    long = _run(server, _calling("list-invoices", page=1))[1]
    assert re.search(r"^Date: \w{3} \w{3} \d\d \d{4} 00:00:00 GMT\+0000", long, re.M)
    server.settings(iso_dates=1)
    short = _run(server, _calling("list-invoices", page=1))[1]
    assert re.search(r"^Date: \d{4}-\d\d-\d\d$", short, re.M)


def test_lines_are_told_only_of_invoices_asked_for_by_number(
    server: Running, client: XeroClient
) -> None:
    row = next(r for r in client.rows("Invoices", page=1) if r.get("InvoiceNumber"))
    texts = _run(server, _calling("list-invoices", page=1, invoiceNumbers=[row["InvoiceNumber"]]))
    assert texts[0] == f"Found {len(texts) - 1} invoices:"
    assert "Line Items: Item ID: undefined\nItem Code: undefined\nDescription: " in texts[1]


@pytest.mark.parametrize(
    ("tool", "plural", "key", "label"),
    [
        ("list-contacts", "Contacts", "ContactID", "ID"),
        ("list-credit-notes", "CreditNotes", "CreditNoteID", "Credit Note ID"),
        ("list-payments", "Payments", "PaymentID", "Payment ID"),
        ("list-bank-transactions", "BankTransactions", "BankTransactionID", "Bank Transaction ID"),
        ("list-accounts", "Accounts", "AccountID", "ID"),
        ("list-tax-rates", "TaxRates", "TaxType", "Tax Type"),
        (
            "list-tracking-categories",
            "TrackingCategories",
            "TrackingCategoryID",
            "Tracking Category ID",
        ),
    ],
)
def test_every_list_tells_the_ids_that_the_api_gives(
    shared: XeroClient, tool: str, plural: str, key: str, label: str
) -> None:
    paged = tool in ("list-credit-notes", "list-payments", "list-bank-transactions")

    async def use(client: Client) -> list[str]:
        told: list[str] = []
        for page in range(1, 20):
            arguments = {"page": page} if paged else {}
            texts = _texts(await client.call_tool(tool, arguments))
            assert re.fullmatch(rf"Found {len(texts) - 1} [a-z ]+:", texts[0])
            told += texts[1:]
            if not paged or len(texts) < 11:
                break
        return told

    told = _run(shared.server, use)
    found = [re.search(rf"^{label}: (.+)$", text, re.M) for text in told]
    assert {one[1] for one in found if one} == {row[key] for row in shared.rows(plural)}


def test_the_organisation_is_told_with_the_code_that_the_server_prints_by_mistake(
    shared: XeroClient,
) -> None:
    texts = _run(shared.server, _calling("list-organisation-details"))
    assert texts[0] == "Organisation Details:"
    assert texts[1].startswith('Name: Atelier Boréal SAS || "No name available."\n')


def test_what_the_api_refuses_is_ordinary_text_that_may_say_why(server: Running) -> None:
    server.settings(told_errors=1)

    async def use(client: Client) -> list[CallToolResult]:
        server.fault("rate_limit", path="/api.xro/2.0/Invoices", count=1)
        server.fault("error_before", path="/api.xro/2.0/Payments", count=1)
        return [
            await client.call_tool("list-invoices", {"page": 1}),
            await client.call_tool("list-payments", {}),
            await client.call_tool("create-invoice", {}),
        ]

    limited, failed, written = _run(server, use)
    assert not any(result.is_error for result in (limited, failed, written))
    assert _texts(limited) == [
        "Error listing invoices: Too many requests to Xero. Please try again in a moment."
    ]
    assert _texts(failed) == [
        "Error listing payments: An error occurred while communicating with Xero."
    ]
    assert _texts(written) == [
        "Error creating invoice: You don't have permission to access this resource in Xero."
    ]
    calls = server.admin.get("/_admin/tool-calls").json()
    assert [call["tool"] for call in calls] == ["list-invoices", "list-payments", "create-invoice"]


def test_the_limit_of_a_minute_counts_tools_as_it_counts_calls(server: Running) -> None:
    server.settings(requests_per_minute=4)

    async def use(client: Client) -> list[str]:
        return [_texts(await client.call_tool("list-accounts", {}))[0] for _ in range(3)]

    told = _run(server, use)
    assert told[:2] == ["Found 30 accounts:"] * 2
    assert told[2] == (
        "Error listing accounts: An unexpected error occurred while communicating with Xero."
    )


def test_arguments_of_the_wrong_kind_are_refused_as_errors(shared: XeroClient) -> None:
    async def use(client: Client) -> list[CallToolResult]:
        return [
            await client.call_tool("list-invoices", {}),
            await client.call_tool("list-invoices", {"page": "1"}),
            await client.call_tool("no-such-tool", {}),
        ]

    for result in _run(shared.server, use):
        assert result.is_error
        assert _texts(result)[0].startswith("MCP error -32602: ")


def test_a_changed_form_and_a_lost_session_can_be_asked_for(server: Running) -> None:
    async def use(client: Client) -> tuple[list[str], list[str]]:
        server.fault("tool_text")
        changed = _texts(await client.call_tool("list-invoices", {"page": 1}))
        return changed, _texts(await client.call_tool("list-invoices", {"page": 1}))

    changed, usual = _run(server, use)
    assert "Total" not in _labels(changed[1])
    assert "Amount" in _labels(changed[1])
    assert "Total" in _labels(usual[1])

    async def lose(client: Client) -> str:
        server.fault("mcp_lost", path="/mcp", method="POST")
        try:
            await client.call_tool("list-accounts", {})
        except Exception as lost:  # noqa: BLE001 - whatever the SDK makes of it
            return str(lost)
        return ""

    assert "session" in _run(server, lose).lower()
    assert any(row["status"] == 404 for row in server.standin.log.view())


def test_a_token_of_the_ordinary_consent_does_not_open_the_tools(
    server: Running, books: World
) -> None:
    assert books.bills == 30
    answer = httpx2.post(server.standin.addresses["mcp"], json={}, verify=NO_TLS)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == (
        f'Bearer resource_metadata="{server.base}/.well-known/oauth-protected-resource/mcp"'
    )
