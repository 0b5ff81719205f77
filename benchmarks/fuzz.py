"""`make fuzz`: broken bytes for the readers, guided by what the readers do with them.

Invariant: a reader may refuse, never raise; input that makes one raise is kept below `.well/fuzz`
and the exit code is 1. Each target runs in a process of its own, one after the other.

`make fuzz ARGS="--minutes 10 xml mail"`. Needs atheris, which has wheels for Linux only; the
tests have hypothesis for the same readers.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from benchmarks.child import ROOT

sys.path.insert(0, str(ROOT / "tests"))

_KEPT = ROOT / ".well" / "fuzz"
_MODULES = ("read_file", "fields", "receipt", "mail", "picture")
_PACKAGE = "well.documents.reading"
_LONGEST = 30
TARGETS = ("xml", "words", "pdf", "mail", "picture")


def main(words: list[str]) -> int:
    """The command line: all targets in turn, or with --only one target in this process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(TARGETS))
    parser.add_argument("--minutes", type=float, default=10.0, help="of all targets together")
    parser.add_argument("--only", metavar="SECONDS", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    targets = given.targets or list(TARGETS)
    if given.only is not None:
        _fuzz(targets[0], given.only)
    seconds = str(int(given.minutes * 60 / len(targets)))
    command = [sys.executable, "-m", "benchmarks.fuzz", "--only", seconds]
    codes = [subprocess.call([*command, target], cwd=ROOT) for target in targets]
    for target, code in zip(targets, codes, strict=True):
        print(f"{target}: {'nothing found' if code == 0 else f'found, below {_KEPT.name}'}")
    return max(map(abs, codes)) and 1


def _fuzz(target: str, seconds: int) -> None:
    """Fuzz until the time is over; ends the process."""
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=[_PACKAGE]):
        modules = {name: import_module(f"{_PACKAGE}.{name}") for name in _MODULES}
    read = _reader(target, modules["read_file"].read_content, modules)
    _KEPT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds(target)):
            (Path(corpus) / str(number)).write_bytes(seed)
        options = (f"-max_total_time={seconds}", f"-timeout={_LONGEST}", "-max_len=20000")
        kept = f"-artifact_prefix={_KEPT}/{target}-"
        atheris.Setup(["fuzz", *options, kept, "-verbosity=1", "-close_fd_mask=1", corpus], read)
        atheris.Fuzz()


def _reader(
    target: str, read_content: Callable[[bytes], object], modules: dict[str, object]
) -> Callable[[bytes], None]:
    if target == "words":
        builders = import_module("builders.scans")
        fields, receipt = modules["fields"], modules["receipt"]

        def read_words(content: bytes) -> None:
            rows = content.decode("utf-8", "replace").splitlines()[:60]
            pages = (builders.page_of_rows(*(row for row in rows if row.strip())),)
            draft = fields.read_fields(pages)  # type: ignore[attr-defined]
            receipt.read_receipt(pages, draft)  # type: ignore[attr-defined]

        return read_words

    def read(content: bytes) -> None:
        read_content(content)

    return read


def seeds(target: str) -> Iterator[bytes]:
    """Good files to begin from."""
    files = import_module("builders.invoice_files")
    page = files.page((50, 50, "Invoice number F-1"), (50, 70, "Total 12.00 EUR"))
    if target == "xml":
        yield from (files.cii(), files.ubl(), files.ubl("CreditNote"))
    if target == "words":
        yield "Facture n° F-12\nDate 22/04/2026\nTotal HT 100,00 €\nTVA 20 % 20,00\n".encode()
        yield b"Invoice F-1\nDue 1 May 2026\nIBAN FR7630006000011234567890189\nTotal 1,234.50\n"
    if target == "pdf":
        yield from (page, files.attach(page, {"factur-x.xml": files.cii()}))
    if target == "mail":
        mail = import_module("builders.scans").mail
        yield mail({"bill.xml": files.cii()})
        yield mail({}, forwarded=[mail({"bill.pdf": page})])
    if target == "picture":
        for kind in ("PNG", "TIFF", "GIF", "BMP", "WEBP", "JPEG"):
            out = BytesIO()
            Image.new("RGB", (9, 9), "red").save(out, kind)
            yield out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
