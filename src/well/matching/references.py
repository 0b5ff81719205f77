"""Invoice numbers in the forms they are compared in, and those that stand in a text.

Invariant: every form is computed from the number alone; two numbers with the same `plain` form
differ in signs, case, accents and script only. Bounded whatever the text. It does not say whether
two records are the same document.
"""

import re
import string
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from well.matching.identifiers import iban
from well.matching.text import TEXT_MAX, fold

VERSION = "references-2"

PLAIN_MAX = 64
"""Signs of the longest number; what is longer is a text and no number."""
CORE_MIN = 4
"""Digits a core must keep to say anything by itself."""
_LETTERS = string.ascii_lowercase.encode()
SIGNS = bytes(n for n in range(128) if not chr(n).isalnum())
UPPER = bytes.maketrans(_LETTERS, _LETTERS.upper())
FOLDING = bytes.maketrans(b"OILSZBG", b"0115286")
PLACES = bytes.maketrans(string.digits.encode(), b"#" * 10)
"""What forms are made with: signs that are left out, capitals, look-alikes, places of digits."""
_SPACED = bytes(n if chr(n) in string.digits else ord(" ") for n in range(256))
_YEAR = re.compile(rb"(?:19|20)[0-9]{2}")


class Reference(NamedTuple):
    """`plain` letters and digits; `folded` with look-alikes merged; `digits` all of them and
    `core` those without a year at an end, both without leading zeros ("" when too short);
    `shape` the letters and the places of digits."""

    plain: str
    folded: str
    digits: str
    core: str
    shape: str


def plain_of(text: str) -> str:
    """Letters and digits in capitals; "" when there is no digit to compare by."""
    raw = _raw(text)
    plain = raw.translate(UPPER, SIGNS)
    return plain.decode() if len(plain) <= PLAIN_MAX and raw.translate(_SPACED).split() else ""


def _raw(text: str) -> bytes:
    """The text in ASCII; accents, scripts and their digits as the plain letters and digits."""
    if text.isascii():
        return text.encode()
    digits = (str(unicodedata.decimal(sign, sign)) for sign in text[:TEXT_MAX])
    return fold("".join(digits)).encode("ascii", "ignore")


@lru_cache(maxsize=65_536)
def reference(text: str | None) -> Reference | None:
    """The forms of a number; None when nothing of it can be compared (no digit at all)."""
    raw = _raw(text or "")
    plain = raw.translate(UPPER, SIGNS)
    groups = raw.translate(_SPACED).split()
    if not groups or len(plain) > PLAIN_MAX:
        return None
    return Reference(
        plain.decode(),
        plain.translate(FOLDING).decode(),
        _joined(groups),
        _joined(_without_year(groups)),
        plain.translate(PLACES).decode(),
    )


def _without_year(groups: list[bytes]) -> list[bytes]:
    """Digit groups without the year in front or, failing that, at the end."""
    if len(groups) > 1:
        if _YEAR.fullmatch(groups[0]):
            return groups[1:]
        if _YEAR.fullmatch(groups[-1]):
            return groups[:-1]
    return groups


def _joined(groups: list[bytes]) -> str:
    """Digit groups as one number; "" when too short to say anything by itself."""
    core = b"".join(groups).lstrip(b"0")
    return core.decode() if len(core) >= CORE_MIN else ""


def strong(ref: Reference) -> bool:
    """Whether the number is long enough to point at one document without its supplier."""
    return len(ref.plain) >= 6 and ref.shape.count("#") >= 4


def in_text(ref: Reference, text: str) -> bool:
    """Whether a strong number stands in a file name or memo, bounded by no further digit."""
    if not strong(ref):
        return False
    raw = unicodedata.normalize("NFKD", text[:TEXT_MAX]).upper()
    return _spelled(ref.plain).search(raw) is not None


@lru_cache(maxsize=4096)
def _spelled(plain: str) -> re.Pattern[str]:
    """The number with any signs between its characters."""
    return re.compile(r"(?<![0-9])" + r"[\W_]?".join(plain) + r"(?![0-9])")


def one_slip(a: str, b: str) -> bool:
    """Whether one typed or lost character, at six characters or more, tells them apart.

    A replaced character is no slip: the next invoice of a series differs by exactly that.
    """
    short, long = sorted((a, b), key=len)
    if len(short) < 6 or len(long) - len(short) != 1:
        return False
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


MENTIONED_MAX = 40
"""Numbers looked at in one text."""
MEMO_MAX = 4000
"""Signs of a text in which numbers are looked for."""

_DIGITS_MIN = 3
"""Digits of a number that has no letter or sign."""
_PARTS_MAX = 6
_PART_MIN = 5

