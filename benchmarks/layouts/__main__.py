"""Prints how well made-up invoices of unseen layouts are read, and how true confidence is.

Invariant: the held half is only measured; nothing here is tuned on it. It asserts no figure.

Run: `.venv/bin/python -m benchmarks.layouts [seen|held] [--wrong] [--out FOLDER]`
"""

import json
import sys
from pathlib import Path

from benchmarks.layouts.make import Made, invoices
from benchmarks.layouts.others import others
from benchmarks.layouts.score import Tally, print_tally, tally
from well.documents.reading.reader import DocumentReader
from well.domain.document import Document
from well.ports.reader import Reading

SEEDS = {"seen": (1, 2, 3, 4), "held": (501, 502)}


def read(reader: DocumentReader, made: list[Made]) -> list[Reading]:
    """Readings of made documents."""
    return list(reader.read([Document(f"{one.name}.pdf", "", one.content) for one in made]))


def documents(half: str) -> list[Made]:
    """All documents of one half."""
    held = half == "held"
    return [one for seed in SEEDS[half] for one in (*invoices(held, seed), *(others(held, seed)))]


def write(made: list[Made], folder: Path) -> None:
    """The documents with their truth beside, to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in made:
        (folder / f"{one.name}.pdf").write_bytes(one.content)
    truth = {f"{one.name}.pdf": {"fields": one.fields, "lines": one.lines} for one in made}
    (folder / "expected.json").write_text(json.dumps(truth, indent=1, ensure_ascii=False))


def main(words: list[str]) -> None:
    """One block of figures for each half."""
    reader = DocumentReader()
    try:
        for half in [word for word in words if word in SEEDS] or list(SEEDS):
            made = documents(half)
            if "--out" in words:
                write(made, Path(words[words.index("--out") + 1]) / half)
            found: Tally = tally(made, read(reader, made), "--wrong" in words)
            print_tally(half, found)
    finally:
        reader.close()


if __name__ == "__main__":
    main(sys.argv[1:])
