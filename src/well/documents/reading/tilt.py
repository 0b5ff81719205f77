"""How a picture lay when it was read: quarter turns and a few degrees of skew.

Invariant: pure geometry in pixels, origin at the top left. A place in the upright picture and the
place of the same thing in the picture as it is shown turn into each other; it reads nothing.
"""

import math
from dataclasses import dataclass

from well.domain.invoice import Box

Point = tuple[float, float]
Edges = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Tilt:
    """`width` and `height` of the picture as shown; `quarters` turns left make it upright.

    `angle` in radians is the slope of its lines after that, positive when they fall to the right.
    """

    width: float
    height: float
    quarters: int = 0
    angle: float = 0.0

    @property
    def size(self) -> Point:
        """Width and height of the upright picture."""
        return (self.height, self.width) if self.quarters % 2 else (self.width, self.height)

    def upright(self, point: Point) -> Point:
        """A point of the shown picture, in the upright one with level lines."""
        x, y = point
        if self.quarters == 1:
            x, y = y, self.width - x
        elif self.quarters == 2:
            x, y = self.width - x, self.height - y
        elif self.quarters == 3:
            x, y = self.height - y, x
        return _turn((x, y), self._middle, -self.angle)

    def shown(self, point: Point) -> Point:
        """The inverse of `upright`."""
        x, y = _turn(point, self._middle, self.angle)
        if self.quarters == 1:
            return self.width - y, x
        if self.quarters == 2:
            return self.width - x, self.height - y
        if self.quarters == 3:
            return y, self.height - x
        return x, y

    def share(self, edges: Edges) -> Box:
        """Edges in the upright picture as shares of the shown one, around all four corners."""
        x0, y0, x1, y1 = edges
        corners = [self.shown(point) for point in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
        across = [min(max(x / self.width, 0.0), 1.0) for x, _ in corners]
        down = [min(max(y / self.height, 0.0), 1.0) for _, y in corners]
        return (
            round(min(across), 4),
            round(min(down), 4),
            round(max(across), 4),
            round(max(down), 4),
        )

    @property
    def _middle(self) -> Point:
        width, height = self.size
        return width / 2, height / 2


def _turn(point: Point, middle: Point, angle: float) -> Point:
    if not angle:
        return point
    x, y = point[0] - middle[0], point[1] - middle[1]
    cosine, sine = math.cos(angle), math.sin(angle)
    return middle[0] + x * cosine - y * sine, middle[1] + x * sine + y * cosine