_ACCOUNT = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_ENDING = re.compile(r"\.(?:pdf|xml|jpe?g|png|tiff?|zip|eml)\b", re.I)
_TOKEN = re.compile(r"[^\s;()|<>\"\[\]={}]+")
_DIGIT = re.compile(r"[0-9]")
_AROUND = "'`.,:!?-/#_"
_UNITS = frozenset(
    [
        *("eur", "euro", "euros", "usd", "gbp", "chf", "cad", "aud", "jpy", "sek", "nok", "dkk"),
        *("pln", "czk", "€", "$", "£", "¥", "%", "pct", "percent", "pourcent", "prozent"),
    ]
)
"""What stands beside an amount or a share."""
_SUM = re.compile(r"-?[0-9][0-9.,']*")
_PHONES = frozenset(
    ["tel", "tél", "phone", "fax", "mob", "mobile", "telefon", "téléphone", "telephone"]
)
_NAMED = r"(?:eur|usd|gbp|chf|cad|aud|jpy|sek|nok|dkk|pln|czk|euros?|[€$£¥])"
_NO_NUMBER = re.compile(
    "|".join(
        (
            r"[0-9]{1,3}(?:[.,'][0-9]{3})+(?:[.,][0-9]{1,2})?",
            r"-?[0-9]+[.,][0-9]{1,2}",
            rf"-?[0-9][0-9.,']*{_NAMED}",
            rf"{_NAMED}-?[0-9][0-9.,']*",
            r"[0-9.,]+%",
            r"(?:19|20)?[0-9]{2}([-/.])[01]?[0-9]\1[0-3]?[0-9]",
            r"[0-3]?[0-9]([-/.])[0-3]?[0-9]\2(?:19|20)?[0-9]{2}",
            r"[01]?[0-9][/.](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}[/.][01]?[0-9]",
            r"[0-3]?[0-9]-?[^\W\d_]{3,9}\.?-?(?:19|20)[0-9]{2}",
            r"[0-2]?[0-9][:h][0-5][0-9](?::[0-5][0-9])?",
            r"[x*]{2,}[0-9]+",
            r"[^@]+@.+|(?:https?:|www\.).*",
            r"0[0-9](?:[.][0-9]{2}){4}",
        )
    ),
    re.I,
)
"""Amounts, shares, days, months, times, masked cards, addresses and telephones in one piece."""
_NUMBER = re.compile(r"[^\W\d_]{0,8}[-/._]?[0-9][^\W_]*(?:[-/._][^\W_]+)*")
_PREFIX = re.compile(r"(?!(?:NO|NR|NUM|REF|ID|DU|DE|OF|THE|FROM|SEPA)$)[A-Z]{1,4}")


@lru_cache(maxsize=65_536)
def mentioned(text: str) -> tuple[Reference, ...]:
    """The numbers of a text.

    "RE 2024-0031, 0032 and F-77" gives RE20240031, 20240031, 0032, RE20240032 and F77.
    """
    text = text[:MEMO_MAX]
    if not _DIGIT.search(text):
        return ()
    found: dict[Reference, None] = {}
    for spelling in _spellings(_ACCOUNT.sub(_no_account, text)):
        ref = reference(spelling)
        if ref is not None:
            found[ref] = None
        if len(found) == MENTIONED_MAX:
            break
    return tuple(found)


def _no_account(found: re.Match[str]) -> str:
    return " | " if iban(found[0]) else found[0]


def _spellings(text: str) -> Iterator[str]:
    """Each number with its short word in front, alone, and with the rest of the one before."""
    before = ""
    for word, number in _numbers(text):
        whole = word + number if _PREFIX.fullmatch(word) and number[0].isdigit() else number
        if whole != number:
            yield whole
        yield from _spelled_parts(number)
        if number.isdigit() and _is_tail(before, number):
            yield before[: -len(number)] + number
        else:
            before = whole


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    """(word in front, number) of all that could be an invoice number."""
    tokens = [token.strip(_AROUND) for token in _TOKEN.findall(_ENDING.sub(" ", text))]
    word = ""
    calling = paid = False
    for token, after in zip(tokens, [*tokens, ""][1:], strict=True):
        if not _DIGIT.search(token):
            word, calling = "" if paid else token, token.lower() in _PHONES
            paid = False
            continue
        calling = token.startswith("+") or (calling and token.isdigit())
        paid = after.lower() in _UNITS and _SUM.fullmatch(token) is not None
        priced = word.lower() in _UNITS and _SUM.fullmatch(token) is not None
        if not (calling or paid or priced or _NO_NUMBER.fullmatch(token)):
            for number in _NUMBER.findall(token):
                if _counts(number):
                    yield word, number
        word = ""


def _counts(number: str) -> bool:
    """Whether it can be told from a count or a year."""
    if number.isdigit():
        return len(number) >= _DIGITS_MIN and not _YEAR.fullmatch(number.encode())
    return len(_DIGIT.findall(number)) >= 2


def _is_tail(before: str, number: str) -> bool:
    """Whether the number has the place of the last digits of the one before, after a sign."""
    start = len(before) - len(number)
    return start > 0 and before[start:].isdigit() and not before[start - 1].isalnum()


def _spelled_parts(number: str) -> Iterator[str]:
    """The number, its ends from each "_" on, and its parts between "_" or long ones at "/"."""
    yield number
    parts = number.split("_", _PARTS_MAX)
    for at in range(1, len(parts)):
        end = "_".join(parts[at:])
        if _counts(end):
            yield end
    if len(parts) == 1:
        parts = number.split("/", _PARTS_MAX)
    if len(parts) > 1:
        yield from (part for part in parts if len(part) >= _PART_MIN)
