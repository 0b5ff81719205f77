"""Contract: the official MCP server, run on our accounting API, says what our MCP server says.

It is installed with npm into a temporary folder and started as a program whose calls to xero.com
are led to the stand-in; where npm or the package is absent, the tests are skipped and say which.
Invariant: its texts are compared with ours byte for byte.
"""

import asyncio
import os
import shutil
import subprocess
from contextlib import closing
from typing import Any

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import TextContent

from builders.running_standin import NO_TLS, Running
from builders.xero_client import XeroClient, let_in

pytestmark = pytest.mark.slow
PACKAGE = "@xeroapi/xero-mcp-server@0.0.17"
ENTRY = "node_modules/@xeroapi/xero-mcp-server/dist/index.js"
LEAD = """
// Leads what is meant for xero.com to the stand-in; everything else goes where it was going.
const http = require("http"), https = require("https");
const home = new URL(process.env.STAND_IN), beyond = https.request;
https.request = function (options, done) {
  if (!/(^|\\.)xero\\.com$/.test(options.hostname || options.host || "")) {
    return beyond.apply(https, arguments);
  }
  const here = { protocol: "http:", host: home.hostname, hostname: home.hostname };
  return http.request({ ...options, ...here, port: home.port }, done);
};
"""
Call = tuple[str, dict[str, Any]]
Told = tuple[object, list[str]]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that starts the official server."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm is not installed here, so Xero's own server cannot be tried.")
    folder = tmp_path_factory.mktemp("official")
    asked = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]
    done = subprocess.run(
        [*asked, str(folder), PACKAGE], capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode or not (folder / ENTRY).exists():
        pytest.skip(f"npm could not install {PACKAGE}: the registry that is set has none.")
    lead = folder / "lead.cjs"
    lead.write_text(LEAD)
    return [node, "--require", str(lead), str(folder / ENTRY)]


async def _told(client: Client, call: Call) -> Told:
    try:
        result = await client.call_tool(*call)
    except MCPError as refused:
        return "refused", [str(refused)]
    return result.is_error, [part.text for part in result.content if isinstance(part, TextContent)]


def _both(program: list[str], server: Running, token: str, calls: list[Call]) -> list[Any]:
    """Each call's answer by the official server and by ours."""

    async def main() -> list[tuple[Call, Told, Told]]:
        env = {
            "XERO_CLIENT_BEARER_TOKEN": token,
            "STAND_IN": server.base,
            "PATH": os.environ.get("PATH", ""),
        }
        theirs = StdioServerParameters(command=program[0], args=program[1:], env=env)
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            httpx2.AsyncClient(headers=headers, verify=NO_TLS, timeout=20) as http,
            Client(theirs, mode="legacy") as official,
            Client(
                streamable_http_client(server.standin.addresses["mcp"], http_client=http),
                mode="legacy",
            ) as ours,
        ):
            return [(call, await _told(official, call), await _told(ours, call)) for call in calls]

    return asyncio.run(main())


def _pages(name: str, *pages: int) -> list[Call]:
    return [(name, {"page": page}) for page in pages]


def _calls(client: XeroClient) -> list[Call]:
    invoice = next(row for row in client.rows("Invoices", page=1) if row.get("InvoiceNumber"))
    payment = client.rows("Payments", page=1)[0]
    who = invoice["Contact"]["ContactID"]
    return [
        *_pages("list-invoices", 1, 2, 99),
        ("list-invoices", {"page": 1, "invoiceNumbers": [invoice["InvoiceNumber"]]}),
        ("list-invoices", {"page": 1, "contactIds": [who]}),
        ("list-invoices", {}),
        *_pages("list-credit-notes", 1, 2),
        ("list-credit-notes", {"page": 1, "contactId": who}),
        ("list-contacts", {}),
        *_pages("list-contacts", 1, 2),
        ("list-contacts", {"searchTerm": "an"}),
        *_pages("list-bank-transactions", 1, 2),
        ("list-payments", {}),
        *_pages("list-payments", 1, 2),
        ("list-payments", {"paymentId": payment["PaymentID"]}),
        ("list-payments", {"invoiceId": payment["Invoice"]["InvoiceID"]}),
        ("list-payments", {"invoiceNumber": payment["Invoice"]["InvoiceNumber"]}),
        ("list-accounts", {}),
        ("list-tax-rates", {}),
        ("list-tracking-categories", {}),
        ("list-tracking-categories", {"includeArchived": True}),
        ("list-organisation-details", {}),
        ("no-such-tool", {}),
    ]


def test_the_official_server_on_our_api_says_what_ours_says(
    program: list[str], shared: XeroClient
) -> None:
    token, server = shared.tokens["access_token"], shared.server
    for call, official, ours in _both(program, server, token, _calls(shared)):
        assert ours == official, call


def test_refusals_of_the_api_become_the_same_sentences(program: list[str], server: Running) -> None:
    server.settings(requests_per_minute=1000)
    client = let_in(server, scope="offline_access accounting.settings.read")
    with closing(client.http):
        token = client.tokens["access_token"]
        server.fault("rate_limit", path="/api.xro/2.0/Accounts", count=2)
        calls: list[Call] = [("list-accounts", {}), ("list-invoices", {"page": 1})]
        answers = _both(program, server, token, calls)
        server.settings(requests_per_minute=0)
        answers += _both(program, server, token, [("list-tax-rates", {})])
    for call, official, ours in answers:
        assert ours == official, call
        assert ours[1][0].startswith("Error listing ")
