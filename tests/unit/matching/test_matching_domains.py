"""A domain is the registrable one of one owner, or missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.domains import HOST_MAX, SHARED, TEXT_MAX, VERSION, domain


def test_the_rules_have_a_version() -> None:
    assert VERSION == "domains-1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.algolia.com/pricing", "algolia.com"),
        ("HTTPS://WWW.ALGOLIA.COM:8443/?a=b@c.fr", "algolia.com"),
        ("billing@eu.algolia.com", "algolia.com"),
        ("Algolia Billing <billing@eu.algolia.com>", "algolia.com"),
        ("<algolia.com>", "algolia.com"),
        ("mailto:billing@algolia.com?subject=x", "algolia.com"),
        ("http://user:word@algolia.com/", "algolia.com"),
        ("//algolia.com", "algolia.com"),
        (" algolia.com. ", "algolia.com"),
        ("algolia.com#top", "algolia.com"),
        ("shop.example-firm.co.uk", "example-firm.co.uk"),
        ("foo.myshopify.com", "foo.myshopify.com"),
        ("a.b.c.d.e.f.algolia.com", "algolia.com"),
        ("info@bücher.de", "xn--bcher-kva.de"),
        ("info@XN--BCHER-KVA.de", "xn--bcher-kva.de"),
        ("münchen.例え.jp", "xn--r8jz45g.jp"),
        ("my_firm.de", "my_firm.de"),
    ],
)
def test_a_domain_is_the_registrable_one(text: str, expected: str) -> None:
    assert domain(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "jean.dupont@gmail.com",
        "x@orange.fr",
        "x@mail.gmx.de",
        "12345@qq.com",
        "https://www.facebook.com/acme",
        "gmail.com",
    ],
)
def test_a_shared_domain_is_missing(text: str) -> None:
    assert domain(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "http://[::bad",
        "127.0.0.1",
        "co.uk",
        "myshopify.com",
        "com",
        "x@localhost",
        "printer.local",
        "a..de",
        "-a.de",
        "a-.de",
        "a b.de",
        "ü" * 70 + ".de",
        "a" * 64 + ".de",
        ".".join(["a" * 60] * 5) + ".de",
        "a.de\x00",
        "...",
        "@",
        "",
    ],
)
def test_what_is_no_domain_of_an_owner_is_missing(text: str) -> None:
    assert domain(text) is None


def test_a_label_may_have_63_signs() -> None:
    assert domain("a" * 63 + ".de") == "a" * 63 + ".de"


def test_a_host_may_have_253_signs() -> None:
    long = ".".join(["a" * 59] * 4) + ".abcdefghij.de"
    assert len(long) == HOST_MAX
    assert domain(long) == "abcdefghij.de"
    assert domain("a" + long) is None


def test_only_the_beginning_of_a_text_is_read() -> None:
    assert domain("algolia.com".rjust(TEXT_MAX) + "x") == "algolia.com"
    assert domain("algolia.com".rjust(TEXT_MAX - 1) + "xy") is None
    assert TEXT_MAX == 400


def test_the_shared_domains_are_many_and_plain() -> None:
    assert len(SHARED) > 500
    assert all(name == name.strip().lower() and "." in name for name in SHARED)


@given(st.text(max_size=60))
def test_any_text_gives_a_domain_that_is_its_own(text: str) -> None:
    for address in (text, f"a@{text}", f"http://{text}/x"):
        found = domain(address)
        if found is not None:
            assert domain(found) == found
