"""Totals that an e-invoice states twice, differently.

Invariant: amounts of another currency are no repetition. It chooses none of them: the reader takes
the first, and a person hears of the second.
"""

from lxml import etree

from well.documents.reading.xml_parse import local_name
from well.domain.invoice import Finding

_SUMS = {
    "SpecifiedTradeSettlementHeaderMonetarySummation",
    "SpecifiedTradeSettlementMonetarySummation",
    "LegalMonetaryTotal",
}


def repeated_totals(root: etree._Element) -> tuple[Finding, ...]:
    """A finding for each kind of total with several values in one summation."""
    return tuple(
        finding
        for element in root.iter("{*}*")
        if local_name(element) in _SUMS
        for finding in _repeated(element)
    )


def _repeated(sums: etree._Element) -> list[Finding]:
    values: dict[tuple[str, str | None], list[str]] = {}
    for child in sums:
        said = values.setdefault((local_name(child), child.get("currencyID")), [])
        text = (child.text or "").strip()
        if text not in said:
            said.append(text)
    return [
        Finding(
            "repeated_value",
            f"The e-invoice states {name} several times: {', '.join(said[:5])}.",
            stops_auto_post=True,
        )
        for (name, _), said in values.items()
        if len(said) > 1
    ]
