"""Signing in with a token instead of a password: XOAUTH2, else OAUTHBEARER.

Invariant: a token is said only in TLS (the caller sees to it), only by a mechanism that the server
offers, and never holds anything but visible ASCII. One call is one try.
Sources: RFC 4954 4 (AUTH), RFC 7628 (OAUTHBEARER), Google's page on XOAUTH2.
"""

import re
import smtplib
from base64 import b64decode, b64encode

from well.domain.delivery import is_mail_address
from well.domain.failure import Failed
from well.mail import answers
from well.mail.wire import Wire

XOAUTH2, OAUTHBEARER = "XOAUTH2", "OAUTHBEARER"
CHALLENGE, ACCEPTED = 334, 235
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")
"""In base64, with the user, it stays below the 12 288 bytes that RFC 4954 allows a line of AUTH."""
_END = {XOAUTH2: "", OAUTHBEARER: b64encode(b"\x01").decode()}
"""What ends an exchange that has failed: an empty line, or RFC 7628's dummy (3.2.3)."""


def sign_in(wire: Wire, host: str, user: str, token: str) -> None:
    """Sign in; `Failed` (grant lost) when the server does not take the token, (rejected) when it
    takes none at all. SMTPException when the server is out of order."""
    way = mechanism(wire.esmtp_features.get("auth", ""))
    if way is None:
        raise Failed(answers.no_token_taken(host))
    try:
        first = initial(way, user, token)
    except ValueError as error:
        raise Failed(answers.token_refused(host, str(error))) from error
    code, words = wire.docmd("AUTH", f"{way} {first}")
    reason = b""
    if code == CHALLENGE:
        reason = _decoded(words)
        code, words = wire.docmd(_END[way])
    if code == ACCEPTED:
        return
    words, reason = (_without(said, token, first) for said in (words, reason))
    if code // 100 == 5:
        told = f"{code} {answers.plain(words)}"
        raise Failed(answers.token_refused(host, told, answers.plain(reason)))
    raise smtplib.SMTPResponseException(code, words)


def mechanism(offered: str) -> str | None:
    """The mechanism to use of those that are offered, as EHLO lists them."""
    known = offered.upper().split()
    return next((way for way in (XOAUTH2, OAUTHBEARER) if way in known), None)


def initial(way: str, user: str, token: str) -> str:
    """The initial response in base64; ValueError for a user or token with anything odd in it."""
    if not is_mail_address(user) or not _TOKEN.fullmatch(token):
        raise ValueError("the user is no plain address, or the token is none")
    if way == OAUTHBEARER:
        # An address holds no comma; with the equals sign it is what RFC 5801 4 wants encoded.
        said = f"n,a={user.replace('=', '=3D')},\x01auth=Bearer {token}\x01\x01"
    else:
        said = f"user={user}\x01auth=Bearer {token}\x01\x01"
    return b64encode(said.encode("ascii")).decode("ascii")


def _without(said: bytes, *secrets: str) -> bytes:
    """What a server said, without the secrets that it may have said again."""
    for secret in secrets:
        said = said.replace(secret.encode("ascii"), b"***")
    return said


def _decoded(challenge: bytes) -> bytes:
    """The server's reason (JSON in base64), for people to read; nothing where it is none."""
    try:
        return b64decode(challenge[: answers.WORDS_MAX * 4], validate=True)
    except ValueError:
        return b""
