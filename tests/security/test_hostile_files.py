"""Hostile files: each gets its right outcome in time and memory, and touches nothing else."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.hostile import Hostile
from builders.hostile_cases import cases
from builders.hostile_text import doctype
from builders.invoice_files import attach, cii, page
from well.documents.reading.reader import DEAD, DocumentReader
from well.domain.document import Document

pytestmark = pytest.mark.slow
ALL = cases()
SECONDS = 10.0
MEGABYTES = {"text": 512, "seen": 1024}
"""What a child of the reader may hold; the optical reader's holds its models as well."""


@pytest.fixture(scope="module")
def reader() -> Iterator[DocumentReader]:
    made = DocumentReader(workers=1, child="builders.watched_child")
    yield made
    made.close()


def document(content: bytes) -> Document:
    return Document("any", "", content)


def test_there_are_at_least_60_hostile_files_with_names_of_their_own() -> None:
    assert len({one.name for one in ALL}) == len(ALL) >= 60


@pytest.mark.parametrize("hostile", ALL, ids=lambda one: one.name)
def test_a_hostile_file_has_its_outcome_in_time(reader: DocumentReader, hostile: Hostile) -> None:
    content = hostile.make()
    started = time.monotonic()
    (reading,) = reader.read([document(content)])
    assert time.monotonic() - started < SECONDS
    assert hostile.outcome.missed(reading) is None
    assert reading.error is None or reading.error.endswith(".")


@pytest.mark.parametrize("which", MEGABYTES)
def test_no_child_ever_held_more_memory_than_allowed(which: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "builders.peak_of_bombs", which],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert 0 < int(done.stdout) // 1024 <= MEGABYTES[which]


def test_no_address_in_a_file_is_called_and_no_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("F-SECRET")
    reader = DocumentReader(workers=1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        external = [f'<!ENTITY x SYSTEM "{where}">' for where in (address, secret.as_uri())]
        files = [doctype(subset) for subset in external]
        files += [attach(page((50, 50, "x")), {"factur-x.xml": one}) for one in files]
        readings = reader.read([document(one) for one in files])
        with pytest.raises(BlockingIOError):
            server.accept()
    reader.close()
    assert "F-SECRET" not in repr(readings)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.txt"]


def test_the_guard_ends_a_child_that_opens_another_file(tmp_path: Path) -> None:
    module = tmp_path / "reading_too_much.py"
    module.write_text(
        "from builders.watched_child import watched\n"
        "from well.documents.reading.serve import Limits, serve\n"
        "def answer(request, content):\n"
        "    return open('/etc/hostname', 'rb').read()\n"
        "serve(watched(answer), Limits(1 << 30, 8))\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        reader = DocumentReader(workers=1, child="reading_too_much")
        (reading,) = reader.read([document(cii())])
        reader.close()
    assert reading.error == DEAD
