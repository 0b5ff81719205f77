"""Layouts: a document that a person judged shows where its supplier prints its values.

Invariant: a layout stands as long as the judgement it came from is the newest of its case, so
undoing or forgetting that forgets it; it serves its own workspace alone, and its own supplier
where a record names one. The wish is stored with the judgement; looking at the document comes
later, in the next run, outside any transaction.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from well.domain.case import Case
from well.domain.document import DocumentRef
from well.domain.entry import TargetEntry
from well.domain.invoice import Invoice, Origin, Seller
from well.domain.learned_layout import LearnedLayout
from well.domain.learning import KeptLayout
from well.domain.reading import Reading
from well.domain.source_record import RecordKey
from well.domain.trail import TrailEvent
from well.matching import seller_keys
from well.pipeline.work import Work
from well.policy.correction import DATES, FIELDS, texts_of

OF_ONE_SUPPLIER = 5
"""Layouts kept of one supplier, and given to the reader for one document."""
AT_ONCE = 4
"""Documents looked at in one step: a scan takes seconds."""
SHOWN_MAX = 500
_WHO = ("src:", "vat:", "legal:", "name:")
_ENTRY = {
    "number": "invoice_number",
    "issue_date": "issue_date",
    "due_date": "due_date",
    "gross_total": "gross_total",
    "tax_total": "tax_total",
    "seller.name": "supplier_name",
    "seller.vat_id": "vat_id",
    "seller.iban": "iban",
}


def wish(work: Work, case: Case, actor: str, now: datetime) -> None:
    """Remember, with a judgement of `case`, that its document is to be learned from."""
    if case.invoice is None or case.document is None:
        return
    if not _is_printed(case.reading, case.invoice):
        return
    entry = work.store.entries(work.flow.target, [case.entry]) if case.entry else {}
    confirmed = confirmed_values(case, entry.get(case.entry or ""))
    seller = case.invoice.seller
    name = confirmed.get("seller.name") or seller.name or ""
    keys = whose(replace(seller, name=name or None), case.key)
    if keys:
        document, values = case.document, tuple(confirmed.items())
        made = KeptLayout(case.id, work.flow.id, now, actor, name, keys, document, values)
        work.store.keep_layouts([made])


def _is_printed(reading: Reading | None, invoice: Invoice) -> bool:
    """Whether it was read off a page: what carries data needs no layout."""
    if reading is None or not (reading.has_text or reading.syntax == "ocr"):
        return False
    return all(one.origin is not Origin.XML for one in invoice.readings)


def confirmed_values(case: Case, entry: TargetEntry | None) -> dict[str, str]:
    """What a person stands behind: corrected values, else those of the entry, else those read."""
    if case.invoice is None:
        return {}
    texts = texts_of(case.invoice)
    said = {one.field for one in case.correction.fields} if case.correction else set()
    for field, name in _ENTRY.items():
        value = getattr(entry, name, None)
        if value and field not in said:
            texts[field] = _text(field, value, texts)
    return {field: texts[field] for field in FIELDS if field != "credit_note" and texts[field]}


def _text(field: str, value: object, texts: Mapping[str, str]) -> str:
    """A value of the target as canonical text; an amount in another currency is not taken."""
    if field in DATES:
        return str(value)
    currency = getattr(value, "currency", None)
    if currency is None:
        return str(value)
    same = currency == texts["currency"]
    return str(getattr(value, "decimal", "")) if same else texts[field]


def whose(seller: Seller, key: RecordKey) -> tuple[str, ...]:
    """The keys of a record's supplier that may tell one from another."""
    return tuple(one for one in seller_keys(seller, key.connection) if one.startswith(_WHO))


def learn_layouts(work: Work) -> int:
    """Look at the next documents that are to be learned from; returns how many there were."""
    waiting = work.store.layouts_of(work.flow.id, learned=False, limit=AT_ONCE)
    if not waiting:
        return 0
    refs = work.store.document_refs([one.document for one in waiting])
    _keep(work, [replace(one, layout=_look(work, one, refs)) for one in waiting])
    return len(waiting)


def _look(work: Work, one: KeptLayout, refs: Mapping[str, DocumentRef]) -> LearnedLayout | None:
    """The layout of one document; None where its file cannot be had, which must not stop a run."""
    try:
        document = work.store.document(refs[one.document])
    except (KeyError, OSError):
        return None
    return work.reader.learn(document, dict(one.confirmed))


def _keep(work: Work, learned: Sequence[KeptLayout]) -> None:
    """Store what was learned, unless its judgement was undone meanwhile."""
    with work.store.unit():
        open_ = work.store.layouts_of(work.flow.id, learned=False, limit=SHOWN_MAX)
        still = {(one.case, one.at) for one in open_}
        ours = [one for one in learned if (one.case, one.at) in still]
        found = [one for one in ours if one.layout is not None]
        work.store.drop_layouts([one.case for one in ours if one.layout is None])
        work.store.keep_layouts(found)
        like = work.store.layouts_by({one.case: one.keys for one in found}, SHOWN_MAX)
        older = {old.case for group in like.values() for old in group[OF_ONE_SUPPLIER:]}
        work.store.drop_layouts(sorted(older))
        work.append([_event(work, one) for one in found])


def _event(work: Work, one: KeptLayout) -> TrailEvent:
    fields = [field.field for field in one.layout.fields] if one.layout else []
    return work.event("layout learned", one.case, supplier=one.supplier, fields=fields)


def layouts_for(
    work: Work, keys: Iterable[RecordKey], seller_of: Callable[[RecordKey], Seller]
) -> Mapping[RecordKey, tuple[LearnedLayout, ...]]:
    """The layouts that may read the files of each record: its supplier's where the record names
    one, else the newest of the workspace. Nobody is asked for sellers while nothing is learned."""
    newest = tuple(_of(work.store.newest_layouts(OF_ONE_SUPPLIER)))
    if not newest:
        return {}
    named = {key: whose(seller_of(key), key) for key in keys}
    asked = {key.record_id: some for key, some in named.items() if some}
    own = work.store.layouts_by(asked, OF_ONE_SUPPLIER)
    return {key: tuple(_of(own[key.record_id])) if some else newest for key, some in named.items()}


def _of(kept: Sequence[KeptLayout]) -> list[LearnedLayout]:
    return [one.layout for one in kept if one.layout is not None]


def forget_layouts(work: Work, supplier: str, actor: str) -> int:
    """Forget what was learned of one supplier (a name as shown) in the flow; how many there
    were."""
    now = work.clock.now()
    with work.store.unit():
        gone = [
            one.case
            for learned in (True, False)
            for one in work.store.layouts_of(work.flow.id, learned, SHOWN_MAX)
            if one.supplier == supplier
        ]
        work.store.drop_layouts(gone)
        detail = {"flow": work.flow.id, "supplier": supplier, "layouts": len(gone)}
        work.append([TrailEvent(now, actor, "layouts forgotten", work.flow.id, detail)])
    return len(gone)
