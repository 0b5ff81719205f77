"""The reader's child processes: hostile files, order, images, what the child can see."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from builders.invoice_files import attach, bomb, cii, encrypted, endless_tree, page
from well.documents.reading.child_process import ChildProcess
from well.documents.reading.reader import DEAD, LATE, DocumentReader
from well.domain.document import Document

pytestmark = pytest.mark.slow
GOOD = page((50, 50, "Invoice number F-1"), (50, 70, "Total 12.00 EUR"))


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    made = DocumentReader(workers=1)
    yield made
    made.close()


def document(content: bytes) -> Document:
    return Document("any.pdf", "application/pdf", content)


HOSTILE = {
    "empty": b"",
    "text": b"just words",
    "zip": b"PK\x03\x04rest",
    "encrypted": encrypted(GOOD),
    "truncated": GOOD[: len(GOOD) // 4],
    "header only": b"%PDF-1.7\n",
    "page tree in a loop": endless_tree(),
    "too large": b"%PDF-1.7" + b" " * (20 * 1024 * 1024),
    "5,000 pages": page((50, 50, "x"), pages=5000),
    "broken xml inside": attach(GOOD, {"factur-x.xml": b"<a>" * 9}),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_gets_a_sentence_and_the_next_file_is_served(
    reader: DocumentReader, name: str
) -> None:
    bad, good = reader.read([document(HOSTILE[name]), document(GOOD)])
    assert bad.kind in ("unreadable", "invoice", "other")
    if bad.kind == "unreadable":
        assert bad.error is not None and bad.error.endswith(".")
    assert good.kind == "invoice"


@pytest.mark.parametrize("name", ["encrypted", "truncated", "too large", "5,000 pages", "zip"])
def test_what_cannot_be_read_is_unreadable(reader: DocumentReader, name: str) -> None:
    (bad,) = reader.read([document(HOSTILE[name])])
    assert bad.kind == "unreadable"


def test_a_file_that_inflates_without_end_is_stopped() -> None:
    small = DocumentReader(workers=1, seconds=4)
    try:
        bad, good = small.read([document(bomb(300 * 1024 * 1024)), document(GOOD)])
    finally:
        small.close()
    assert bad.kind in ("unreadable", "other")
    assert bad.error in (None, LATE, DEAD)
    assert good.kind == "invoice"


def test_a_file_that_takes_too_long_is_late_and_its_child_is_gone() -> None:
    impatient = DocumentReader(workers=1, seconds=0.0)
    try:
        (bad,) = impatient.read([document(GOOD)])
    finally:
        impatient.close()
    assert bad.error == LATE


def test_readings_come_in_the_order_of_the_files(reader: DocumentReader) -> None:
    files = [document(cii(number=f"N-{number}")) for number in range(20)]
    numbers = [one.invoice.number for one in reader.read(files) if one.invoice]
    assert numbers == [f"N-{number}" for number in range(20)]


def test_a_page_is_drawn_as_webp_of_the_asked_width(reader: DocumentReader) -> None:
    drawn = reader.page_image(document(GOOD), 0, 400)
    assert drawn is not None
    with Image.open(io.BytesIO(drawn)) as picture:
        assert (picture.format, picture.width) == ("WEBP", 400)


@pytest.mark.parametrize("content", [GOOD[:200], b"", cii(), encrypted(GOOD)])
def test_what_cannot_be_drawn_is_none(reader: DocumentReader, content: bytes) -> None:
    assert reader.page_image(document(content), 0, 400) is None
    assert reader.page_image(document(GOOD), 7, 400) is None


def test_a_picture_is_drawn_too(reader: DocumentReader) -> None:
    out = io.BytesIO()
    Image.new("RGB", (80, 40), "white").save(out, "PNG")
    (reading,) = reader.read([document(out.getvalue())])
    assert (reading.kind, reading.has_text) == ("other", False)
    assert reader.page_image(document(out.getvalue()), 0, 200) is not None


def test_the_child_inherits_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELL_MASTER_KEY", "do-not-pass-on")
    child = ChildProcess()
    try:
        child.ask(b'{"do": "read"}', cii())
        assert child.pid is not None
        environment = Path(f"/proc/{child.pid}/environ").read_bytes()
        limits = Path(f"/proc/{child.pid}/limits").read_text()
    finally:
        child.close()
    assert b"do-not-pass-on" not in environment
    assert "1073741824" in limits
    assert os.environ["WELL_MASTER_KEY"] == "do-not-pass-on"


def test_a_killed_child_is_replaced_without_losing_the_file(reader: DocumentReader) -> None:
    child = ChildProcess()
    try:
        first = child.ask(b'{"do": "read"}', cii())
        assert child.pid is not None
        os.kill(child.pid, 9)
        os.waitpid(child.pid, 0)
        assert child.ask(b'{"do": "read"}', cii()) == first
    finally:
        child.close()
