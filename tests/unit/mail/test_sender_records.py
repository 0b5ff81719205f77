"""Each record of a sender's domain, as a real name server on loopback tells it or fails to."""

from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from builders.dns_server import Zone, dns_server
from well.domain.sender import RecordKind, RecordState, Remark, SenderRecord
from well.mail.names import RECORDS, TEXT_MAX, texts_by
from well.mail.records import (
    LOOKUPS,
    POLICY,
    aligned,
    dkim_record,
    dmarc_record,
    key_record,
    spf_record,
)

DOMAIN = "acme.example.com"
NAME = f"w1._domainkey.{DOMAIN}"
TERMS = "include:_spf.well.example"
P, M, X, U = RecordState.PUBLISHED, RecordState.MISSING, RecordState.OTHER, RecordState.UNASKED


def pem_of(key: RSAPrivateKey | Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


KEY = pem_of(rsa_key(65537, 2048))
PUBLIC = key_record(KEY).partition("p=")[2]


@pytest.fixture
def zone() -> Zone:
    return Zone()


@pytest.fixture
def server(zone: Zone) -> Iterator[str]:
    with dns_server(zone) as address:
        yield address


def _dkim(server: str) -> SenderRecord:
    return dkim_record(DOMAIN, "w1", KEY, texts_by(server))


def test_the_key_to_publish_is_computed_of_the_private_one() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    assert key_record(KEY).startswith("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0B")
    assert key_record(pem_of(key)) == (
        "v=DKIM1; k=ed25519; p=A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
    )
    loaded = load_pem_private_key(KEY, None)
    assert isinstance(loaded, RSAPrivateKey) and loaded.key_size == 2048


def test_a_key_of_another_kind_is_refused() -> None:
    curve = generate_private_key(SECP256R1())
    pem = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ValueError, match="neither RSA nor Ed25519"):
        key_record(pem)


@pytest.mark.parametrize(
    ("texts", "state", "remark"),
    [
        ([f"v=DKIM1; k=rsa; p={PUBLIC}"], P, Remark.NONE),
        ([f"p={PUBLIC}"], P, Remark.NONE),
        ([f" k = rsa ;v=DKIM1;p= {PUBLIC[:50]} \t {PUBLIC[50:]} ; t=y;"], P, Remark.NONE),
        ([f"v=DKIM1; s=email; h=sha1:sha256; p={PUBLIC}"], P, Remark.NONE),
        ([f"v=DKIM1; s=other; p={PUBLIC}"], X, Remark.NONE),
        ([f"v=DKIM1; h=sha1; p={PUBLIC}"], X, Remark.NONE),
        ([f"v=DKIM2; p={PUBLIC}"], X, Remark.NONE),
        ([f"v=DKIM1; k=ed25519; p={PUBLIC}"], X, Remark.NONE),
        ([f"v=DKIM1; p={PUBLIC[:-4]}"], X, Remark.NONE),
        (["v=DKIM1; p="], X, Remark.REVOKED),
        (["v=DKIM1; k=rsa"], X, Remark.NONE),
        (["what is this"], X, Remark.UNREADABLE),
        (["p=a; p=b"], X, Remark.UNREADABLE),
        ([""], X, Remark.NONE),
        ([f"p={PUBLIC}", "p=other"], X, Remark.SEVERAL),
        ([], M, Remark.NONE),
    ],
)
def test_a_published_key_is_ours_or_it_is_not(
    zone: Zone, server: str, texts: list[str], state: RecordState, remark: Remark
) -> None:
    zone.publish(NAME, *texts)
    if texts == [""]:
        zone.txt[NAME] = [[b""]]
    found = _dkim(server)
    assert (found.kind, found.name, found.value) == (RecordKind.DKIM, NAME, key_record(KEY))
    assert (found.state, found.remark) == (state, remark)


def test_a_name_that_leads_elsewhere_is_followed(zone: Zone, server: str) -> None:
    zone.aliases = {NAME: "keys.well.example"}
    zone.publish("keys.well.example", key_record(KEY))
    assert _dkim(server).state is P


@pytest.mark.parametrize("code", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, dns.rcode.FORMERR])
def test_a_server_in_trouble_never_says_that_a_record_is_missing(
    zone: Zone, server: str, code: dns.rcode.Rcode
) -> None:
    zone.fails = {NAME: code}
    assert _dkim(server).state is U


def _garbage(query: dns.message.Message) -> bytes:
    return query.id.to_bytes(2, "big") + b"\x81\x80\xff\xff\x00\x01" + b"\xc0" * 40


