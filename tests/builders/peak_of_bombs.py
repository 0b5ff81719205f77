"""A process of its own that has bombs read and prints the most memory a child of it held.

Not in the test's process: there every child counts, whoever started it, a browser too. The optical
reader's child has a limit of its own, so the bombs that reach it are read apart from the others.
"""

import resource
import sys

from builders.hostile_cases import cases
from well.documents.reading.reader import DocumentReader
from well.domain.document import Document

SEEN = {"bomb: picture of 60000 x 60000"}
"""The bombs that are pictures, which only the optical reader reads."""


def main() -> None:
    """Print the peak in kilobytes; the one argument says which: "text" or "seen"."""
    seen = sys.argv[1] == "seen"
    reader = DocumentReader(workers=1)
    bombs = [one for one in cases() if one.name.startswith("bomb: ")]
    bombs = [one for one in bombs if (one.name in SEEN) is seen]
    reader.read([Document("any", "", one.make()) for one in bombs])
    assert (reader.optical_pid is not None) is seen
    reader.close()
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}\n")


if __name__ == "__main__":
    main()
