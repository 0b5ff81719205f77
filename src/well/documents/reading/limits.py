"""How much of a file is read, and the one way to refuse it.

Invariant: every limit of reading stands here, in bytes, pages, seconds or pixels. A refusal is a
sentence for the user, never a trace.
"""

from well.ports.reader import Reading

FILE_BYTES = 20 * 1024 * 1024
XML_BYTES = 8 * 1024 * 1024
PAGES_READ = 50
PAGES_MAX = 2000
ATTACHMENTS_READ = 20
CHARACTERS_PER_PAGE = 40_000
CHARACTERS_READ = 200_000
OBJECTS_PER_PAGE = 20_000
EDGE_MAX = 1_000_000.0
"""Points: a coordinate beyond is damage, and none is a number without end."""
LINES_KEPT = 5_000
IMAGE_PIXELS = 25_000_000
IMAGE_WIDTH = 2_400
STAMP_CHARACTERS = 300
OCR_PAGES = 10
OCR_PIXELS = 4_000_000
OCR_SECONDS_PER_PAGE = 20.0
OCR_MEMORY_BYTES = 2048 * 1024 * 1024
MAIL_PARTS = 100
MAIL_FILES = 20
MEMORY_BYTES = 1024 * 1024 * 1024
DATA_BYTES = 392 * 1024 * 1024
SECONDS = 8.0
FILES_PER_CHILD = 1_000


class Unreadable(Exception):
    """The file cannot be read; `sentence` tells the user why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


TOO_LARGE = "This file is larger than 20 MB and was not read."


def unreadable(sentence: str) -> Reading:
    """The reading of a file that was refused."""
    return Reading(kind="unreadable", syntax=None, invoice=None, error=sentence)
