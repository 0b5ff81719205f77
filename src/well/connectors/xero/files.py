"""Files of Xero: which a document has, and their bytes.

Invariant: what cannot be had is a `Failure` with a sentence, and no file stops the others; the
token goes to Xero's API alone.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from well.connectors.failures import rejected
from well.connectors.filetypes import document
from well.connectors.jsontext import mapping, parse, text
from well.connectors.xero.client import Client, under
from well.connectors.xero.limits import TITLE
from well.connectors.xero.records import file_record
from well.connectors.xero.streams import BY_NAME
from well.domain.document import Document
from well.domain.failure import Failed, Failure
from well.domain.source_record import SourceRecord

AT_ONCE = 4
FILES_MAX = 10
"""Files that Xero lets a document have."""


def files_of(client: Client, holders: Sequence[SourceRecord]) -> list[SourceRecord]:
    """The attachment records of documents; one request for each document."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda holder: _listed(client, holder), holders))
    return [record for records in found for record in records]


def _listed(client: Client, holder: SourceRecord) -> list[SourceRecord]:
    endpoint = BY_NAME[holder.key.stream].endpoint
    reply = client.list(under(endpoint, holder.key.source_id, "Attachments"))
    return [file_record(holder, node) for node in reply.items("Attachments")[:FILES_MAX]]


def fetch_files(
    client: Client, attachments: Sequence[SourceRecord]
) -> Mapping[str, Document | Failure]:
    """Bytes by source id."""
    records = {attachment.key.source_id: attachment for attachment in attachments}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = pool.map(lambda record: _fetched(client, record), records.values())
        return dict(zip(records, got, strict=True))


def _fetched(client: Client, attachment: SourceRecord) -> Document | Failure:
    if not attachment.parents:
        return rejected(f"{TITLE} does not say which document this file belongs to.").failure
    stream, holder = attachment.parents[0]
    source_id = attachment.key.source_id
    path = under(BY_NAME[stream].endpoint, holder, "Attachments", source_id)
    try:
        answer = client.file(path)
        body = mapping(parse(attachment.body).value)
    except Failed as failed:
        return failed.failure
    except ValueError:
        return rejected(f"{TITLE} sent a file that Well cannot read.").failure
    name = text(body.get("FileName")) or f"{source_id}.pdf"
    return document(name, text(body.get("MimeType")), answer.body)
