"""Where a value may stand, seen from its label: behind it, to its right, or below it.

Invariant: a region never crosses another label, so a value belongs to the nearest label in
reading direction. It knows places and labels, and no value types.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from well.documents.reading.labels import Label, find_labels
from well.documents.reading.pages import Cell, Page
from well.documents.reading.words import fold
from well.domain.invoice import Box

_RIGHT = 6
_BELOW = 5
_BELOW_HEIGHTS = 7.0
_BLOCK_GAP = 2.5


@dataclass(frozen=True, slots=True)
class Spot:
    """A label at its place; `cell_labels` are all labels of its cell."""

    label: Label
    cell: Cell


@dataclass(frozen=True, slots=True)
class Region:
    """text[start:end] of a cell; `nearness` 1 behind the label, less further away."""

    cell: Cell
    start: int
    end: int
    nearness: float
    same_row: bool

    @property
    def text(self) -> str:
        """What stands there."""
        return self.cell.text[self.start : self.end]


@dataclass(slots=True)
class Layout:
    """Pages with the labels found on them."""

    pages: Sequence[Page]
    labels: dict[int, list[Label]] = field(default_factory=dict)
    spots: list[Spot] = field(default_factory=list)
    sections: dict[int, str | None] = field(default_factory=dict)
    foot_text: str = ""

    def __post_init__(self) -> None:
        for cell in self.cells():
            found = find_labels(cell.text)
            self.labels[id(cell)] = found
            self.spots += [Spot(label, cell) for label in found]
        self.foot_text = "\n".join(fold(cell.text) for cell in self.cells() if self.in_foot(cell))

    def cells(self) -> Iterator[Cell]:
        """All cells in reading order."""
        return (cell for page in self.pages for row in page.rows for cell in row)

    def row(self, cell: Cell) -> list[Cell]:
        """The cells of a cell's row."""
        return self._page(cell).rows[cell.row]

    def share(self, cell: Cell, start: int, end: int) -> Box:
        """Place of text[start:end] of a cell as shares of its page."""
        return self._page(cell).share(cell.span(start, end))

    def in_foot(self, cell: Cell) -> bool:
        """Whether a cell stands in the lowest eighth of its page."""
        return cell.y0 > 0.875 * self._page(cell).height

    def of(self, *fields: str) -> list[Spot]:
        """The labels of some fields."""
        return [spot for spot in self.spots if spot.label.field in fields]

    def regions(self, spot: Spot) -> Iterator[Region]:
        """Places for the value of a label, the likeliest first."""
        yield from self._behind(spot)
        yield from self._right(spot)
        yield from self._below(spot)
        yield from self._below_right(spot)

    def _behind(self, spot: Spot) -> Iterator[Region]:
        later = [x.start for x in self.labels[id(spot.cell)] if x.start >= spot.label.end]
        end = min(later, default=len(spot.cell.text))
        if spot.cell.text[spot.label.end : end].strip(" :.#-"):
            yield Region(spot.cell, spot.label.end, end, 1.0, True)

    def _right(self, spot: Spot) -> Iterator[Region]:
        if any(x.start >= spot.label.end for x in self.labels[id(spot.cell)]):
            return
        row = self.row(spot.cell)
        at = next(index for index, cell in enumerate(row) if cell is spot.cell)
        for step, cell in enumerate(row[at + 1 : at + 1 + _RIGHT]):
            end = self.free_text(cell)
            if end == 0:
                return
            yield Region(cell, 0, end, 0.95 - 0.05 * step, True)
            if end < len(cell.text):
                return

    def _below(self, spot: Spot) -> Iterator[Region]:
        label = spot.cell.span(spot.label.start, spot.label.end)
        height = label[3] - label[1]
        rows = self._page(spot.cell).rows
        step = 0
        for row in rows[spot.cell.row + 1 : spot.cell.row + 12]:
            under = [cell for cell in row if _overlap(label, cell)]
            if not under:
                continue
            cell = under[0]
            end = self.free_text(cell)
            if cell.y0 - label[3] > _BELOW_HEIGHTS * height or step >= _BELOW or end == 0:
                return
            yield Region(cell, 0, end, 0.8 - 0.12 * step, False)
            step += 1

    def _below_right(self, spot: Spot) -> Iterator[Region]:
        """A value set to the right edge of a box under its label."""
        row = self.row(spot.cell)
        if row[-1] is not spot.cell:
            return
        rows = self._page(spot.cell).rows[spot.cell.row + 1 : spot.cell.row + 4]
        for cell in (row[-1] for row in rows):
            near = cell.y0 - spot.cell.y1 <= 2.5 * (spot.cell.y1 - spot.cell.y0)
            if near and cell.x0 > spot.cell.x0 and self.free_text(cell) == len(cell.text):
                yield Region(cell, 0, len(cell.text), 0.45, False)
                return

    def free_text(self, cell: Cell) -> int:
        """Length of a cell's text before its first label."""
        labels = self.labels[id(cell)]
        return labels[0].start if labels else len(cell.text)

    def under(self, cell: Cell) -> Cell | None:
        """The cell right below that starts at the same place."""
        for row in self._page(cell).rows[cell.row + 1 : cell.row + 4]:
            for one in row:
                if abs(one.x0 - cell.x0) <= 2:
                    return one if one.y0 - cell.y1 <= _BLOCK_GAP * (cell.y1 - cell.y0) else None
        return None

    def column(self, cell: Cell, width: float, rows: int) -> Iterator[Cell]:
        """A cell and those above it, upwards, while they start within `width` points and lie close.

        A gap of more than two and a half lines ends the block.
        """
        yield cell
        last = cell
        for row in reversed(self._page(cell).rows[max(cell.row - rows, 0) : cell.row]):
            above = next((one for one in row if abs(one.x0 - cell.x0) <= width), None)
            if above is None:
                continue
            if last.y0 - above.y1 > _BLOCK_GAP * (last.y1 - last.y0):
                return
            yield above
            last = above

    def _page(self, cell: Cell) -> Page:
        return next(page for page in self.pages if page.number == cell.page)


def _overlap(label: tuple[float, float, float, float], cell: Cell) -> bool:
    shared = min(label[2], cell.x1) - max(label[0], cell.x0)
    return shared > 0.3 * min(label[2] - label[0], cell.x1 - cell.x0)
