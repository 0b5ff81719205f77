"""Folded text: one plain form for comparing, whatever accents, case, script or signs were typed.

Invariant: pure and bounded; folding twice gives the same. It is never shown to a person.
"""

import re
import unicodedata
from functools import lru_cache

TEXT_MAX = 400
"""Characters looked at; what a hostile record adds beyond them cannot slow anything down."""

_CYRILLIC = {
    **dict(zip("абвгдезиклмнопрстуфыэ", "abvgdeziklmnoprstufye", strict=True)),
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ь": "",
    "і": "i",
    "є": "e",
    "ґ": "g",
    "ў": "u",
    "ђ": "dj",
    "ј": "j",
    "љ": "lj",
    "њ": "nj",
    "ћ": "c",
    "џ": "dz",
    "ә": "a",
    "ғ": "g",
    "қ": "k",
    "ң": "n",
    "ө": "o",
    "ұ": "u",
    "ү": "u",
    "һ": "h",
}
_GREEK = {
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
    "θ": "th",
    "χ": "ch",
    "ψ": "ps",
}
_LATIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
_LETTERS = str.maketrans(_CYRILLIC | _GREEK | _LATIN)
_MARKED = str.maketrans({"й": "y", "ё": "e", "ї": "i"})
"""Letters of their own in Cyrillic, which would lose their mark like an accent."""
_ASCII = str.maketrans({chr(n): " " for n in range(128) if not chr(n).isalnum()})
_SIGNS = bytes(n for n in range(128) if not chr(n).isalnum())
_NOT_WORD = re.compile(r"[\W_]+")
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_](?![^\W_]))?")
_POSSESSIVE = re.compile(r"['’`´]s\b")
_JAPANESE_FORM = re.compile(
    "(株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限責任公司|有限公司|주식회사|유한회사)"
)


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case, Latin, without accents, words separated by one blank; dotted letters joined.

    `"L'Été & Cie S.A.S."` becomes `"l ete cie sas"`.
    """
    text = text[:TEXT_MAX]
    plain = text.lower() if text.isascii() else _latin(text)
    if "'" in plain or not plain.isascii():
        plain = _POSSESSIVE.sub("", plain)
    if "." in plain:
        plain = _DOTTED.sub(_joined, plain)
    if plain.isascii():
        return " ".join(plain.translate(_ASCII).split())
    return _NOT_WORD.sub(" ", plain).strip()


def _joined(dotted: re.Match[str]) -> str:
    return " " + dotted.group().replace(".", "").replace(" ", "") + " "


def _latin(text: str) -> str:
    """Lower case without accents; Cyrillic and Greek letter by letter as Latin ones."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_MARKED)
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.replace("ου", "ou").translate(_LETTERS)
    if plain.isascii():
        return plain
    return _JAPANESE_FORM.sub(r" \1 ", unicodedata.normalize("NFKC", plain))


def plain_words(text: str) -> list[str]:
    """The folded words; letters standing alone in a row are one word ("B. V.", "V & J")."""
    words = fold(text).split()
    if len([word for word in words if len(word) == 1]) < 2:
        return words
    out: list[str] = []
    run = False
    for word in words:
        letter = len(word) == 1 and word.isalpha()
        if letter and run:
            out[-1] += word
        else:
            out.append(word)
        run = letter
    return out


def squeeze(text: str) -> str:
    """Letters and digits only, capitals, without accents: the form of numbers and identifiers."""
    if text.isascii():
        return text[:TEXT_MAX].encode().translate(None, _SIGNS).decode().upper()
    plain = unicodedata.normalize("NFKD", text[:TEXT_MAX])
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c)).upper()
