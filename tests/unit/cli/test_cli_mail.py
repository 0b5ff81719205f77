"""`well mail` tells the records of a domain and says by its exit code whether mail is believed."""

from collections.abc import Iterator
from pathlib import Path

import dns.rcode
import pytest

from builders.certificates import signing_key
from builders.dns_server import Zone, dns_server
from well.cli.main import main
from well.mail.records import key_record

KEY, _ = signing_key()
NAME = "w1._domainkey.well.example"


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    made = Zone()
    (tmp_path / "key.pem").write_bytes(KEY)
    with dns_server(made) as address:
        for name, value in {
            "DOMAIN": "well.example",
            "DNS": address,
            "DKIM_KEY": str(tmp_path / "key.pem"),
            "DKIM_SELECTOR": "w1",
            "SPF": "ip4:192.0.2.1",
        }.items():
            monkeypatch.setenv(f"WELL_MAIL_{name}", value)
        yield made


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["mail", *arguments])
    return code, capsys.readouterr().out


def test_what_is_missing_is_told_with_what_to_publish(
    zone: Zone, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = _told(capsys)
    assert code == 1
    assert f"DKIM  {NAME} TXT: missing" in text
    assert f"to publish: {key_record(KEY)}" in text
    assert "to publish: v=spf1 ip4:192.0.2.1 ~all" in text
    assert "The envelope is of well.example, which counts for well.example" in text


def test_a_domain_that_is_as_it_must_be_is_told_so_without_a_policy(
    zone: Zone, capsys: pytest.CaptureFixture[str]
) -> None:
    zone.publish(NAME, key_record(KEY))
    zone.publish("well.example", "v=spf1 ip4:192.0.2.1 -all")
    code, text = _told(capsys, "Well.example.")
    assert code == 0 and "DMARC _dmarc.well.example TXT: missing" in text


def test_what_cannot_be_asked_is_neither_right_nor_wrong(
    zone: Zone, capsys: pytest.CaptureFixture[str]
) -> None:
    zone.fails = dict.fromkeys((NAME, "well.example", "_dmarc.well.example"), dns.rcode.SERVFAIL)
    code, text = _told(capsys)
    assert code == 2 and text.count("could not be asked now") == 3


def test_a_domain_without_a_key_is_refused_and_one_that_is_no_domain_is_said_so(
    zone: Zone, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, text = _told(capsys, "acme.example")
    assert code == 1 and "no usable key for acme.example" in text
    assert main(["mail", "no domain"]) == 2
    monkeypatch.setenv("WELL_MAIL_DKIM_KEY", "")
    zone.publish("well.example", "v=spf1 ip4:192.0.2.1 -all")
    code, text = _told(capsys)
    assert code == 0 and "Well signs nothing" in text


def test_what_a_stranger_published_cannot_steer_a_terminal(
    zone: Zone, capsys: pytest.CaptureFixture[str]
) -> None:
    zone.txt[NAME] = [[b"\x1b[2Jp=\n\rAAAA"]]
    _, text = _told(capsys)
    assert "\x1b" not in text and "\r" not in text
