"""Reading a mailed document: by the stand-ins' own program, completed by what eyes would see.

Invariant: what the program found stays; what is printed on a page that the company does not know
stays unread. It writes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from well.sandbox.analysis import Reading, analyse
from well.sandbox.kit.company import Body
from well.sandbox.kit.files import Files


@dataclass(frozen=True)
class Eyes:
    """A receiver's reader. `printed` tells a page of the company's by its digest."""

    files: Files
    own: tuple[str, ...]
    printed: Callable[[str], Body | None]
    settings: Mapping[str, int]

    def read(self, digest: str) -> Reading:
        """The reading of a kept file; the setting `good_eyes` 0 leaves it to the program."""
        reading = analyse(self.files.get(digest), self.own)
        known = self.printed(digest) if self.settings["good_eyes"] else None
        return completed(reading, known or {})


def completed(reading: Reading, printed: Body) -> Reading:
    """The reading, with what is printed where the program found nothing."""
    found = {name: getattr(reading, name) for name in printed}
    missing = {name: value for name, value in printed.items() if found[name] in (None, False)}
    return replace(reading, **missing)