def _loop(query: dns.message.Message) -> bytes:
    answer = dns.message.make_response(query)
    answer.answer = [
        dns.rrset.from_text(f"{a}.example.", 60, "IN", "CNAME", f"{b}.example.")
        for a, b in (("a", "b"), ("b", "a"))
    ]
    return answer.to_wire()


@pytest.mark.parametrize("raw", [pytest.param(_garbage, marks=pytest.mark.slow), _loop])
def test_an_answer_that_makes_no_sense_never_says_that_a_record_is_there(
    zone: Zone, server: str, raw: object
) -> None:
    zone.raw = {NAME: raw}  # type: ignore[dict-item]
    assert _dkim(server).state in (U, M)


@pytest.mark.slow
def test_a_server_that_says_nothing_is_waited_for_a_few_seconds(zone: Zone, server: str) -> None:
    zone.raw = {NAME: lambda _: None}
    assert _dkim(server).state is U


@pytest.mark.parametrize("setting", ["nonsense", "127.0.0.1:x", "ns.example.com:53", "1.2.3.4:"])
def test_a_setting_that_names_no_server_asks_nobody(setting: str) -> None:
    assert texts_by(setting)(NAME) is None


@pytest.mark.parametrize(("count", "state"), [(RECORDS, X), (RECORDS + 1, U)])
def test_more_records_than_anybody_needs_are_not_judged(
    zone: Zone, server: str, count: int, state: RecordState
) -> None:
    zone.publish(NAME, *(f"p={n}" for n in range(count)))
    assert _dkim(server).state is state


@pytest.mark.parametrize(("size", "state"), [(TEXT_MAX, X), (TEXT_MAX + 1, U)])
def test_a_record_longer_than_anybody_needs_is_not_judged(
    zone: Zone, server: str, size: int, state: RecordState
) -> None:
    zone.publish(NAME, "p=" + "A" * (size - 2))
    found = _dkim(server)
    assert found.state is state and len(found.found) <= 600


def test_bytes_that_are_no_text_are_a_different_value(zone: Zone, server: str) -> None:
    zone.txt[NAME] = [[b"\xff\xfep=\x00", b"\x80"]]
    assert _dkim(server).state is X


def test_a_name_too_long_to_be_asked_is_not_called_missing(server: str) -> None:
    assert texts_by(server)(".".join(["a" * 60] * 5)) is None
    assert texts_by(server)("a" * 70 + ".example") is None


SPF_ROWS: list[tuple[list[str], RecordState, Remark]] = [
    ([f"v=spf1 {TERMS} ~all"], P, Remark.NONE),
    (["V=SPF1 +INCLUDE:_spf.well.example. -all"], P, Remark.NONE),
    (["v=spf1 -all"], X, Remark.NONE),
    (["v=spf1"], X, Remark.NONE),
    (["v=spf10 +all"], M, Remark.NONE),
    ([f"v=spf1 -{TERMS} -all"], X, Remark.NONE),
    ([f"v=spf1 -all {TERMS}"], X, Remark.NONE),
    (["v=spf1 +all"], P, Remark.EVERYBODY),
    (["v=spf1 all"], P, Remark.EVERYBODY),
    (["v=spf1 include:deep.example -all"], P, Remark.NONE),
    (["v=spf1 redirect=deep.example"], P, Remark.NONE),
    (["v=spf1 redirect=deep.example -all"], X, Remark.NONE),
    (["v=spf1 include:deeper.example -all"], X, Remark.NONE),
    (["v=spf1 include:troubled.example -all"], U, Remark.NONE),
    (["v=spf1 include:troubled.example include:deep.example -all"], P, Remark.NONE),
    (["v=spf1 include:two.example -all"], X, Remark.NONE),
    (["v=spf1 include:%{d}.example include:no such -all"], X, Remark.NONE),
    ([f"v=spf1 {TERMS} ~all", "v=spf1 -all"], X, Remark.SEVERAL),
    (["google-site-verification=1", "v=spf2.0/pra ?all"], M, Remark.NONE),
    ([], M, Remark.NONE),
]


@pytest.mark.parametrize(("texts", "state", "remark"), SPF_ROWS)
def test_who_may_send_is_read_directly_and_one_include_deep(
    zone: Zone, server: str, texts: list[str], state: RecordState, remark: Remark
) -> None:
    zone.publish("deep.example", f"v=spf1 {TERMS} ~all")
    zone.publish("deeper.example", "v=spf1 include:deep.example ~all")
    zone.publish("two.example", f"v=spf1 {TERMS} ~all", f"v=spf1 {TERMS} -all")
    zone.fails = {"troubled.example": dns.rcode.SERVFAIL}
    if texts:
        zone.publish(DOMAIN, *texts)
    found = spf_record(DOMAIN, TERMS, texts_by(server))
    assert (found.state, found.remark, found.name) == (state, remark, DOMAIN)


