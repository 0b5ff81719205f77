"""A page to write on, in points from the top left corner, drawn by reportlab at the end.

Invariant: what is put on it is drawn as text, except pictures; the quirks change how it is drawn
and never what a person sees.
"""

import io
from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4


@dataclass(frozen=True, slots=True)
class Run:
    """One text at a place; `x` is its left edge."""

    page: int
    x: float
    y: float
    text: str
    size: float
    bold: bool

    @property
    def font(self) -> str:
        """Name of the standard font."""
        return "Helvetica-Bold" if self.bold else "Helvetica"


@dataclass(slots=True)
class Sheet:
    """Runs so far; `page` is the page written on; `scale` of all letters."""

    scale: float = 1.0
    shift: float = 0.0
    page: int = 0
    runs: list[Run] = field(default_factory=list)
    pictures: list[tuple[float, float, str]] = field(default_factory=list)

    def put(
        self, x: float, y: float, text: str, size: float = 9, bold: bool = False, to: str = "left"
    ) -> None:
        """Write `text` with its left edge, right edge or middle (`to`) at x, its foot at y."""
        size *= self.scale
        wide = stringWidth(text, "Helvetica-Bold" if bold else "Helvetica", size)
        left = x - (wide if to == "right" else wide / 2 if to == "middle" else 0)
        self.runs.append(Run(self.page, left, y + self.shift, text, size, bold))

    def lines(
        self, x: float, y: float, texts: list[str], size: float = 9, gap: float = 12
    ) -> float:
        """Write texts one below the other; where the next one would stand."""
        for text in texts:
            self.put(x, y, text, size)
            y += gap
        return y

    def picture(self, x: float, y: float, text: str) -> None:
        """A logo: a coloured shape with no text in the text layer."""
        self.pictures.append((x, y, text))

    def draw(self, quirks: Collection[str], rng: Random) -> bytes:
        """The PDF."""
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, invariant=1)
        for page in range(max((run.page for run in self.runs), default=0) + 1):
            self._draw_page(canvas, page, quirks, rng)
        canvas.save()
        return out.getvalue()

    def _draw_page(self, canvas: Canvas, page: int, quirks: Collection[str], rng: Random) -> None:
        if "rotated" in quirks:
            # The page is stored lying on its side and shown upright.
            canvas.setPageRotation(90)
            canvas.transform(0, 1, -1, 0, HEIGHT, 0)
        for x, y, text in self.pictures if page == 0 else []:
            canvas.setFillColorRGB(0.1, 0.3, 0.6)
            canvas.roundRect(x, HEIGHT - y - 30, 20 + 5 * len(text), 30, 6, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        runs = [run for run in self.runs if run.page == page]
        if "shuffled" in quirks:
            rng.shuffle(runs)
        for run in runs:
            _draw_run(canvas, run, "glyphs" in quirks)
        canvas.showPage()


def _draw_run(canvas: Canvas, run: Run, glyphs: bool) -> None:
    canvas.setFont(run.font, run.size)
    x = run.x
    for part in run.text if glyphs else [run.text]:
        if part != " ":
            canvas.drawString(x, HEIGHT - run.y, part)
        x += stringWidth(part, run.font, run.size)
