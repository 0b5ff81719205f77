"""The development documents as peers read them, scored like ours.

Invariant: every peer runs in the bench's own environment, one process for each half of the files
and two at once, as ours has two workers; a peer that is not installed is "not measured".
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import run
from typing import Any

from benchmarks.child import ROOT
from benchmarks.documents import TEN, THIRTEEN, same

PYTHON = ROOT / ".venv-bench" / "documents" / "bin" / "python"
SCRIPT = ROOT / "benchmarks" / "rivals" / "e_invoices.py"
XML_READERS = ("factur-x", "drafthorse", "facturex", "eu-einvoice")
PEERS = {
    "structured_pdf": XML_READERS,
    "xml": XML_READERS,
    "stripped_pdf": ("invoice2data",),
}
_SECONDS = 300.0


def compare(folder: Path) -> Iterator[str]:
    """A row for each peer and folder."""
    if not PYTHON.exists():
        yield "peers: not measured, they are not installed (make bench-documents installs them)"
        return
    for kind, peers in PEERS.items():
        entries = json.loads((folder / kind / "expected.json").read_text("utf-8"))
        names = [str(folder / kind / name) for name in entries]
        for peer in peers:
            started = time.perf_counter()
            answers = _read(peer, names)
            seconds = time.perf_counter() - started
            yield _row(kind, peer, entries, answers, seconds)


def _read(peer: str, names: list[str]) -> dict[str, dict[str, Any]]:
    """Answers by file name, from two processes at once."""
    with ThreadPoolExecutor(2) as threads:
        outs = threads.map(lambda half: _half(peer, half), (names[::2], names[1::2]))
    lines = [json.loads(line) for out in outs for line in out.splitlines()]
    return {Path(line["file"]).name: line for line in lines}


def _half(peer: str, names: list[str]) -> str:
    command = [str(PYTHON), str(SCRIPT), peer]
    done = run(
        command,
        input="\n".join(names),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    return "".join(line + "\n" for line in done.stdout.splitlines() if line.startswith("{"))


def _row(
    kind: str, peer: str, entries: Mapping[str, Any], answers: Mapping[str, Any], seconds: float
) -> str:
    names = TEN if kind == "stripped_pdf" else THIRTEEN
    expected = right = wrong = 0
    for file, entry in entries.items():
        found = answers.get(file, {}).get("fields", {})
        for name in names:
            value = entry["fields"].get(name)
            if value:
                expected += 1
                hit = name in found and _same(name, value, found[name])
                right, wrong = right + hit, wrong + (name in found and not hit)
        if names is THIRTEEN and "lines" in entry["fields"]:
            expected += 1
            hit = found.get("lines") == len(entry["fields"]["lines"])
            right, wrong = right + hit, wrong + ("lines" in found and not hit)
    failed = sum("complaint" in answer for answer in answers.values())
    share, sure = right / expected, right / max(right + wrong, 1)
    return (
        f"{kind:16} {peer:12} recall {share:6.1%}  precision {sure:6.1%}  "
        f"errors {failed}  {len(entries) / seconds:6.1f} files/s with its start"
    )


def _same(name: str, expected: str, read: str) -> bool:
    """As ours is scored; an amount that is no number is wrong."""
    try:
        return same(name, expected, read)
    except ArithmeticError:
        return False


if __name__ == "__main__":
    for row in compare(Path(sys.argv[1])):
        print(row)
