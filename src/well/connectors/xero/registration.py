"""Well makes itself known to an authorization server: Dynamic Client Registration.

Invariant: Well registers as a public client, so there is no secret to keep or to paste; it
registers anew only when the server says that it does not know the client. It asks for no token.
Source: RFC 7591 2 and 3.
"""

import json
from urllib.parse import urlsplit

from mcp.shared.auth import OAuthClientInformationFull
from pydantic import ValidationError

from well.connectors.addresses import is_local_literal
from well.connectors.failures import clean, malformed, rejected, transient
from well.connectors.http import Answer, Call, Door, TooLargeError, UnansweredError
from well.connectors.jsontext import mapping
from well.connectors.xero.discovery import METADATA_MAX, SECONDS, Authorization
from well.connectors.xero.limits import TITLE
from well.domain.failure import WayOut
from well.ports.registrations import Registration, Registrations

CLIENT_NAME = "Well"
CLIENT_ID_MAX = 2000
_NOBODY = "well-asks-whether-it-is-known"


def registered(
    at: Authorization, redirect_uri: str, scopes: tuple[str, ...], kept: Registrations, door: Door
) -> Registration:
    """The registration to begin a consent with: the kept one while the server knows it.

    An authorization page never tells a client that it was forgotten, it tells the person. So the
    token endpoint is asked first, with a token that nobody has.
    """
    known = kept.find(at.issuer, redirect_uri)
    if known is not None and _is_known(at, known, door):
        return known
    made = Registration(at.issuer, redirect_uri, _register(at, redirect_uri, scopes, door))
    kept.keep(made)
    return made


def _register(at: Authorization, redirect_uri: str, scopes: tuple[str, ...], door: Door) -> str:
    local = is_local_literal(urlsplit(redirect_uri).hostname or "")
    asked = {
        "client_name": CLIENT_NAME,
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "application_type": "native" if local else "web",
        "scope": " ".join(scopes),
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    answer = _post(door, Call("POST", at.register, headers, content=json.dumps(asked).encode()))
    if answer.status not in (200, 201):
        note = clean(f"registration answered {answer.status} {_error(answer)}")
        if answer.status == 429 or answer.status >= 500:
            raise transient(TITLE, note)
        raise rejected(f"{TITLE} did not let Well register itself.", note, WayOut.FIX_AND_RETRY)
    try:
        client_id = OAuthClientInformationFull.model_validate_json(answer.body).client_id
    except ValidationError:
        raise malformed(TITLE, "a registration without a client id") from None
    if not 0 < len(client_id) <= CLIENT_ID_MAX or not client_id.isprintable():
        raise malformed(TITLE, "a registration with an unusable client id")
    return client_id


def _is_known(at: Authorization, known: Registration, door: Door) -> bool:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": _NOBODY,
        "client_id": known.client_id,
        "resource": at.resource,
    }
    answer = _post(door, Call("POST", at.token, {"Accept": "application/json"}, form=form))
    return not (400 <= answer.status < 500 and _error(answer) == "invalid_client")


def _post(door: Door, call: Call) -> Answer:
    bounded = Call(
        call.method,
        call.url,
        call.headers,
        form=call.form,
        content=call.content,
        size_max=METADATA_MAX,
        seconds=SECONDS,
    )
    try:
        return door.send(bounded)
    except (UnansweredError, TooLargeError) as error:
        raise transient(TITLE, str(error)) from error


def _error(answer: Answer) -> str:
    try:
        return str(mapping(answer.json().value).get("error", ""))
    except ValueError:
        return ""
