"""What the tools answer: the books read with the caller's grant, told as text.

Invariant: a refusal by the API behind a tool is the sentence that the official server makes of it;
nothing here raises for what a client may send. It speaks no protocol.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from well.sandbox.kit.company import Body
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.json_text import from_json
from well.sandbox.kit.oauth_store import Token
from well.sandbox.xero import blocks, kinds
from well.sandbox.xero.blocks import Pen
from well.sandbox.xero.books import Books, Wish
from well.sandbox.xero.door import may
from well.sandbox.xero.limits import Limits
from well.sandbox.xero.listing import NOBODY
from well.sandbox.xero.organisations import Organisations
from well.sandbox.xero.problem import Problem
from well.sandbox.xero.rest import ROOT
from well.sandbox.xero.tools import (
    ATTACHMENTS,
    BY_NAME,
    EMPTY,
    ORGANISATION,
    WRITING,
    Tool,
)
from well.sandbox.xero.where import Filter

SENTENCES = {
    401: "Authentication failed. Please check your Xero credentials.",
    403: "You don't have permission to access this resource in Xero.",
    404: "The requested resource was not found in Xero.",
    429: "Too many requests to Xero. Please try again in a moment.",
}
OTHER = "An error occurred while communicating with Xero."
UNTOLD = "An unexpected error occurred while communicating with Xero."
"""What the published version says of every refusal: it cannot read its library's errors."""
PAGE_MAX = 1_000_000
CHANGED = (("Total: ", "Amount: "), ("Amount Due: ", "Open: "), ("ID: ", "Identifier: "))


class Teller:
    """`settings`: `iso_dates`, `newer_tools` and `told_errors` (a sentence for each refusal),
    1 or 0; `calls_before_tool`: how many calls of the API a tool makes before its own (the
    published server asks for the organisation: 1)."""

    def __init__(
        self,
        books: Books,
        organisations: Organisations,
        approved: Callable[[Token], Mapping[str, int]],
        limits: Limits,
        faults: Faults,
        settings: Mapping[str, int],
    ) -> None:
        """Reads the books that the API shows."""
        self._books = books
        self._organisations = organisations
        self._approved = approved
        self._limits = limits
        self._faults = faults
        self._settings = settings

    def tools(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(name, description, input schema) of every tool."""
        for tool in BY_NAME.values():
            if self._settings["newer_tools"] or not tool.newer:
                yield tool.name, f"Lists the {tool.things} of the organisation.", tool.schema()
        for name in WRITING:
            yield name, "Writes to the organisation.", {"type": "object", "properties": {}}

    def answer(self, name: str, given: Mapping[str, Any], token: Token) -> list[str]:
        """The texts of a call's answer."""
        tool = BY_NAME.get(name)
        if tool is None:
            verb, _, thing = name.partition("-")
            return [f"Error {verb[:-1]}ing {thing.replace('-', ' ')}: {SENTENCES[403]}"]
        try:
            texts = self._told(tool, given, token)
        except Problem as problem:
            doing = "fetching" if tool is ORGANISATION else "listing"
            told = SENTENCES.get(problem.status, OTHER) if self._settings["told_errors"] else UNTOLD
            return [f"Error {doing} {tool.things}: {told}"]
        if self._faults.take({"tool_text"}, "POST", "/mcp"):
            return [texts[0], *map(_changed, texts[1:])]
        return texts

    def _told(self, tool: Tool, given: Mapping[str, Any], token: Token) -> list[str]:
        tenants = list(self._approved(token))
        if not tenants:
            raise Problem(403, "AuthenticationUnsuccessful")
        for _ in range(self._settings["calls_before_tool"]):
            with self._limits.one(tenants[0]):
                pass
        with self._limits.one(tenants[0]):
            pen = Pen(bool(self._settings["iso_dates"]))
            if tool is ORGANISATION:
                body = self._organisations.organisation(tenants[0])
                return ["Organisation Details:", blocks.organisation(pen, body)]
            if tool is ATTACHMENTS:
                return self._attachments(pen, given, token)
            if tool in EMPTY:
                return [tool.heading(0, given)]
            bodies = self._bodies(tool, given, token, tenants[0])
        writer = tool.writer
        if given.get("invoiceNumbers"):
            writer = blocks.invoice_with_lines
        return [tool.heading(len(bodies), given), *(writer(pen, one) for one in bodies)]

    def _bodies(
        self, tool: Tool, given: Mapping[str, Any], token: Token, tenant: str
    ) -> list[Body]:
        kind = kinds.BY_NAME[tool.kind]
        if not may(token, kind.scopes):
            raise Problem(401, "AuthorizationUnsuccessful")
        fault = self._faults.take({"rate_limit", "error_before"}, "GET", f"{ROOT}/{kind.plural}")
        if fault is not None:
            raise Problem(429 if fault.mode == "rate_limit" else fault.status, "asked to fail")
        where = [*tool.conditions(given)]
        if kind.hidden and not given.get("includeArchived"):
            marks = ", ".join("?" * len(kind.hidden))
            where.append(Filter(f"status not in ({marks})", kind.hidden))
        if tenant != self._organisations.main:
            where.append(NOBODY)
        wish = Wish(tool.kind, tuple(where), tool.order, 1, tool.size)
        if tool.size is not None:
            page = int(given.get("page", 1))
            wish = replace(wish, page=min(max(1, page), PAGE_MAX))
        return [from_json(text) for text in self._books.select(wish)[1]]

    def _attachments(self, pen: Pen, given: Mapping[str, Any], token: Token) -> list[str]:
        if not may(token, kinds.ATTACHMENT_SCOPES):
            raise Problem(401, "AuthorizationUnsuccessful")
        kind, key = str(given["objectType"]), str(given["objectId"]).lower()
        files = self._books.files(key)
        if not files:
            return [f"No attachments found for {kind} {key}."]
        ending = "" if len(files) == 1 else "s"
        heading = f"Found {len(files)} attachment{ending} for {kind} {key}:"
        return [heading, *(blocks.attachment(pen, file) for file in files)]


def _changed(text: str) -> str:
    """The same in another form, as a later version of the server might tell it."""
    for label, other in CHANGED:
        text = text.replace(label, other)
    return text
