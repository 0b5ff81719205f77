"""Throw-away certificates for the mail servers of the stand-ins, made anew at each start.

Invariant: private keys stay in a folder of their own that only the owner can open; what a client
needs is one file, the authority that signed the right certificate. The wrong certificate is of
another authority and another host. It proves nothing to anybody but a test.
"""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOSTS = ("localhost", "127.0.0.1")
AUTHORITY = "authority.pem"
LIFE = timedelta(days=30)
Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


@dataclass(frozen=True)
class Certificates:
    """What a server presents, rightly or wrongly; clients verify by the file `authority`."""

    right: ssl.SSLContext
    wrong: ssl.SSLContext
    authority: Path


def make_certificates(folder: Path) -> Certificates:
    """New certificates in this folder, the old ones overwritten."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = _authority("Sandbox mail")
    right = _context(folder / "right.pem", authority, HOSTS)
    wrong = _context(folder / "wrong.pem", _authority("Somebody else"), ("mail.invalid",))
    path = folder / AUTHORITY
    path.write_bytes(authority[0].public_bytes(serialization.Encoding.PEM))
    return Certificates(right, wrong, path)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    # An hour back, for clocks that a test has moved or that disagree a little.
    start = datetime.now(UTC) - timedelta(hours=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + LIFE)
    )


def _authority(name: str) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        _builder(_name(name), _name(name), key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, hashes.SHA256()), key


def _context(path: Path, authority: Pair, hosts: tuple[str, ...]) -> ssl.SSLContext:
    certificate, key = _signed(authority, hosts)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.touch(mode=0o600)
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(path)
    return context


def _signed(authority: Pair, hosts: tuple[str, ...]) -> Pair:
    issuer, issuer_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    names = [_host(host) for host in hosts]
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = (
        _builder(_name(hosts[0]), issuer.subject, key)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(above, critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256()), key


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
