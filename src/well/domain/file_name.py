"""The name of a posted file: it carries the source id, so that a read-back can find it.

Invariant: plain ASCII letters, digits, dot and dash, never empty, at most 120 characters
(30 + 20 + 20 + 40 and the marks between them), the same for the same input. It is no path.
"""

import re
import unicodedata
from hashlib import sha256

_NUMBER_MAX = 30
_PART_MAX = 20
_ID_MAX = 40
_DIGEST = 8
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png"}
_OTHER = re.compile(r"[^A-Za-z0-9]+")
_OURS = re.compile(r"[A-Za-z0-9-]+--[a-z0-9-]+-[A-Za-z0-9-]+")


def posting_file_name(
    number: str | None, connector: str, stream_singular: str, source_id: str
) -> str:
    """For instance `F-2026-17--quickbooks-bill-145.pdf`; `document--...` without a number."""
    source = "-".join(
        (
            _plain(connector, _PART_MAX, "source").lower(),
            _plain(stream_singular, _PART_MAX, "record").lower(),
            _source_id(source_id),
        )
    )
    return f"{_plain(number or '', _NUMBER_MAX, 'document')}--{source}.pdf"


def name_within(name: str) -> str | None:
    """The name of a posted file inside another name: systems put a prefix before it, a number
    behind it or another ending to it. None where there is nothing of that form."""
    found = _OURS.search(name)
    return f"{found[0].strip('-')}.pdf" if found else None


def with_suffix_of(name: str, media_type: str) -> str:
    """The name with the ending that belongs to a file's type; `.pdf` where none is known."""
    return name.removesuffix(".pdf") + _SUFFIXES.get(media_type, ".pdf")


def _source_id(source_id: str) -> str:
    """The id itself; one that had to be changed gets a digest, so that no two ids look alike."""
    plain = _plain(source_id, _ID_MAX, "none")
    if plain == source_id:
        return plain
    return f"{plain[: _ID_MAX - _DIGEST - 1]}-{sha256(source_id.encode()).hexdigest()[:_DIGEST]}"


def _plain(text: str, length: int, empty: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", ascii_text).strip("-")[:length].strip("-") or empty
