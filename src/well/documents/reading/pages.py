"""The text of a page as words, rows and cells with their places.

Invariant: places are in points from the top left corner of the page as it is read; `share`
turns them into shares of the page as it is shown. It knows no file format: a text layer or OCR
may fill it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from well.documents.reading.tilt import Tilt
from well.domain.invoice import Box

_CELL_GAP = 0.9


@dataclass(slots=True)
class Word:
    """One run of characters without a blank; edges in points.

    `score` is how sure its reader is of the worst character, 1 for a text layer.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    score: float = 1.0

    @property
    def height(self) -> float:
        """Height of the line box, never zero."""
        return max(self.y1 - self.y0, 0.1)


@dataclass(slots=True)
class Cell:
    """Words of one row that stand close together; `starts` are their offsets in `text`."""

    page: int
    row: int
    words: list[Word]
    text: str = ""
    starts: list[int] = field(default_factory=list)
    x0: float = 0.0
    y0: float = 0.0
    x1: float = 0.0
    y1: float = 0.0

    def __post_init__(self) -> None:
        for word in self.words:
            self.starts.append(len(self.text) + bool(self.text))
            self.text = f"{self.text} {word.text}" if self.text else word.text
        self.x0, self.y0, self.x1, self.y1 = bounds(self.words)

    def words_at(self, start: int, end: int) -> list[Word]:
        """The words that hold text[start:end], all where none does."""
        inside = [
            word
            for word, at in zip(self.words, self.starts, strict=True)
            if at < end and at + len(word.text) > start
        ]
        return inside or self.words

    def span(self, start: int, end: int) -> tuple[float, float, float, float]:
        """Edges of the words that hold text[start:end]."""
        return bounds(self.words_at(start, end))


@dataclass(slots=True)
class Page:
    """One page; `rows` from top to bottom, the cells of a row from left to right.

    `layered` is the share of its words that are invisible over a picture, `drawn` whether it has
    little text but pictures or drawings; `tilt` says how the picture of a scan lies. `notes` are
    texts of annotations, `overlaid` pairs of different words printed on one place;
    `unreadable` marks a page that could not be opened.
    """

    number: int
    width: float
    height: float
    rows: list[list[Cell]]
    hidden: list[str] = field(default_factory=list)
    image_share: float = 0.0
    layered: float = 0.0
    drawn: bool = False
    tilt: Tilt | None = None
    notes: list[str] = field(default_factory=list)
    overlaid: list[str] = field(default_factory=list)
    unreadable: bool = False

    @property
    def characters(self) -> int:
        """How much text there is."""
        return sum(len(cell.text) for row in self.rows for cell in row)

    def share(self, edges: tuple[float, float, float, float]) -> Box:
        """Edges in points as shares of the page, kept inside it."""
        if self.tilt is not None:
            return self.tilt.share(edges)
        x0, y0, x1, y1 = edges
        return (
            _clip(x0 / self.width),
            _clip(y0 / self.height),
            _clip(x1 / self.width),
            _clip(y1 / self.height),
        )


def _clip(value: float) -> float:
    return round(min(max(value, 0.0), 1.0), 4)


def bounds(words: Sequence[Word]) -> tuple[float, float, float, float]:
    """Edges around `words` (at least one)."""
    return (
        min(word.x0 for word in words),
        min(word.y0 for word in words),
        max(word.x1 for word in words),
        max(word.y1 for word in words),
    )


def rows_of(words: Sequence[Word], page: int) -> list[list[Cell]]:
    """Words to rows (those whose middles lie within each other's height), rows to cells."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.y0 + w.y1, w.x0)):
        if rows and _same_row(rows[-1][0], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_cells(row, page, number) for number, row in enumerate(rows)]


def _same_row(first: Word, word: Word) -> bool:
    apart = abs((first.y0 + first.y1) - (word.y0 + word.y1)) / 2
    return apart < 0.45 * min(first.height, word.height)


def _cells(row: list[Word], page: int, number: int) -> list[Cell]:
    groups: list[list[Word]] = []
    for word in sorted(row, key=lambda w: w.x0):
        last = groups[-1][-1] if groups else None
        if last and word.x0 - last.x1 < _CELL_GAP * min(last.height, word.height):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [Cell(page, number, group) for group in groups]
