"""A process of its own that has all bombs read and prints the most memory a child of it held.

Not in the test's process: there every child counts, whoever started it, a browser too.
"""

import resource
import sys

from builders.hostile_cases import cases
from well.documents.reading.reader import DocumentReader
from well.domain.document import Document


def main() -> None:
    """Print the peak in kilobytes."""
    reader = DocumentReader(workers=1)
    bombs = [one for one in cases() if one.name.startswith("bomb: ")]
    reader.read([Document("any", "", one.make()) for one in bombs])
    reader.close()
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}\n")


if __name__ == "__main__":
    main()
