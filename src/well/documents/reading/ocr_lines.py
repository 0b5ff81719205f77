"""What an optical reader saw: lines of characters with places and scores.

Invariant: values only. It knows no engine and no page.
"""

from dataclasses import dataclass

from well.documents.reading.tilt import Point, Tilt


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character; `at` and `width` are shares of its line, `score` 0 to 1."""

    char: str
    score: float
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """`corners` from the top left, clockwise, in pixels of the shown picture turned upright."""

    corners: tuple[Point, Point, Point, Point]
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(glyph.char for glyph in self.glyphs)


@dataclass(frozen=True, slots=True)
class Scan:
    """Lines of one picture and how it lay; corners are in the shown picture."""

    tilt: Tilt
    lines: tuple[Line, ...]
