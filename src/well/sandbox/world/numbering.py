"""How suppliers number their invoices, and how else people type the same number.

Invariant: a supplier never gives the same number twice, and numbers rise with time; no number is
longer than the 21 characters QuickBooks keeps.
"""

from datetime import date

from well.sandbox.world.chance import stream
from well.sandbox.world.model import Person
from well.sandbox.world.people import SHORT


class Numbering:
    """Gives each supplier's next number; other customers take some in between."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._last: dict[int, int] = {}

    def next(self, person: Person, day: date, credit: bool = False) -> str:
        """The next number of `person`, written in its style."""
        key = person.index
        before = self._last.get(key)
        if before is None:
            before = stream(self._seed, "numbering", key).randrange(3, 60)
        self._last[key] = (
            before + 1 + (before * 31 + key * 17) % (7 if person.numbering == SHORT else 29)
        )
        return ("AV-" if credit else "") + written(person, day, self._last[key])


def written(person: Person, day: date, count: int) -> str:
    """`count` in the style of `person`."""
    year, short, month = day.year, day.year % 100, day.month
    forms = (
        f"INV-{year}-{month:02d}-{count:03d}",
        f"F{year}-{count:05d}",
        f"{year}/{month:02d}/{count:03d}",
        f"RE-{year}{month:02d}{day.day:02d}-{count:03d}",
        f"{10000000 + abs(person.index) % 5000 * 1000 + count}",
        f"FA {short:02d}{month:02d}-{count:04d}",
        f"FAC{short:02d}-{count:05d}",
        f"SI/{short:02d}/{count:04d}",
        f"{100 + count % 900}",
    )
    return forms[person.numbering]


def retyped(number: str) -> str:
    """The same number with other separators: INV-2026-04-100 becomes INV2026/04 100."""
    parts = number.replace("/", "-").replace(" ", "-").split("-")
    if len(parts) > 2:
        return f"{parts[0]}{parts[1]}/{' '.join(parts[2:])}"
    if len(parts) == 2:
        return f"{parts[0]} {parts[1]}" if "-" in number else f"{parts[0]}-{parts[1]}"
    return f"{number[:4]} {number[4:]}"
