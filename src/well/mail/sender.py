"""Looks at the domain of a From before mail leaves under its name, at most once an hour.

Invariant: a workspace's own domain whose key is positively missing or different sends nothing;
one that could not be asked about stands as it did. The installation's own domain is told, never
refused. It keeps no state beyond the process.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from well.domain.failure import Failure, FailureKind, WayOut
from well.domain.sender import RecordKind, SenderCheck, SenderRecord
from well.mail.dkim import keys_in
from well.mail.names import Texts, texts_by
from well.mail.records import aligned, dkim_record, dmarc_record, signs_with, spf_record
from well.ports.clock import Clock
from well.ports.mailer import WayLost
from well.settings import Mail

HOLDS = timedelta(hours=1)
"""How long a look is believed before mail leaves."""
LOOK = timedelta(seconds=12)
"""After this long no further name is asked within one look."""
Asker = Callable[[str], Texts]
"""How a name server is asked, by the setting that names it."""


class SenderChecks:
    """What is known of the senders' domains of one installation."""

    def __init__(self, clock: Clock, asker: Asker = texts_by) -> None:
        self._clock = clock
        self._asker = asker
        self._known: dict[str, SenderCheck] = {}

    def known(self, domain: str) -> SenderCheck | None:
        """The last look of this process, None when it is too old to be told."""
        found = self._known.get(domain)
        return found if found and self._clock.now() - found.at < HOLDS else None

    def forget(self, domain: str) -> None:
        """The next mail of this domain is preceded by a look."""
        self._known.pop(domain, None)

    def look(self, mail: Mail, domain: str) -> SenderCheck:
        """Ask the name server now."""
        now = self._clock.now()
        made = looked(mail, domain, now, _within(self._asker(mail.dns), now + LOOK, self._clock))
        self._known[domain] = made
        return made

    def before_sending(self, mail: Mail, domain: str) -> None:
        """Let pass, or `WayLost` (rejected) for an own domain that has lost its key. A domain
        that had lost it is looked at again at once: somebody may have put it right."""
        if domain == mail.domain:
            return
        check = self.known(domain)
        if check is None or check.lost:
            check = self.look(mail, domain)
        if check.lost:
            raise WayLost(lost(check))


def _within(texts: Texts, until: datetime, clock: Clock) -> Texts:
    return lambda name: texts(name) if clock.now() < until else None


def looked(mail: Mail, domain: str, now: datetime, texts: Texts) -> SenderCheck:
    """One look at a domain from which the installation's server sends."""
    key_of = keys_in(mail.dkim_key, mail.domain)
    pem = key_of(domain) if key_of and mail.dkim_selector else None
    key = _key(mail, domain, pem, texts) if pem else None
    policy = dmarc_record(domain, texts)
    allowed = spf_record(domain, mail.spf, texts) if mail.spf else None
    envelope = mail.domain or domain
    return SenderCheck(
        domain=domain,
        at=now,
        own=domain != mail.domain,
        signs=pem is not None and key is not None and signs_with(pem),
        relay=key_of is None,
        envelope=envelope,
        aligned=aligned(domain, envelope, policy),
        records=tuple(record for record in (key, allowed, policy) if record is not None),
    )


def _key(mail: Mail, domain: str, pem: bytes, texts: Texts) -> SenderRecord | None:
    """None for a file that holds no key: then the mail is refused when it is to be signed."""
    try:
        return dkim_record(domain, mail.dkim_selector, pem, texts)
    except (ValueError, TypeError):
        return None


def lost(check: SenderCheck) -> Failure:
    """The world does not know the key of the From's domain."""
    key = check.record(RecordKind.DKIM)
    assert key is not None, "only a record that was looked for can be lost"
    return Failure(
        FailureKind.REJECTED,
        f"The record {key.name} is {_what(key)}, so receivers would not believe mail of "
        f"{check.domain}. Nothing was sent and everything is kept: publish the record that stands "
        "on the page “Delivery by e-mail”, then press “Look again” there.",
        f"{key.name}: {key.state.value} {key.remark.value}: {key.found[:200]}",
        way_out=WayOut.DELIVERY,
    )


def _what(key: SenderRecord) -> str:
    return "published with another value" if key.found else "not published"
