"""A clean picture of a page as a bad scan or a hasty photograph of it.

Invariant: pure in picture and seed; what a person could no longer read is not asked for.
"""

import io
from random import Random

import numpy as np
from PIL import Image, ImageFilter

_PAPER = (250, 252, 246)


def degrade(picture: Image.Image, seed: int) -> Image.Image:
    """Fewer dots, skew, blur, shadow, noise and a poor JPEG, each by chance."""
    chance = Random(seed)
    worn = picture.convert("RGB")
    shrink = chance.choice((1.0, 0.8, 0.65))
    worn = worn.resize((int(worn.width * shrink), int(worn.height * shrink)), Image.Resampling.BOX)
    skew = chance.uniform(-3, 3) if chance.random() < 0.6 else 0.0
    worn = worn.rotate(skew, Image.Resampling.BICUBIC, expand=True, fillcolor=_PAPER)
    worn = worn.filter(ImageFilter.GaussianBlur(chance.choice((0.0, 0.6, 0.9, 1.2)) * shrink))
    worn = _lit(worn, chance)
    turns = chance.choice((0, 0, 0, 0, 1, 2, 3))
    worn = worn.rotate(90 * turns, expand=True) if turns else worn
    out = io.BytesIO()
    worn.save(out, "JPEG", quality=chance.choice((35, 55, 80)))
    return Image.open(io.BytesIO(out.getvalue()))


def _lit(picture: Image.Image, chance: Random) -> Image.Image:
    """Uneven light, less contrast, grain."""
    pixels = np.asarray(picture, np.float32)
    height, width = pixels.shape[:2]
    across = np.linspace(chance.uniform(0.65, 1.0), chance.uniform(0.65, 1.0), width)
    down = np.linspace(chance.uniform(0.8, 1.0), 1.0, height)
    pixels = pixels * across[None, :, None] * down[:, None, None]
    pixels = pixels * chance.uniform(0.75, 1.0) + chance.uniform(0, 40)
    grain = np.random.default_rng(chance.randrange(10**6)).normal(
        0, chance.choice((0, 4, 9)), pixels.shape
    )
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))
