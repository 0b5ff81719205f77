"""Bills written a second: page, e-invoice, PDF/A-3, schema and three rule sets, everything checked.

Invariant: what is timed is what `well render --embed` does, with two threads and two checking
processes that stay. Bills differ, so that nothing is remembered. Run: python -m benchmarks.writing
"""

import hashlib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil

from well.documents.checking.checker import FileChecker
from well.documents.writing.bill import Bill
from well.documents.writing.bill_json import bill_of_json
from well.documents.writing.write import BillWriter

SAMPLE = Path(__file__).with_name("bill.json")
WARM, TIMED = 20, 200


def bills(count: int, start: int = 0) -> list[Bill]:
    """Bills of six lines that differ in their numbers."""
    sample = bill_of_json(SAMPLE.read_bytes())
    return [replace(sample, number=f"F-{start + number}") for number in range(count)]


def _processor_seconds() -> float:
    """Processor time of this process and of the checkers; other work on the machine counts not."""
    mine = psutil.Process()
    times = [one.cpu_times() for one in (mine, *mine.children())]
    return sum(one.user + one.system for one in times)


def main() -> None:
    """Print documents a second, their size, and whether they repeat."""
    checker = FileChecker(workers=2)
    writer = BillWriter(checker)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TIMED
    try:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda bill: writer.write(bill, embed=True), bills(WARM, 900_000)))
            started, worked = time.perf_counter(), _processor_seconds()
            done = list(threads.map(lambda bill: writer.write(bill, embed=True), bills(count)))
            took, work = time.perf_counter() - started, _processor_seconds() - worked
        again = BillWriter(checker).write(bills(1)[0], embed=True)
    finally:
        checker.close()
    same = hashlib.sha256(again.content).digest() == hashlib.sha256(done[0].content).digest()
    size = max(len(one.content) for one in done) / 1000
    print(
        f"{'e-invoices':16} {count / took:6.1f} documents/s on two workers "
        f"({work / count * 1000:.0f} ms of processor each), {size:.0f} kB, "
        f"checked: {', '.join(done[0].checked)}, same bytes again: {same}"
    )


if __name__ == "__main__":
    main()
