"""Slips of optical reading, mended where the shape of the value proves what was printed.

Invariant: an amount is mended only when it already has a digit and two decimals, an IBAN only when
its check digits come out right; a mended character keeps a low score. Words are never guessed.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from well.documents.reading.check_digits import IBAN_LENGTHS, iban_is_valid
from well.documents.reading.ocr_lines import Glyph

_MENDED = 0.8
_DIGITS = str.maketrans("OoQDIl|SsBZz", "000011155822"[:12])
_AMOUNT = re.compile(
    r"(?<![\w.,])(?=[^\s]*\d)(?P<value>[\dOoIlSB]{1,3}(?:[.,'][\dOoIlSB]{3})*[.,][\dOoIlSB]{2}"
    r"|[\dOoIlSB]{1,6}[.,][\dOoIlSB]{2})(?![\w.,])"
)
_IBAN = re.compile(r"(?<![A-Z0-9])([A-Z]{2}[0-9OQDIlSBZ]{2}(?:\s?[A-Z0-9l]){11,30})")
_JOINED = re.compile(
    r"(?<=[^\W\d_]{3})(?=\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}(?!\d))"
    r"|(?<=[./-](?:19|20)\d\d)(?=\d{1,2}:\d\d)"
    r"|(?<=\bIBAN)(?=[A-Z]{2}\d\d)|(?<=\b(?:TVA|VAT|BTW|IVA))(?=[A-Z]{2}U?\d{2})"
)
_TALL = re.compile(r"(?<=[a-zà-ÿ])I(?=[a-zà-ÿ]|\b)|\bl(?=[bcdfgkmnpqrstvwxz][a-zà-ÿ])|\bl(?=BAN\b)")


def repaired(glyphs: Sequence[Glyph]) -> tuple[Glyph, ...]:
    """The characters of one line, mended; a lost blank before a date or an id is put back."""
    plain = [replace(glyph, char=_plain(glyph.char)) for glyph in glyphs]
    text = "".join(glyph.char for glyph in plain)
    mended = _ibans(_AMOUNT.sub(lambda found: found[0].translate(_DIGITS), text))
    mended = _TALL.sub(lambda found: "l" if found[0] == "I" else "I", mended)
    kept = [_mend(glyph, char) for glyph, char in zip(plain, mended, strict=True)]
    for at in reversed([found.start() for found in _JOINED.finditer(mended)]):
        kept.insert(at, Glyph(" ", kept[at].score, kept[at].at, 0.0))
    return tuple(kept)


def _mend(glyph: Glyph, char: str) -> Glyph:
    if char == glyph.char:
        return glyph
    # I and l look alike: there the score tells nothing, and no value depends on it.
    score = glyph.score if char in "Il" else min(glyph.score, _MENDED)
    return replace(glyph, char=char, score=score)


def _plain(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def _ibans(text: str) -> str:
    for found in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(found[1][:2])
        if length is None:
            continue
        start, end = found.start(1), _end(text, found.start(1), length)
        value = text[start:end]
        digits = value[:2] + value[2:].translate(_DIGITS)
        if digits != value and _valid(digits) and not _valid(value):
            text = text[:start] + digits + text[end:]
    return text


def _end(text: str, start: int, length: int) -> int:
    """Where `length` characters other than blanks end."""
    end = start
    while length and end < len(text):
        length -= not text[end].isspace()
        end += 1
    return end


def _valid(value: str) -> bool:
    return iban_is_valid("".join(value.split()))
