"""Signing in to a mail server with an OAuth token: XOAUTH2 and OAUTHBEARER, as big providers do.

Invariant: a token opens the mailbox of its own user alone; a refusal takes two steps, the reason in
base64 JSON after 334, and 535 once the client has answered. Passwords open nothing here.
"""

import binascii
import json
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

LINE_MAX = 12_288
"""Bytes of a line of AUTH (RFC 4954 4): a token is longer than other commands are."""
MECHANISMS = frozenset({"XOAUTH2", "OAUTHBEARER"})
PASSWORDS = frozenset({"PLAIN", "LOGIN"})
Opens = Callable[[str, str], bool]
REFUSED = "535 5.7.8 Username and token not accepted"


def told(response: str) -> tuple[str, str]:
    """User and token of an initial response in either form; both empty when it is neither."""
    try:
        text = b64decode(response, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return "", ""
    head, _, rest = text.partition("\x01")
    fields = dict(part.partition("=")[::2] for part in rest.split("\x01") if part)
    kind, _, token = fields.get("auth", "").partition(" ")
    if kind.lower() != "bearer" or not text.endswith("\x01\x01"):
        return "", ""
    if head.startswith("user="):
        return head[5:], token
    named = next((part[2:] for part in head.split(",") if part.startswith("a=")), "")
    return named.replace("=2C", ",").replace("=3D", "="), token


class TakesTokens(SMTP):
    """A conversation that can be opened by a token; `opens` says whether one does."""

    opens: Opens | None = None
    scope = ""
    line_length_limit = LINE_MAX + 2

    def __init__(self, *given: Any, **named: Any) -> None:
        """As aiosmtpd's, with limits of its own: there they are shared by all connections."""
        self.command_size_limits = defaultdict(lambda: SMTP.command_size_limit)
        super().__init__(*given, **named)
        self.command_size_limits["AUTH"] = LINE_MAX

    async def auth_XOAUTH2(self, _: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """Google's mechanism; a refusal is ended by an empty line."""
        return await self._opened(args, b"")

    async def auth_OAUTHBEARER(self, _: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """RFC 7628's; a refusal is ended by a single control-A."""
        return await self._opened(args, b"\x01")

    async def _opened(self, args: list[str], end: bytes) -> AuthResult:
        response = args[1] if len(args) > 1 else await self._asked()
        user, token = told(response)
        if self.opens is not None and user and self.opens(user, token):
            return AuthResult(success=True)
        reason = {"status": "400", "schemes": "Bearer", "scope": self.scope}
        answer = await self.challenge_auth(json.dumps(reason))
        message = REFUSED if answer == end else "501 5.5.2 Cannot decode the response"
        return AuthResult(success=False, handled=False, message=message)

    async def _asked(self) -> str:
        """The response of a client that did not send it with the command."""
        await self.push("334 ")
        reader: Any = self._reader
        line: bytes = await reader.readline()
        return line.strip().decode("ascii", "replace")
