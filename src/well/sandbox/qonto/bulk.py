"""Bulk creation of supplier invoices: parts to items, items to invoices or errors.

Invariant: an item is created once per idempotency key within the key's life, whatever its body;
an item that is refused leaves nothing behind, and the others of the request are created all the
same. All writes of one request are one transaction.
"""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import uuid4

from starlette.datastructures import UploadFile

from well.sandbox.qonto import desk as rules
from well.sandbox.qonto.analyst import Analyst
from well.sandbox.qonto.attachments import add_attachment
from well.sandbox.qonto.desk import Desk
from well.sandbox.qonto.tables import add_invoice, remember, remembered
from well.sandbox.qonto.upload import Parts
from well.sandbox.qonto.wire import Body, Refusal, dump, error, new_invoice

_PART = re.compile(r"supplier_invoices\[\d*\]\[(file|attachment_id|idempotency_key)\]")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)


@dataclass(slots=True)
class Item:
    """One group of the request. `content` is None when there is no file or it is too large."""

    file_name: str | None = None
    size: int = 0
    content: bytes | None = None
    attachment_id: str | None = None
    key: str | None = None


def file_label(name: str | None) -> str:
    """A client's file name as a label: no folders, no control characters."""
    bare = PurePosixPath((name or "").replace("\\", "/")).name
    return "".join(c for c in bare if c.isprintable())[:255] or "document.pdf"


async def read_items(parts: Parts) -> list[Item]:
    """The groups in their order: a name that comes again begins the next one."""
    items: list[Item] = []
    seen: set[str] = set()
    for name, value in parts:
        part = _PART.fullmatch(name)
        if not part:
            continue
        if not items or part[1] in seen:
            items.append(Item())
            seen = set()
        seen.add(part[1])
        await _fill(items[-1], part[1], value)
    return items


async def _fill(item: Item, name: str, value: str | UploadFile) -> None:
    if isinstance(value, UploadFile):
        item.file_name, item.size = file_label(value.filename), value.size or 0
        if item.size <= rules.FILE_BYTES_MAX:
            item.content = await value.read()
    elif name == "file":
        item.file_name, item.size, item.content = "", len(value), value.encode()
    elif name == "attachment_id":
        item.attachment_id = value
    else:
        item.key = value


def problem(item: Item, at: int) -> Body | None:
    """What is wrong with an item by itself; the pointer counts from 0."""
    here = f"/supplier_invoices/{at}"
    if at >= rules.FILES_MAX:
        return error("limit_reached", f"at most {rules.FILES_MAX} supplier invoices", here)
    if not item.key:
        return error("required", "idempotency_key is required", f"{here}/idempotency_key")
    if not _UUID.fullmatch(item.key):
        return error("invalid", "idempotency_key must be a UUID", f"{here}/idempotency_key")
    if item.file_name is None:
        if item.attachment_id:
            return None
        return error("required", "file or attachment_id is required", f"{here}/file")
    if item.attachment_id is not None:
        return error("invalid", "file and attachment_id exclude each other", f"{here}/file")
    if item.size > rules.FILE_BYTES_MAX:
        return error("invalid", "file is too large", f"{here}/file")
    if b"%PDF-" not in (item.content or b"")[:1024]:
        return error("invalid", "file type is not supported", f"{here}/file")
    return None


def create_bulk(
    desk: Desk, analyst: Analyst, items: Sequence[Item], header_key: str | None
) -> tuple[int, str]:
    """Status and body of the answer, kept under the request's own key when it has one."""
    if not items:
        raise Refusal(422, "required", "supplier_invoices is required", "/supplier_invoices")
    digests = [
        desk.files.put(i.content) if i.content and not problem(i, n) else None
        for n, i in enumerate(items)
    ]
    now = desk.clock.seconds()
    with desk.state.transaction() as db:
        if header_key and (known := remembered(db, "request", header_key, now)):
            return int(known["status"]), str(known["answer"])
        maker = _Maker(desk, analyst, db, now)
        for at, (item, digest) in enumerate(zip(items, digests, strict=True)):
            maker.take(at, item, digest)
        answer = (
            f'{{"supplier_invoices":[{",".join(maker.created)}],"errors":{dump(maker.errors)}}}'
        )
        if header_key:
            remember(db, "request", header_key, now + rules.KEY_SECONDS, answer)
    return 200, answer


class _Maker:
    """Takes the items of one request, inside its transaction."""

    def __init__(self, desk: Desk, analyst: Analyst, db: sqlite3.Connection, now: int) -> None:
        self._desk, self._analyst, self._db, self._now = desk, analyst, db, now
        self.created: list[str] = []
        self.errors: list[Body] = []

    def take(self, at: int, item: Item, digest: str | None) -> None:
        wrong = problem(item, at)
        if wrong:
            self.errors.append(wrong)
            return
        key = (item.key or "").lower()
        known = remembered(self._db, "file", key, self._now)
        if known:
            self.created.append(known["answer"])
        elif self._struck("item_errors"):
            self.errors.append(_internal(at))
        else:
            self._create(at, item, digest, key)

    def _create(self, at: int, item: Item, digest: str | None, key: str) -> None:
        file = self._file(item, digest)
        if file is None:
            where = f"/supplier_invoices/{at}/attachment_id"
            self.errors.append(error("invalid", "attachment not found", where))
            return
        attachment, name, sha256 = file
        answer = dump(self._invoice(attachment, name, sha256))
        remember(self._db, "file", key, self._now + rules.KEY_SECONDS, answer)
        if self._struck("item_errors_written"):
            self.errors.append(_internal(at))
        else:
            self.created.append(answer)

    def _file(self, item: Item, digest: str | None) -> tuple[str, str, str | None] | None:
        """(attachment id, file name, digest); None for an attachment that is not there."""
        if digest is not None and item.content is not None:
            name = item.file_name or "document.pdf"
            moment = self._desk.now()
            made = add_attachment(self._db, name, "application/pdf", item.size, digest, moment)
            return made, name, digest
        row = self._db.execute(
            "select id, file_name, sha256 from attachment where id = ?", (item.attachment_id,)
        ).fetchone()
        return None if row is None else (row["id"], row["file_name"], row["sha256"])

    def _invoice(self, attachment: str, name: str, sha256: str | None) -> Body:
        now, made = self._desk.now(), str(uuid4())
        ids = {
            "id": made,
            "organization_id": self._desk.organization["id"],
            "attachment_id": attachment,
            "display_attachment_id": str(uuid4()),
        }
        body = new_invoice(ids, name, now, odd=made[-1] in "05a")
        due = self._analyst.due_at(made, now) if sha256 else None
        add_invoice(self._db, body, sha256, due)
        return body

    def _struck(self, setting: str) -> bool:
        left = self._desk.settings[setting]
        self._desk.settings[setting] = max(0, left - 1)
        return left > 0


def _internal(at: int) -> Body:
    return error("internal_server_error", "something went wrong", f"/supplier_invoices/{at}")
