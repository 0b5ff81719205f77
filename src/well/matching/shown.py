"""The values of a record as a person reads them beside a level.

Invariant: what is shown is what was compared, before canonicalising. It formats and judges nothing.
"""

from collections.abc import Mapping
from datetime import date

from well.domain.money import minor_digits
from well.matching.columns import OneOrMore, Raw


def shown(record: Raw) -> Mapping[str, str]:
    """Text of every feature, "" where missing."""
    return {
        "reference": record.reference or record.file_name or record.memo,
        "amount": _amount(record),
        "date": date.fromordinal(record.day).isoformat() if record.day else "",
        "name": _texts(record.names) or record.memo,
        "memo": record.memo,
        "tax number": _texts(record.numbers),
        "bank account": _texts(record.ibans),
        "domain": _texts(record.sites),
        "address": record.address,
        "phone": record.phone,
        "country": record.country,
        "habit": "",
        "owner": "",
    }


def _texts(texts: OneOrMore) -> str:
    return texts if isinstance(texts, str) else ", ".join(texts)


def _amount(record: Raw) -> str:
    if record.amount is None:
        return ""
    places = minor_digits(record.currency)
    sign, size = "-" if record.amount < 0 else "", f"{abs(record.amount):0{places + 1}d}"
    whole = f"{size[:-places]}.{size[-places:]}" if places else size
    return f"{sign}{whole} {record.currency}".strip()
