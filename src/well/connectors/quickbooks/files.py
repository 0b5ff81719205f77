"""Files of attachments: fresh links in one query, then downloads side by side.

Invariant: our token never goes to a file host; a link that was refused is renewed once; what
cannot be had is a `Failure` with a sentence, and no file stops the others.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from well.connectors.failures import rejected
from well.connectors.filetypes import document
from well.connectors.jsontext import mapping, sequence, text
from well.connectors.quickbooks.client import Client, StaleLinkError
from well.connectors.quickbooks.limits import IDS_IN_QUERY, TITLE
from well.connectors.quickbooks.queries import attachables
from well.domain.document import Document
from well.domain.failure import Failed, Failure
from well.domain.source_record import SourceRecord

AT_ONCE = 4
Outcome = Document | Failure | StaleLinkError


def fetch_files(
    client: Client, attachments: Sequence[SourceRecord]
) -> Mapping[str, Document | Failure]:
    """Bytes by source id. Raises `Failed` only when the links cannot be asked for."""
    ids = list(dict.fromkeys(attachment.key.source_id for attachment in attachments))
    first = _round(client, ids)
    stale = [source_id for source_id, got in first.items() if isinstance(got, StaleLinkError)]
    found = {**first, **_round(client, stale)}
    return {source_id: _settled(got) for source_id, got in found.items()}


def _settled(got: Outcome) -> Document | Failure:
    if isinstance(got, StaleLinkError):
        return rejected(f"{TITLE} does not hand out this file.", str(got)).failure
    return got


def _round(client: Client, ids: Sequence[str]) -> dict[str, Outcome]:
    links: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(ids), IDS_IN_QUERY):
        links |= _links(client, ids[start : start + IDS_IN_QUERY])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = pool.map(lambda source_id: _download(client, links.get(source_id)), ids)
        return dict(zip(ids, got, strict=True))


def _links(client: Client, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    answer = mapping(client.query(attachables(ids)).body.value.get("QueryResponse"))
    bodies = [mapping(item) for item in sequence(answer.get("Attachable"))]
    return {str(body.get("Id")): body for body in bodies}


def _download(client: Client, attachable: Mapping[str, Any] | None) -> Outcome:
    if attachable is None:
        return rejected(f"{TITLE} no longer has this file.").failure
    link = attachable.get("TempDownloadUri")
    if not isinstance(link, str):
        return rejected(f"This attachment at {TITLE} is a note without a file.").failure
    try:
        content = client.file(link)
    except StaleLinkError as stale:
        return stale
    except Failed as failed:
        return failed.failure
    name = text(attachable.get("FileName")) or f"attachment-{attachable.get('Id')}"
    return document(name, text(attachable.get("ContentType")), content)
