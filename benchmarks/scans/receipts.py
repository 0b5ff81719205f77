"""Made-up till receipts in several languages, with what is true of them.

Invariant: the same seed makes the same receipt; the truth holds only what it shows, dates as ISO.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFont

_FONTS = ("DejaVuSansMono", "LiberationMono-Regular", "DejaVuSansMono-Bold", "LiberationMono-Bold")
_FOLDERS = ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/liberation")


@dataclass(frozen=True, slots=True)
class Receipt:
    """A picture and its truth: seller_name, issue_date, gross_total."""

    name: str
    picture: Image.Image
    fields: dict[str, str]


def receipt(seed: int) -> Receipt:
    """Receipt number `seed`."""
    chance = Random(seed)
    language = chance.choice(sorted(_words()))
    words = _words()[language]
    columns = chance.choice((32, 38, 44))
    total, lines = _goods(words, chance, columns)
    day = date(2016, 1, 1) + timedelta(days=chance.randrange(3600))
    shop = chance.choice(words["shops"])
    head = [shop, *words["address"], chance.choice(words["heading"])]
    hour = f"{chance.randrange(8, 22)}:{chance.randrange(10, 59)}"
    when = f"{day.strftime(chance.choice(words['dates']))} {hour}"
    dated = f"{chance.choice(words['date'])}{when}"
    above = chance.random() < 0.6
    text = [line.center(columns) for line in head] + ([dated] if above else []) + ["-" * columns]
    text += [*lines, *([] if above else [dated]), "", chance.choice(words["bye"]).center(columns)]
    truth = {"seller_name": shop, "issue_date": day.isoformat(), "gross_total": _plain(total)}
    return Receipt(f"receipt-{seed}-{language}", _print(text, columns, chance), truth)


def _goods(words: Any, chance: Random, columns: int) -> tuple[int, list[str]]:
    """Total in cents, and the lines from the goods to the change."""
    goods = [
        (chance.choice(words["goods"]), chance.randrange(95, 4500))
        for _ in range(chance.randrange(1, 8))
    ]
    total = sum(price for _, price in goods)
    rate = words["rate"]
    tax = total * rate // (100 + rate)

    def said(cents: int) -> str:
        return str(words["amount"]).format(_local(cents, words["comma"]))

    rows = [(name, said(price)) for name, price in goods]
    if chance.random() < 0.5:
        rows.append((chance.choice(words["net"]), said(total - tax)))
        rows.append((f"{words['tax']} {rate}%", said(tax)))
    rows.append((chance.choice(words["total"]), said(total)))
    if chance.random() < 0.7:
        given = -(-total // 1000) * 1000
        rows += [(words["cash"], said(given)), (words["change"], said(given - total))]
    else:
        rows.append((chance.choice(words["card"]), said(total)))
    return total, [
        name[: columns - len(end) - 1].ljust(columns - len(end)) + end for name, end in rows
    ]


def _local(cents: int, comma: bool) -> str:
    text = f"{cents // 100}.{cents % 100:02}"
    return text.replace(".", ",") if comma else text


def _plain(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _print(lines: list[str], columns: int, chance: Random) -> Image.Image:
    size = chance.choice((18, 22, 26))
    font = ImageFont.truetype(_font(chance.choice(_FONTS)), size)
    width = int(font.getlength("M") * (columns + 4))
    step = int(size * chance.choice((1.25, 1.4, 1.6)))
    picture = Image.new("RGB", (width, step * (len(lines) + 4)), "white")
    pen = ImageDraw.Draw(picture)
    for at, line in enumerate(lines):
        pen.text((font.getlength("M") * 2, step * (at + 2)), line, fill=(30, 30, 35), font=font)
    return picture


def _font(name: str) -> str:
    return next(str(path) for folder in _FOLDERS if (path := Path(folder) / f"{name}.ttf").exists())


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("receipts.toml").read_text("utf-8"))
