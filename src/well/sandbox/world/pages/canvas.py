"""A page as a list of things drawn, and its two outputs: PDF with real text, and an image.

Invariant: origin top left, points, y downwards; both outputs draw the same list, so a scan shows
what the PDF of the same invoice would. Equal pages give equal bytes.
"""

from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

# Streams stay binary: text wrapping of streams costs a quarter of the time and size.
rl_config.useA85 = 0

A4 = (595, 842)
FONTS = {
    "sans": ("Helvetica", "Helvetica-Bold"),
    "serif": ("Times-Roman", "Times-Bold"),
    "mono": ("Courier", "Courier-Bold"),
}
SCAN_DPI = 120
SCAN_FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


@dataclass(frozen=True, slots=True)
class Text:
    """`align` is "l", "r" or "c" about x; `ink` is a grey, 0 black to 1 white."""

    x: float
    y: float
    text: str
    size: float
    bold: bool
    align: str
    ink: float


@dataclass(frozen=True, slots=True)
class Box:
    """A filled (`ink` below 1) or outlined rectangle; a line when flat."""

    x: float
    y: float
    width: float
    height: float
    fill: float | None


@dataclass(slots=True)
class Sheet:
    """One page being laid out."""

    size: tuple[int, int] = A4
    font: str = "sans"
    items: list[Text | Box] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 9,
        bold: bool = False,
        align: str = "l",
        ink: float = 0,
    ) -> None:
        """One run of text on the baseline y."""
        if text:
            self.items.append(Text(x, y, text, size, bold, align, ink))

    def rule(self, x: float, y: float, width: float) -> None:
        """A thin horizontal line."""
        self.items.append(Box(x, y, width, 0, None))

    def box(
        self, x: float, y: float, width: float, height: float, fill: float | None = None
    ) -> None:
        """An outline, or a grey area when `fill` is given."""
        self.items.append(Box(x, y, width, height, fill))

    def column(
        self,
        x: float,
        y: float,
        lines: list[str],
        size: float = 9,
        step: float = 12,
        align: str = "l",
    ) -> float:
        """Lines of text below each other; returns the y below them."""
        for line in lines:
            self.text(x, y, line, size, align=align)
            y += step
        return y


def pdf(sheets: list[Sheet], title: str, producer: str) -> bytes:
    """The sheets as a PDF with a text layer in standard fonts; deterministic."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=sheets[0].size, invariant=1, pageCompression=1)
    canvas.setTitle(title)
    canvas.setProducer(producer)
    for sheet in sheets:
        canvas.setPageSize(sheet.size)
        _draw(canvas, sheet)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Any, sheet: Sheet) -> None:
    height = sheet.size[1]
    canvas.setLineWidth(0.6)
    for item in sheet.items:
        if isinstance(item, Box):
            if item.fill is not None:
                canvas.setFillGray(item.fill)
            bottom = height - item.y - item.height
            canvas.rect(
                item.x,
                bottom,
                item.width,
                item.height,
                stroke=int(item.fill is None),
                fill=int(item.fill is not None),
            )
            continue
        canvas.setFillGray(item.ink)
        canvas.setFont(FONTS[sheet.font][item.bold], item.size)
        draw = {"r": canvas.drawRightString, "c": canvas.drawCentredString}
        draw.get(item.align, canvas.drawString)(item.x, height - item.y, item.text)


@cache
def _scan_font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(SCAN_FONT, size)


def image(sheet: Sheet, tilt: int) -> bytes:
    """The sheet as a grey JPEG, as a scanner would make it; `tilt` in tenths of a degree."""
    scale = SCAN_DPI / 72
    page = Image.new("L", (round(sheet.size[0] * scale), round(sheet.size[1] * scale)), 248)
    draw = ImageDraw.Draw(page)
    for item in sheet.items:
        if isinstance(item, Box):
            corner = (item.x * scale, item.y * scale)
            far = ((item.x + item.width) * scale, (item.y + item.height) * scale)
            fill = None if item.fill is None else int(item.fill * 248)
            draw.rectangle((corner, far), fill=fill, outline=90 if fill is None else None)
            continue
        # The scan's font is wider than the PDF's: drawn smaller, columns stay apart.
        font = _scan_font(max(8, round(item.size * scale * 0.88)))
        anchor = {"r": "rs", "c": "ms"}.get(item.align, "ls")
        ink = int(30 + item.ink * 218)
        draw.text((item.x * scale, item.y * scale), item.text, ink, font, anchor)
    page = page.rotate(tilt / 10, Image.Resampling.BILINEAR, fillcolor=248)
    out = BytesIO()
    page.save(out, "JPEG", quality=45)
    return out.getvalue()


def scan_pdf(sheet: Sheet, tilt: int) -> bytes:
    """A PDF whose only content is the page's image: no text layer."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=sheet.size, invariant=1, pageCompression=1)
    canvas.drawImage(ImageReader(BytesIO(image(sheet, tilt))), 0, 0, *sheet.size)
    canvas.showPage()
    canvas.save()
    return out.getvalue()
