"""The name of a posted file: it carries the source id, so that a read-back can find it.

Invariant: plain ASCII letters, digits, dot and dash, never empty, at most 120 characters
(30 + 20 + 20 + 40 and the marks between them), the same for the same input. It is no path.
"""

import re
import unicodedata

_NUMBER_MAX = 30
_PART_MAX = 20
_ID_MAX = 40
_OTHER = re.compile(r"[^A-Za-z0-9]+")


def posting_file_name(
    number: str | None, connector: str, stream_singular: str, source_id: str
) -> str:
    """For instance `F-2026-17--quickbooks-bill-145.pdf`; `document--...` without a number."""
    source = "-".join(
        (
            _plain(connector, _PART_MAX, "source").lower(),
            _plain(stream_singular, _PART_MAX, "record").lower(),
            _plain(source_id, _ID_MAX, "none"),
        )
    )
    return f"{_plain(number or '', _NUMBER_MAX, 'document')}--{source}.pdf"


def _plain(text: str, length: int, empty: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _OTHER.sub("-", ascii_text).strip("-")[:length].strip("-") or empty
