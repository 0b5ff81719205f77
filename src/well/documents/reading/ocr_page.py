"""The page that an optical reader's lines make: words with places, in rows and cells.

Invariant: no order is invented; a word is what stands between blanks or wide gaps of a line. Only
`ocr_repair` changes a character.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from well.documents.reading.ocr_lines import Glyph, Line, Scan
from well.documents.reading.ocr_repair import repaired
from well.documents.reading.pages import Page, Word, rows_of
from well.documents.reading.tilt import Tilt

_LINE_HEIGHT = 11.0
_GAP = 0.8
_STANDING = 2.0


def page_of(scan: Scan, number: int, points_per_pixel: float | None = None) -> Page:
    """A scan as page `number`; without a scale, its usual line counts as 11 points high."""
    placed = [_Placed.of(line, scan.tilt) for line in scan.lines if line.text.strip()]
    scale = points_per_pixel or _scale(placed)
    words = [word for line in placed for word in line.words(scale)]
    width, height = (max(side * scale, 1.0) for side in scan.tilt.size)
    shown = Tilt(
        max(scan.tilt.width * scale, 1.0),
        max(scan.tilt.height * scale, 1.0),
        scan.tilt.quarters,
        scan.tilt.angle,
    )
    return Page(number, width, height, rows_of(words, number), tilt=shown)


def _scale(lines: "Sequence[_Placed]") -> float:
    return _LINE_HEIGHT / max(median(line.height for line in lines), 1.0) if lines else 1.0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A level line in pixels of the upright picture."""

    x0: float
    x1: float
    middle: float
    height: float
    glyphs: tuple[Glyph, ...]

    @classmethod
    def of(cls, line: Line, tilt: Tilt) -> "_Placed":
        corners = [tilt.upright(corner) for corner in line.corners]
        left, right = (corners[0][0] + corners[3][0]) / 2, (corners[1][0] + corners[2][0]) / 2
        height = (corners[3][1] + corners[2][1] - corners[0][1] - corners[1][1]) / 2
        middle = sum(y for _, y in corners) / 4
        return cls(left, max(right, left + 1), middle, max(height, 1.0), repaired(line.glyphs))

    def words(self, scale: float) -> Iterator[Word]:
        """The line in words, in points."""
        if self.height > _STANDING * (self.x1 - self.x0) and len(self.glyphs) > 2:
            return  # Text that stands upright at the margin belongs to no line of the page.
        run: list[Glyph] = []
        for glyph in self.glyphs:
            if glyph.char.isspace() or (run and self._apart(run[-1], glyph)):
                if run:
                    yield self._word(run, scale)
                run = []
            if not glyph.char.isspace():
                run.append(glyph)
        if run:
            yield self._word(run, scale)

    def _apart(self, one: Glyph, other: Glyph) -> bool:
        gap = (other.at - other.width / 2) - (one.at + one.width / 2)
        return gap * (self.x1 - self.x0) > _GAP * self.height

    def _word(self, run: Sequence[Glyph], scale: float) -> Word:
        length = self.x1 - self.x0
        x0 = self.x0 + max(run[0].at - run[0].width / 2, 0.0) * length
        x1 = self.x0 + min(run[-1].at + run[-1].width / 2, 1.0) * length
        y0, y1 = self.middle - self.height / 2, self.middle + self.height / 2
        text = "".join(glyph.char for glyph in run)
        score = min(glyph.score for glyph in run)
        edges = (x0 * scale, y0 * scale, max(x1, x0 + 1) * scale, y1 * scale)
        return Word(text, *edges, score=score)
