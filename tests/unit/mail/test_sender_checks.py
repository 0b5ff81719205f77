"""A workspace's own domain is looked at before mail leaves under its name, and not too often."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dkim
import dns.rcode
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from builders.certificates import Authority, signing_key
from builders.connectors import NOW, FakeClock, MemoryGrants
from builders.dns_server import Zone, dns_server
from builders.mail_server import Inbox, mail_server
from unit.mail.test_messages import LETTER, ROUTE
from well.domain.delivery import Delivery
from well.domain.failure import Failed, FailureKind, WayOut
from well.domain.sender import RecordKind, RecordState, SenderCheck
from well.mail.adapter import Outbox
from well.mail.names import texts_by
from well.mail.records import key_record
from well.mail.sender import HOLDS, LOOK, SenderChecks, looked
from well.ports.grants import Grant
from well.ports.mailer import WayLost
from well.settings import Mail

KEY, _ = signing_key()
DOMAIN, NAME = "acme.example", "w1._domainkey.acme.example"
TERMS = "include:_spf.well.example"


@pytest.fixture
def zone() -> Zone:
    made = Zone()
    made.publish(NAME, key_record(KEY))
    return made


@pytest.fixture
def mail(zone: Zone, tmp_path: Path) -> Iterator[Mail]:
    for domain in (DOMAIN, "well.example"):
        (tmp_path / f"{domain}.pem").write_bytes(KEY)
    with dns_server(zone) as address:
        yield Mail(
            domain="well.example",
            dkim_key=str(tmp_path),
            dkim_selector="w1",
            dns=address,
            spf=TERMS,
        )


def _look(mail: Mail, domain: str = DOMAIN) -> SenderCheck:
    return looked(mail, domain, NOW, texts_by(mail.dns))


def test_a_look_tells_every_record_of_a_domain_and_what_it_rests_on(zone: Zone, mail: Mail) -> None:
    check = _look(mail)
    states = {record.kind: record.state for record in check.records}
    assert states == {
        RecordKind.DKIM: RecordState.PUBLISHED,
        RecordKind.SPF: RecordState.MISSING,
        RecordKind.DMARC: RecordState.MISSING,
    }
    assert (check.own, check.signs, check.relay) == (True, True, False)
    assert (check.envelope, check.aligned) == ("well.example", False)
    assert not check.lost and not check.unproven


def test_where_no_key_is_kept_the_rest_is_told_for_information(mail: Mail) -> None:
    check = _look(Mail(domain="well.example", dns=mail.dns))
    assert [record.kind for record in check.records] == [RecordKind.DMARC]
    assert (check.relay, check.signs, check.lost) == (True, False, False)


def test_a_domain_without_a_key_of_ours_or_with_a_broken_one_is_not_signed(
    mail: Mail, tmp_path: Path
) -> None:
    check = _look(mail, "other.example")
    assert (check.relay, check.signs, check.lost) == (False, False, False)
    for broken in (b"no key at all", b""):
        (tmp_path / f"{DOMAIN}.pem").write_bytes(broken)
        check = _look(mail)
        assert not check.signs and not check.fit
        with pytest.raises(WayLost):
            _sent(mail, FakeClock())


def test_a_key_that_nothing_signs_with_is_shown_and_not_used(mail: Mail, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / f"{DOMAIN}.pem").write_bytes(pem)
    check = _look(mail)
    shown = check.record(RecordKind.DKIM)
    assert shown is not None and shown.value == key_record(pem)
    assert not check.signs
    with pytest.raises(WayLost):
        _sent(mail, FakeClock())


def test_without_a_domain_of_the_installation_the_envelope_is_the_senders(mail: Mail) -> None:
    check = _look(Mail(dns=mail.dns))
    assert (check.envelope, check.aligned) == (DOMAIN, True)


def _sent(mail: Mail, clock: FakeClock, outbox: Outbox | None = None) -> Delivery:
    """Hand one letter over through a server that takes it."""
    inbox = Inbox()
    with mail_server(inbox) as port:
        used = outbox or Outbox(mail, b"k" * 32, clock)
        used.mail = Mail(
            host="localhost",
            port=port,
            security="none",
            domain=mail.domain,
            dkim_key=mail.dkim_key,
            dkim_selector=mail.dkim_selector,
            dns=mail.dns,
        )
        try:
            return used.of("c", MemoryGrants()).hand_over(ROUTE, LETTER)
        finally:
            signed = [dkim.verify(e.content, dnsfunc=_published) for e in inbox.received]
            assert all(signed)


def _published(name: bytes, timeout: int = 5) -> bytes:
    return key_record(KEY).encode() if name == f"{NAME}.".encode() else b""


@pytest.mark.parametrize("texts", [[], ["v=DKIM1; p="], ["p=one", "p=two"]])
def test_a_domain_that_lost_its_key_sends_nothing(zone: Zone, mail: Mail, texts: list[str]) -> None:
    zone.publish(NAME, *texts)
    with pytest.raises(WayLost) as caught:
        _sent(mail, FakeClock())
    failure = caught.value.failure
    assert (failure.kind, failure.way_out) == (FailureKind.REJECTED, WayOut.DELIVERY)
    assert NAME in failure.sentence and "everything is kept" in failure.sentence


@pytest.mark.parametrize("code", [dns.rcode.SERVFAIL, dns.rcode.REFUSED])
def test_a_name_server_in_trouble_does_not_stop_the_mail(
    zone: Zone, mail: Mail, code: dns.rcode.Rcode
) -> None:
    zone.fails = {NAME: code}
    _sent(mail, FakeClock())


def test_a_domain_is_looked_at_once_an_hour(zone: Zone, mail: Mail) -> None:
    clock = FakeClock()
    outbox = Outbox(mail, b"k" * 32, clock)
    for _ in range(3):
        _sent(mail, clock, outbox)
    assert zone.asked.count(NAME) == 1
    known = outbox.senders.known(DOMAIN)
    assert known is not None
    zone.publish(NAME)
    clock.sleep((known.at + HOLDS - clock.now() - timedelta(seconds=1)).total_seconds())
    _sent(mail, clock, outbox)
    clock.sleep(1)
    with pytest.raises(WayLost):
        _sent(mail, clock, outbox)
    assert zone.asked.count(NAME) == 2


def test_a_domain_that_was_put_right_sends_at_once(zone: Zone, mail: Mail) -> None:
    clock = FakeClock()
    outbox = Outbox(mail, b"k" * 32, clock)
    zone.publish(NAME)
    with pytest.raises(WayLost):
        _sent(mail, clock, outbox)
    zone.publish(NAME, key_record(KEY))
    _sent(mail, clock, outbox)


def test_the_installations_own_domain_is_never_refused_nor_asked_for(
    zone: Zone, mail: Mail
) -> None:
    zone.txt.clear()
    SenderChecks(FakeClock()).before_sending(mail, "well.example")
    assert zone.asked == []
    assert not _look(mail, "well.example").lost


def test_a_slow_name_server_is_not_asked_for_ever(zone: Zone, mail: Mail) -> None:
    clock = FakeClock()
    asked: list[str] = []

    def slow(name: str) -> list[str]:
        asked.append(name)
        clock.sleep(LOOK.total_seconds())
        return []

    check = SenderChecks(clock, lambda _: slow).look(mail, DOMAIN)
    assert asked == [NAME]
    assert [record.state for record in check.records] == [
        RecordState.MISSING,
        RecordState.UNASKED,
        RecordState.UNASKED,
    ]


def test_a_refused_password_is_the_workspaces_to_renew_only_at_its_own_server(
    tmp_path: Path,
) -> None:
    authority = Authority(tmp_path)
    grants = MemoryGrants(Grant("wrong", "", NOW))
    with mail_server(Inbox(), authority.context(), passwords={"acme": "right"}) as port:
        mail = Mail(
            host="localhost",
            port=port,
            user="acme",
            password="wrong",
            ca_file=str(authority.file),
            private_hosts=("localhost",),
            domain="well.example",
            retry=5.0,
        )
        mailer = Outbox(mail, b"k", FakeClock()).of("c", grants)
        with pytest.raises(Failed) as ours:
            mailer.hand_over(ROUTE, LETTER)
        with pytest.raises(WayLost) as theirs:
            mailer.hand_over(replace(ROUTE, host="localhost", port=port, user="acme"), LETTER)
    assert not isinstance(ours.value, WayLost)
    assert ours.value.failure.kind is FailureKind.TRANSIENT
    assert ours.value.failure.retry_at is not None
    assert "mail server of this installation does not let Well in" in ours.value.failure.sentence
    assert theirs.value.failure.kind is FailureKind.GRANT_LOST
    assert theirs.value.failure.way_out is WayOut.DELIVERY


def test_a_password_that_is_not_kept_stops_the_way() -> None:
    own = replace(ROUTE, host="mail.acme.example", user="acme")
    with pytest.raises(WayLost):
        Outbox(Mail(), b"k", FakeClock()).of("c", MemoryGrants()).hand_over(own, LETTER)
