"""`make bench`: run each measurement in a process of its own and print one table.

Invariant: figures are printed, never asserted; each part says what it did and on how much.

Run one part: `make bench ARGS=main_job` (parts: main_job, capture, queue_page, documents, names).
"""

import subprocess
import sys

PARTS = ("main_job", "capture", "queue_page", "documents", "names")


def main(wanted: list[str]) -> int:
    """Run the parts named, or all of them."""
    for part in wanted or PARTS:
        if part not in PARTS:
            print(f"There is no part {part!r}; there are: {', '.join(PARTS)}")
            return 2
        print(f"\n== {part} ==", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{part}"], check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
