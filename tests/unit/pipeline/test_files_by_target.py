"""Which file of a record goes to which target: the original where it is read there, else a page."""

from dataclasses import replace

import pytest

from simulation.history import History
from simulation.world import LIMITS
from well.domain.case import Case, CaseState, Step
from well.domain.document import Document
from well.domain.file_name import posting_file_name, with_suffix_of
from well.domain.invoice import Invoice
from well.domain.money import Money
from well.domain.source_record import Kind, RecordKey
from well.pipeline.post import file_to_post

IMAGES = frozenset({"application/pdf", "image/jpeg", "image/png"})
NAME = "INV-1--qonto-supplierinvoice-9.pdf"


def posted(document: Document, takes: frozenset[str]) -> Document:
    """The file that is sent of a record with this one."""
    history = History(1)
    history.faults.healed = True
    history.target.limits = replace(LIMITS, takes=takes)
    work = history.work()
    key = RecordKey("src", "attachments", "a1")
    ref = work.store.keep_documents([(key, document)])[0]
    case = Case(
        id="c",
        flow="flow",
        record="r",
        key=RecordKey("src", "bills", "9"),
        kind=Kind.SUPPLIER_INVOICE,
        version=1,
        state=CaseState.WAITING,
        step=Step.POST,
        invoice=Invoice(number="INV-1", gross_total=Money(100, "EUR")),
        document=ref.digest,
    )
    return file_to_post(work, case, NAME, {ref.digest: ref}).document


@pytest.mark.parametrize(
    ("media_type", "takes", "untouched", "name"),
    [
        ("application/pdf", LIMITS.takes, True, NAME),
        ("application/pdf", IMAGES, True, NAME),
        ("image/jpeg", IMAGES, True, "INV-1--qonto-supplierinvoice-9.jpg"),
        ("image/png", IMAGES, True, "INV-1--qonto-supplierinvoice-9.png"),
        ("image/jpeg", LIMITS.takes, False, NAME),
        ("text/plain", IMAGES, False, NAME),
    ],
)
def test_the_original_goes_untouched_where_the_target_reads_such_files(
    media_type: str, takes: frozenset[str], untouched: bool, name: str
) -> None:
    file = Document("scan of march", media_type, b"\xff\xd8 the bytes as they came")
    sent = posted(file, takes)
    assert (sent.content == file.content) is untouched
    assert sent.name == name


def test_an_ending_replaces_the_one_of_the_name_and_nothing_else() -> None:
    name = posting_file_name("a.pdf", "qonto", "supplierinvoice", "9.pdf")
    assert with_suffix_of(name, "image/png") == name.removesuffix(".pdf") + ".png"
    assert with_suffix_of(name, "application/pdf") == name
    assert with_suffix_of(name, "image/tiff") == name
