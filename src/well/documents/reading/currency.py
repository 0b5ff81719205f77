"""The currency from the text of the pages.

Invariant: the currency beside the total or behind a currency label wins over mere frequency; a
bare dollar sign is a US dollar only when nothing else is named.
"""

from collections import Counter

from well.documents.reading.candidates import Candidate, best, labelled, reading
from well.documents.reading.layout import Layout
from well.documents.reading.recognise import currencies
from well.domain.invoice import FieldReading


def read_currency(layout: Layout, gross: FieldReading | None) -> dict[str, FieldReading]:
    """Reading of the currency."""
    named = best(labelled(layout, layout.of("currency"), currencies))
    if named:
        return {"currency": reading("currency", named, layout, 0.95)}
    all_found = [
        Candidate(match.value, 1.0, cell, match.start, match.end, match.sure)
        for cell in layout.cells()
        for match in currencies(cell.text)
    ]
    if not all_found:
        return {}
    counts = Counter(one.value for one in all_found)
    beside = {match.value for match in currencies(gross.raw)} if gross else set()
    named_dollars = {one.value for one in all_found if one.sure and one.value.endswith("D")}
    chosen = max(counts, key=lambda code: (code in beside, counts[code]))
    if chosen == "USD" and named_dollars - {"USD"} and "USD" not in named_dollars:
        chosen = max(named_dollars - {"USD"}, key=lambda code: counts[code])
    first = next(one for one in all_found if one.value == chosen)
    return {"currency": reading("currency", first, layout, 0.95 if len(counts) == 1 else 0.8)}
