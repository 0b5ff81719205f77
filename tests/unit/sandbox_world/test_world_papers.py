"""The suppliers' files: real text, right facts, and each kind of damage as it should be.

Invariant: read back through independent libraries, never through the code that drew them.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from lxml import etree

from well.sandbox.world import World, build_world
from well.sandbox.world.model import Booking, Form
from well.sandbox.world.pages.files import declared, render
from well.sandbox.world.pages.layouts import LAYOUTS
from well.sandbox.world.pages.wording import LABELS, Words, grouped

NBSP = "\N{NO-BREAK SPACE}"
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(600, 7, TODAY)


def files(world: World, form: Form) -> Iterator[tuple[str, Booking]]:
    for key, (booking, what) in world._settled.files.items():
        if what is form:
            yield key, booking


def text_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        page = document[0]
        textpage = page.get_textpage()
        text = textpage.get_text_range()
        textpage.close()
        page.close()
    return re.sub(r"\s+", " ", text)


def one_of_each_page(world: World) -> list[tuple[str, Booking]]:
    found: dict[tuple[int, str], tuple[str, Booking]] = {}
    for key, booking in files(world, Form.TEXT):
        seller = booking.document.seller
        found.setdefault((seller.layout, seller.lang), (key, booking))
    return list(found.values())


def test_ten_layouts_in_three_languages_are_used(world: World) -> None:
    pages = one_of_each_page(world)
    assert {b.document.seller.layout for _, b in pages} == set(range(len(LAYOUTS)))
    assert {b.document.seller.lang for _, b in pages} == {"fr", "en", "de"}


@pytest.mark.slow
def test_every_page_shows_its_number_dates_total_and_supplier_as_text(world: World) -> None:
    for key, booking in one_of_each_page(world):
        text = text_of(world.file(key)[2])
        document = booking.document
        words = Words(
            document.seller.lang,
            document.seller.wording,
            document.seller.country,
            document.currency,
        )
        total = sum(n + int(Decimal(n * r) / 10000 + Decimal("0.5")) for r, n in document.groups)
        assert document.seller.core.lower() in text.lower()
        assert (document.number in text) == document.shows_number
        assert words.day(document.issued) in text
        shown = grouped(total, document.currency, words.lang)
        assert shown.replace(NBSP, " ") in text.replace(NBSP, " ")


def test_every_language_has_every_label_in_six_styles() -> None:
    names = set(LABELS["fr"])
    for lang, labels in LABELS.items():
        assert set(labels) == names, lang
        assert all(len(styles) == 6 for styles in labels.values())


@pytest.mark.parametrize(
    ("lang", "text"), [("fr", "1\N{NO-BREAK SPACE}284,50"), ("de", "1.284,50"), ("en", "1,284.50")]
)
def test_amounts_are_written_in_the_local_form(lang: str, text: str) -> None:
    assert grouped(128450, "EUR", lang) == text


def test_yen_has_no_decimals() -> None:
    assert Words("en", 0, "US", "JPY").amount(128450) == "128,450 JPY"


def test_a_file_is_the_same_each_time_and_as_long_as_declared(world: World) -> None:
    for form in set(Form) - {Form.NONE, Form.HUGE}:
        _, booking = next(files(world, form))
        first, second = render(booking.document, form), render(booking.document, form)
        assert first == second
        assert len(first) == declared(booking.document, form), form


def test_attachables_declare_the_size_that_is_served(world: World) -> None:
    bodies = [body for entity, body in world.quickbooks_objects() if entity == "Attachable"]
    for body in bodies[::40]:
        name, kind, content = world.file(body["Id"])
        assert (name, kind, len(content)) == (body["FileName"], body["ContentType"], body["Size"])


def test_scans_have_no_text_but_a_picture(world: World) -> None:
    key, _ = next(files(world, Form.SCAN))
    content = world.file(key)[2]
    assert text_of(content).strip() == ""
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages[0].get_images()) == 1


def test_embedded_xml_says_what_the_page_says(world: World) -> None:
    key, booking = next(
        (key, b) for key, b in files(world, Form.FACTURX) if b.scenario == "facturx"
    )
    with pikepdf.open(BytesIO(world.file(key)[2])) as pdf:
        xml = pdf.attachments["factur-x.xml"].get_file().read_bytes()
    root = etree.fromstring(xml)
    names = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    document = booking.document

    def value(path: str) -> str:
        return str(root.xpath(f"string({path})", namespaces=names))

    assert value("//rsm:ExchangedDocument/ram:ID") == document.number
    assert value("//ram:SellerTradeParty/ram:Name") == document.seller.name
    lines = [line.text for line in root.iterfind(".//ram:LineTotalAmount", names)]
    assert sum(int(line.replace(".", "")) for line in lines[:-1] if line) == booking.groups[0][1]
    assert value("//ram:GrandTotalAmount").replace(".", "") == str(booking.total)
    assert value("//ram:IBANID") == document.iban


def test_the_xml_of_the_lying_invoice_differs_from_its_page(world: World) -> None:
    booking = next(b for _, b in files(world, Form.FACTURX) if b.scenario == "xml_differs")
    with pikepdf.open(BytesIO(render(booking.document, Form.FACTURX))) as pdf:
        xml = pdf.attachments["factur-x.xml"].get_file().read_bytes().decode()
    match = re.search(r"<ram:GrandTotalAmount>([\d.]+)<", xml)
    assert match is not None
    assert int(match[1].replace(".", "")) == booking.total + booking.document.xml_shift


def test_locked_and_cut_files_cannot_be_opened(world: World) -> None:
    locked, _ = next(files(world, Form.ENCRYPTED))
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(BytesIO(world.file(locked)[2]))
    cut, _ = next(files(world, Form.BROKEN))
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(world.file(cut)[2])


def test_one_file_is_above_ten_megabytes_and_still_a_pdf(world: World) -> None:
    (key, booking), *others = files(world, Form.HUGE)
    content = world.file(key)[2]
    assert not others
    assert len(content) > 10 * 1024 * 1024
    assert booking.document.number in text_of(content)


def test_a_page_shows_the_new_account_where_it_changed(world: World) -> None:
    moved = [
        (k, b) for k, b in files(world, Form.TEXT) if b.scenario in ("iban_changed", "new_iban")
    ]
    assert len(moved) >= 2
    for key, booking in moved:
        document = booking.document
        assert document.iban is not None
        assert document.iban != document.seller.iban
        assert document.iban in text_of(world.file(key)[2]).replace(" ", "")


def test_entries_at_the_target_have_files(world: World) -> None:
    for entry in list(world.qonto_entries())[:10]:
        name, kind, content = world.file(entry["_file"])
        assert (name, kind) == (entry["file_name"], "application/pdf")
        assert content.startswith(b"%PDF-")


def test_an_unknown_key_is_refused(world: World) -> None:
    with pytest.raises(KeyError):
        world.file("no-such-file")