def test_what_to_publish_keeps_what_the_record_says_already(zone: Zone, server: str) -> None:
    texts = texts_by(server)
    assert spf_record(DOMAIN, TERMS, texts).value == f"v=spf1 {TERMS} ~all"
    zone.publish(DOMAIN, "v=spf1 mx -all")
    assert spf_record(DOMAIN, TERMS, texts).value == f"v=spf1 {TERMS} mx -all"
    zone.fails = {DOMAIN: dns.rcode.SERVFAIL}
    assert spf_record(DOMAIN, TERMS, texts).state is U


def test_a_record_of_a_thousand_includes_is_followed_a_few_times(zone: Zone, server: str) -> None:
    many = " ".join(f"include:n{n}.example" for n in range(300))
    zone.publish(DOMAIN, f"v=spf1 {many} -all")
    assert spf_record(DOMAIN, TERMS, texts_by(server)).state is X
    assert len(zone.asked) == 1 + LOOKUPS


def test_several_terms_are_all_needed(zone: Zone, server: str) -> None:
    zone.publish(DOMAIN, "v=spf1 ip4:192.0.2.1 -all")
    both = spf_record(DOMAIN, "ip4:192.0.2.1 ip6:2001:db8::1", texts_by(server))
    assert both.state is X
    assert spf_record(DOMAIN, "ip4:192.0.2.1", texts_by(server)).state is P


@pytest.mark.parametrize(
    ("name", "texts", "state", "value", "remark"),
    [
        (f"_dmarc.{DOMAIN}", ["v=DMARC1; p=reject"], P, "", Remark.NONE),
        (f"_dmarc.{DOMAIN}", ["v=DMARC1;p=none", "v=DMARC1;p=reject"], X, "", Remark.SEVERAL),
        (f"_dmarc.{DOMAIN}", ["v=DMARC10; p=none"], M, POLICY, Remark.NONE),
        ("_dmarc.example.com", ["v=DMARC1; p=none"], P, "", Remark.PARENT),
        ("other.example", ["v=DMARC1"], M, POLICY, Remark.NONE),
    ],
)
def test_the_policy_of_a_domain_or_of_its_parent_is_told(
    zone: Zone,
    server: str,
    name: str,
    texts: list[str],
    state: RecordState,
    value: str,
    remark: Remark,
) -> None:
    zone.publish(name, *texts)
    found = dmarc_record(DOMAIN, texts_by(server))
    assert (found.state, found.value, found.remark) == (state, value, remark)


def test_a_policy_that_cannot_be_asked_for_is_not_missing(zone: Zone, server: str) -> None:
    zone.fails = {f"_dmarc.{DOMAIN}": dns.rcode.SERVFAIL}
    assert dmarc_record(DOMAIN, texts_by(server)).state is U


@pytest.mark.parametrize(
    ("envelope", "policy", "same"),
    [
        ("acme.example.com", "v=DMARC1; p=none; aspf=s", True),
        ("mail.example.com", "v=DMARC1; p=none", True),
        ("mail.example.com", "v=DMARC1; p=none; aspf=s", False),
        ("well.example.org", "v=DMARC1; p=none", False),
        ("mail.example.com", "nonsense", True),
    ],
)
def test_the_envelope_counts_where_it_belongs_to_the_same_owner(
    envelope: str, policy: str, same: bool
) -> None:
    record = SenderRecord(RecordKind.DMARC, f"_dmarc.{DOMAIN}", "", P, policy)
    assert aligned(DOMAIN, envelope, record) is same


_ODD = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="v=spf1DKIMARCp; :+-~?%{}_.allinclude/\t", max_size=300).map(
        lambda text: f"v=spf1 {text}"
    ),
)


@given(texts=st.lists(_ODD, max_size=4))
def test_whatever_a_stranger_published_is_judged_and_bounded(texts: list[str]) -> None:
    def told(name: str) -> list[str]:
        return texts

    for record in (
        dkim_record(DOMAIN, "w1", KEY, told),
        spf_record(DOMAIN, TERMS, told),
        dmarc_record(DOMAIN, told),
    ):
        assert len(record.found) <= 600 and len(record.value) <= 600
        assert record.wrong or texts
        assert aligned(DOMAIN, DOMAIN, record)
