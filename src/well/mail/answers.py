"""What an answer of a mail server means for the document (RFC 5321, 4.2 and 4.5.4).

Invariant: `REJECTED` only where the server said no for good, `TRANSIENT` only where nothing can
have been taken, `NO_ANSWER` only where it may have been; sentences carry the server's own words
on one line. It speaks to no server.
"""

from well.domain.failure import Failed, Failure, FailureKind, WayOut

WORDS_MAX = 300


def plain(words: bytes | str) -> str:
    """A server's words on one line of printable text, at most WORDS_MAX characters."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    shown = "".join(c if c.isprintable() else " " for c in text[: WORDS_MAX * 4])
    return " ".join(shown.split())[:WORDS_MAX]


def before_dot(host: str, code: int, words: bytes) -> None:
    """Let 2yz pass; `Failed` for anything else said before the message was ended."""
    if code // 100 == 5:
        raise Failed(refused(host, code, words))
    if code // 100 != 2:
        raise Failed(nothing_sent(host, f"{code} {plain(words)}"))


def after_dot(host: str, code: int, words: bytes) -> str:
    """The words of acceptance; `Failed` for any other answer to the whole message."""
    if code // 100 == 2:
        return f"{code} {plain(words)}".strip()
    if code // 100 == 4:
        raise Failed(nothing_sent(host, f"{code} {plain(words)}"))
    if code // 100 == 5:
        raise Failed(refused(host, code, words))
    raise Failed(unknown(host, f"{code} {plain(words)}"))


def nothing_sent(host: str, note: str) -> Failure:
    """The server cannot take it now; nothing was taken."""
    return Failure(
        FailureKind.TRANSIENT,
        f"The mail server {host} did not take the document now ({plain(note)}). Nothing was sent.",
        plain(note),
        way_out=WayOut.WAIT,
    )


def no_tls(host: str) -> Failure:
    """Encryption is not offered (any more): somebody may stand in between."""
    return Failure(
        FailureKind.TRANSIENT,
        f"The mail server {host} does not offer encryption (STARTTLS). Nothing was sent. "
        "If it stays so, choose TLS on port 465.",
        "STARTTLS is not among the extensions",
        way_out=WayOut.WAIT,
    )


def refused(host: str, code: int, words: bytes) -> Failure:
    """The server said no for good."""
    return Failure(
        FailureKind.REJECTED,
        f"The mail server {host} refused the document: {code} {plain(words)}. It is kept here; "
        "correct what the server complains of, then retry.",
        f"{code} {plain(words)}",
        way_out=WayOut.FIX_AND_RETRY,
    )


def too_large(host: str, size: int, limit: int) -> Failure:
    """The encoded message is over the server's SIZE (RFC 1870), both in bytes."""
    return Failure(
        FailureKind.REJECTED,
        f"As a mail the document has {size / 1e6:.1f} MB; the mail server {host} takes at most "
        f"{limit / 1e6:.1f} MB. Nothing was sent. Replace it by a smaller one at the source, "
        "then retry.",
        f"{size} > SIZE {limit}",
        way_out=WayOut.FIX_AND_RETRY,
    )


def sign_in_refused(host: str, note: str) -> Failure:
    """User name or password are not accepted (535 and the like)."""
    return Failure(
        FailureKind.GRANT_LOST,
        f"The mail server {host} does not accept the user name and password. Everything is "
        "kept and waits; enter them again on the page “Delivery by e-mail” to go on.",
        plain(note),
        way_out=WayOut.DELIVERY,
    )


def installation_refused(note: str) -> Failure:
    """The installation's own server does not let it in: nobody in a workspace can cure that."""
    return Failure(
        FailureKind.TRANSIENT,
        "The mail server of this installation does not let Well in. Nothing was sent; "
        "whoever runs Well has to renew the password.",
        note,
        way_out=WayOut.WAIT,
    )


def token_refused(host: str, words: str, reason: str = "") -> Failure:
    """The mailbox is not opened by the token of the sign-in (535 and the like); `reason` is what
    the server told the program besides."""
    return Failure(
        FailureKind.GRANT_LOST,
        f"The mail server {host} does not open the mailbox with the sign-in that Well has "
        f"({plain(words)}). Everything is kept; sign in again on the page “Delivery by e-mail”, "
        "with the mailbox that is named there.",
        plain(f"{words} {reason}"),
        way_out=WayOut.DELIVERY,
    )


def no_token_taken(host: str) -> Failure:
    """The server knows neither XOAUTH2 nor OAUTHBEARER."""
    return Failure(
        FailureKind.REJECTED,
        f"The mail server {host} takes no sign-in of a mail provider. Nothing was sent; choose "
        "a password on the page “Delivery by e-mail”, or have its administrator allow it.",
        "neither XOAUTH2 nor OAUTHBEARER is offered",
        way_out=WayOut.FIX_AND_RETRY,
    )


def misconfigured(host: str, note: str) -> Failure:
    """A setting of the installation makes no sense."""
    return Failure(
        FailureKind.REJECTED,
        f"The settings of the mail server {host} cannot work ({note}). Nothing was sent; whoever "
        "runs Well can correct them, then retry.",
        note,
        way_out=WayOut.FIX_AND_RETRY,
    )


def unknown(host: str, note: str) -> Failure:
    """The connection broke between the end of the message and its answer."""
    return Failure(
        FailureKind.NO_ANSWER,
        f"The connection to the mail server {host} broke at the decisive moment: the document "
        "may have arrived or not. It is not sent again by itself.",
        plain(note),
        way_out=WayOut.DECIDE,
    )
