"""Rows of what was made of the records: plain columns for lists, the whole value sealed.

Invariant: the columns are computed from the value here and nowhere else, so they cannot say
something else than the body. No query is made here.
"""

from datetime import date, datetime
from hashlib import blake2b

from well.domain.case import Case
from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.domain.posting import Posting
from well.ports.vault import Cipher
from well.storage.codec import CASE, ENTRY, PARTY, POSTING, label
from well.storage.models import CaseRow, EntryRow, PartyRow, PostingRow


def case_row(workspace: str, cipher: Cipher, case: Case, at: datetime) -> CaseRow:
    """The row of `case`, changed at `at`."""
    invoice, decision = case.invoice, case.decision
    total = invoice.gross_total if invoice else None
    issued = invoice.issue_date if invoice else None
    return CaseRow(
        workspace_id=workspace,
        id=case.id,
        flow=case.flow,
        record=case.record,
        connection=case.key.connection,
        stream=case.key.stream,
        source_id=label(case.key.source_id),
        kind=case.kind.value,
        version=case.version,
        state=case.state.value,
        step=case.step.value,
        reason=label(case.reason),
        failure=label(case.failure.sentence if case.failure else ""),
        by=label(case.by),
        confidence=decision.together if decision else 0.0,
        outcome=decision.outcome.value if decision else "",
        number=label(invoice.number if invoice else ""),
        supplier=label(invoice.seller.name if invoice else ""),
        issue_date=issued,
        sort_date=issued or date.min,
        amount_minor=total.minor if total else None,
        currency=total.currency if total else "",
        credit_note=bool(invoice and invoice.credit_note),
        entry=case.entry or "",
        counterparty=case.counterparty or "",
        document=case.document or "",
        duplicate_key=key_digest(case.duplicate_key) if case.duplicate_key else "",
        updated_at=at,
        body=CASE.seal(cipher, case, case.id),
    )


def posting_row(workspace: str, cipher: Cipher, posting: Posting) -> PostingRow:
    """The row of `posting`."""
    return PostingRow(
        workspace_id=workspace,
        id=posting.id,
        case=posting.case,
        flow=posting.flow,
        target=posting.target,
        state=posting.state.value,
        priority=posting.priority,
        file_name=label(posting.file_name),
        planned_at=posting.planned_at,
        not_before=posting.not_before,
        attempts=posting.attempts,
        entry=posting.entry or "",
        document=posting.document or "",
        delivery=_delivery(posting),
        body=POSTING.seal(cipher, posting, posting.id),
    )


ASKED = "asked"


def _delivery(posting: Posting) -> str:
    if posting.asks:
        return ASKED
    return posting.delivery.state.value if posting.delivery else ""


def party_row(workspace: str, cipher: Cipher, party: Counterparty) -> PartyRow:
    """The row of `party`."""
    return PartyRow(
        workspace_id=workspace,
        id=party.id,
        name=label(party.name),
        body=PARTY.seal(cipher, party, party.id),
    )


def entry_row(
    workspace: str, cipher: Cipher, connection: str, entry: TargetEntry, rules: str
) -> EntryRow:
    """The row of `entry` of `connection`, whose keys were made by `rules`."""
    total = entry.gross_total
    return EntryRow(
        workspace_id=workspace,
        connection=connection,
        id=entry.id,
        file_name=label(entry.file_name),
        status=label(entry.status),
        number=label(entry.invoice_number),
        supplier=label(entry.supplier_name),
        issue_date=entry.issue_date,
        amount_minor=total.minor if total else None,
        currency=total.currency if total else "",
        link=entry.link,
        updated_at=entry.updated_at,
        rules=rules,
        body=ENTRY.seal(cipher, entry, connection, entry.id),
    )


def key_digest(key: str) -> str:
    """A lookup key as 32 hexadecimal digits, so that no bank account stands there to be read."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
