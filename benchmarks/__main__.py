"""`make bench`: run each measurement in a process of its own, print its lines, and keep them.

Invariant: figures are printed, never asserted; with `--write` those of the parts that ran replace
their block in PROMISES.md, dated, and no other line of it.

Parts: main_job, pairs, capture, queue_page, documents. `make bench ARGS="main_job --write"`.
"""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

PARTS = ("main_job", "pairs", "capture", "queue_page", "documents")
PAGE = Path(__file__).parents[1] / "PROMISES.md"


def main(words: list[str]) -> int:
    """Run the parts named, or all of them."""
    write = "--write" in words
    wanted = [word for word in words if word != "--write"] or list(PARTS)
    unknown = sorted(set(wanted) - set(PARTS))
    if unknown:
        print(f"There is no part {unknown[0]!r}; there are: {', '.join(PARTS)}")
        return 2
    for part in wanted:
        print(f"== {part}", flush=True)
        lines = measure(part)
        if write and lines:
            keep(part, lines)
    return 0


def measure(part: str) -> list[str]:
    """Run one part; its lines as they came."""
    command = [sys.executable, "-m", f"benchmarks.{part}"]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None, "its output is a pipe"
        for line in process.stdout:
            print("  " + line.rstrip(), flush=True)
            lines.append(line.rstrip())
    return lines if process.returncode == 0 else []


def keep(part: str, lines: list[str]) -> None:
    """Replace the part's block in PROMISES.md."""
    day = datetime.now(UTC).date().isoformat()
    block = "\n".join([f"<!-- {part} -->", f"Measured {day}:", "```", *lines, "```"])
    page = PAGE.read_text()
    PAGE.write_text(replaced(page, part, block))


def replaced(page: str, part: str, block: str) -> str:
    """The page with another block of figures for the part; one without figures is one, too."""
    pattern = re.compile(rf"<!-- {part} -->\n[^\n]*\n```\n.*?```", re.DOTALL)
    assert pattern.search(page), f"PROMISES.md has no block for {part}"
    return pattern.sub(lambda _: block, page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
