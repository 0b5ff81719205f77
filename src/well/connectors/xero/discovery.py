"""Who gives tokens for an MCP server, asked of the server itself.

Invariant: nothing of an answer is believed that points to a host this installation does not allow;
metadata that speaks for another resource or another issuer is refused. It holds no token.
Sources: MCP specification 2025-06-18 (authorization), RFC 9728 3, RFC 8414 3.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from mcp.client.auth.utils import (
    build_oauth_authorization_server_metadata_discovery_urls,
    build_protected_resource_metadata_discovery_urls,
)
from mcp.shared.auth import OAuthMetadata, ProtectedResourceMetadata
from mcp.shared.auth_utils import check_resource_allowed
from pydantic import BaseModel, ValidationError

from well.connectors.failures import malformed, rejected, transient
from well.connectors.http import Answer, Call, Door, TooLargeError, UnansweredError
from well.connectors.xero.limits import TITLE
from well.domain.failure import Failed, WayOut

METADATA_MAX = 256 * 1024
SECONDS = 5.0
"""A token is renewed under a lease of 20 s, and a new process asks all this first."""

_Form = TypeVar("_Form", bound=BaseModel)
_POINTER = re.compile(r'resource_metadata=(?:"([^"]+)"|([^\s,]+))')
_PROBE = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'


@dataclass(frozen=True, slots=True)
class Authorization:
    """An authorization server and what it needs for one resource; `scopes` None: it did not say."""

    resource: str
    issuer: str
    authorize: str
    token: str
    register: str
    revoke: str
    scopes: frozenset[str] | None
    names_issuer: bool


def discover(mcp: str, server: Door, authorities: Door) -> Authorization:
    """What the MCP server at `mcp` says of itself; `Failed` when that is not to be had or odd."""
    resource = _resource(mcp, server, authorities)
    for issuer in map(str, resource.authorization_servers):
        found = _authority(issuer, authorities)
        if found is not None:
            return _checked(resource, found, authorities)
    raise malformed(TITLE, "no metadata of an authorization server")


def _resource(mcp: str, server: Door, authorities: Door) -> ProtectedResourceMetadata:
    pointer = _pointer(mcp, server)
    for url in build_protected_resource_metadata_discovery_urls(pointer, mcp):
        found = _metadata(url, authorities, ProtectedResourceMetadata)
        if found is None:
            continue
        if not check_resource_allowed(mcp, str(found.resource)):
            raise _stranger(f"metadata of {found.resource} for {mcp}")
        return found
    raise malformed(TITLE, "no metadata of the protected resource")


def _pointer(mcp: str, server: Door) -> str | None:
    """The address in the refusal of a call without a token."""
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    call = Call("POST", mcp, headers, content=_PROBE, size_max=METADATA_MAX, seconds=SECONDS)
    answer = _send(server, call)
    if answer.status != 401:
        raise malformed(TITLE, f"a call without a token was answered with {answer.status}")
    found = _POINTER.search(answer.headers.get("WWW-Authenticate", ""))
    return (found[1] or found[2]) if found else None


def _authority(issuer: str, door: Door) -> OAuthMetadata | None:
    for url in build_oauth_authorization_server_metadata_discovery_urls(issuer, issuer):
        found = _metadata(url, door, OAuthMetadata)
        if found is not None:
            # RFC 8414 3.3: the issuer is compared as it is spelled.
            if str(found.issuer).rstrip("/") != issuer.rstrip("/"):
                raise _stranger(f"metadata of {found.issuer} at {issuer}")
            return found
    return None


def _metadata(url: str, door: Door, form: type[_Form]) -> _Form | None:
    answer = door.fetch(Call("GET", url, size_max=METADATA_MAX, seconds=SECONDS))
    if answer.status >= 500:
        raise transient(TITLE, f"metadata answered {answer.status}")
    if answer.status != 200:
        return None
    try:
        return form.model_validate_json(answer.body)
    except ValidationError:
        return None


def _checked(
    resource: ProtectedResourceMetadata, found: OAuthMetadata, door: Door
) -> Authorization:
    authorize, token = str(found.authorization_endpoint), str(found.token_endpoint)
    register, revoke = str(found.registration_endpoint or ""), str(found.revocation_endpoint or "")
    if not register:
        sentence = f"{TITLE}'s server does not let Well register itself."
        raise rejected(sentence, "no registration_endpoint", WayOut.FIX_AND_RETRY)
    methods = found.code_challenge_methods_supported
    if methods is not None and "S256" not in methods:
        raise rejected(f"{TITLE}'s server lacks a protection that Well insists on.", "no S256")
    for url in filter(None, (authorize, token, register, revoke)):
        door.check("POST", url)
    known = [scopes for scopes in (resource.scopes_supported, found.scopes_supported) if scopes]
    return Authorization(
        resource=str(resource.resource),
        issuer=str(found.issuer),
        authorize=authorize,
        token=token,
        register=register,
        revoke=revoke,
        scopes=frozenset(scope for scopes in known for scope in scopes) if known else None,
        names_issuer=bool(found.authorization_response_iss_parameter_supported),
    )


def _send(door: Door, call: Call) -> Answer:
    try:
        return door.send(call)
    except (UnansweredError, TooLargeError) as error:
        raise transient(TITLE, str(error)) from error


def _stranger(note: str) -> Failed:
    sentence = f"{TITLE}'s server points to a server that does not speak for it."
    return rejected(sentence, note, WayOut.FIX_AND_RETRY)


def origins(urls: Iterable[str]) -> list[str]:
    """The distinct origins of addresses, in order."""
    parts = [urlsplit(url) for url in urls if url]
    return list(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))
