"""Prints how well made-up receipts and worn pictures of the shared invoices are read.

Invariant: the pictures are other than any the reader was tuned on when the seeds are; it asserts
no figure.

Run: `.venv/bin/python -m benchmarks.scans [first seed] [how many]`
"""

import io
import json
import sys
from typing import Any

import pypdfium2 as pdfium
from PIL import Image

from benchmarks.documents import FOLDER, TEN, score
from benchmarks.scans.degrade import degrade
from benchmarks.scans.receipts import receipt
from well.documents.reading.reader import DocumentReader
from well.domain.document import Document

_SCALE = 200 / 72


def receipts(first: int, count: int) -> tuple[dict[str, Any], list[Document]]:
    """Truth and pictures of worn receipts."""
    made = [receipt(seed) for seed in range(first, first + count)]
    truth = {one.name: {"fields": one.fields} for one in made}
    return truth, [
        _document(one.name, degrade(one.picture, first + at)) for at, one in enumerate(made)
    ]


def invoices(first: int) -> tuple[dict[str, Any], list[Document]]:
    """Truth and worn first pages of the shared text invoices; totals that stand on others fall."""
    folder = FOLDER / "stripped_pdf"
    truth = json.loads((folder / "expected.json").read_text("utf-8")) if folder.exists() else {}
    documents = []
    for at, name in enumerate(truth):
        pdf = pdfium.PdfDocument(folder / name)
        documents.append(_document(name, degrade(pdf[0].render(scale=_SCALE).to_pil(), first + at)))
        if len(pdf) > 1:
            truth[name]["fields"] = {
                field: value
                for field, value in truth[name]["fields"].items()
                if not field.endswith("_total") and field not in ("iban", "due_date")
            }
    return truth, documents


def _document(name: str, picture: Image.Image) -> Document:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return Document(name, "image/png", out.getvalue())


def main(words: list[str]) -> None:
    """One row for receipts, one for invoices."""
    first, count = (int(word) for word in (*words, *("1", "40")[len(words) :]))
    reader = DocumentReader(workers=1)
    try:
        for kind, (truth, documents) in {
            "worn receipts": receipts(first, count),
            "worn invoices": invoices(first),
        }.items():
            total = score(truth, reader.read(documents), TEN)
            print(
                f"{kind}: {total.files} files, recall {total.right / max(total.expected, 1):.1%}, "
                f"precision {total.right / max(total.right + total.wrong, 1):.1%}, "
                f"wrong at >= 85 %: {total.sure_and_wrong} of {total.expected}"
            )
    finally:
        reader.close()


if __name__ == "__main__":
    main(sys.argv[1:])
