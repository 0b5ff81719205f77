"""`well render INVOICE.json --out FILE.pdf [--embed]`: a bill as PDF/A-3, and as e-invoice.

Invariant: the file appears whole or not at all, and only when every check was clean; each reason
against it is one line on stderr and exit code 2. The work is `documents.writing`'s.
"""

import argparse
import os
import sys
from pathlib import Path

from well.documents.checking.checker import FileChecker
from well.documents.writing.bill_json import JSON_BYTES, BadBill, bill_of_json
from well.documents.writing.write import BillWriter, NotWritten, Written


def add(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("invoice", type=Path, help="JSON file (docs/documents.md tells its names)")
    parser.add_argument("--out", type=Path, required=True, help="PDF to write")
    parser.add_argument(
        "--embed", action="store_true", help="put the Factur-X e-invoice (EN 16931) inside"
    )
    parser.add_argument(
        "--france", action="store_true", help="insist on the French rules (BR-FR) as well"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the file; 2 when it cannot be written, with one line for each reason."""
    invoice: Path = arguments.invoice
    out: Path = arguments.out
    try:
        if out.exists() and invoice.exists() and out.samefile(invoice):
            return _refuse(["--out is the file to read; give another name"])
        written = _write(invoice, arguments.embed or arguments.france, arguments.france)
        _save(out, written.content)
    except (BadBill, NotWritten) as refused:
        return _refuse(refused.sentences)
    except OSError as error:
        return _refuse([f"{error.filename}: {error.strerror}"])
    for note in written.notes:
        print(f"note: {note}", file=sys.stderr)
    return 0


def _write(invoice: Path, embed: bool, french: bool) -> Written:
    with invoice.open("rb") as file:
        bill = bill_of_json(file.read(JSON_BYTES + 1))
    checker = FileChecker()
    try:
        return BillWriter(checker).write(bill, embed, french)
    finally:
        checker.close()


def _save(out: Path, content: bytes) -> None:
    """A file of another name takes the place of `out`, so that half a file is never seen."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _refuse(sentences: list[str]) -> int:
    for sentence in sentences:
        print(f"well render: {sentence}", file=sys.stderr)
    return 2
