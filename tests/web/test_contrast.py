"""The colours of the pages can be read: every token on both grounds, light and dark."""

import re
from pathlib import Path

import pytest

import well.web

CSS = (Path(well.web.__file__).parent / "static/well/base.css").read_text()
TOKENS = {
    name: pair
    for name, *pair in re.findall(
        r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS
    )
}
PAIRS = [
    *((ink, paper, 4.5) for ink in ("text", "muted", "accent", "good", "warn", "bad")
      for paper in ("ground", "surface")),
    *((ink, f"{ink}-soft", 4.5) for ink in ("good", "warn", "bad")),
    ("on-accent", "accent", 4.5),
    ("text", "raised", 4.5),
    ("text", "accent-soft", 4.5),
    ("muted", "accent-soft", 4.5),
    *((line, paper, 3.0) for line in ("focus", "line-strong") for paper in ("ground", "surface")),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "paper", "least"), PAIRS)
def test_contrast_is_enough(ink: str, paper: str, least: float, theme: int) -> None:
    one, other = sorted(luminance(TOKENS[name][theme]) for name in (ink, paper))
    assert (other + 0.05) / (one + 0.05) >= least
