"""Values of the domain as sealed bytes, and back.

Invariant: what comes back equals what went in, and opens only in the row and column it was
sealed for. Text for plain columns is cleaned here of what a database refuses. It stores nothing.
"""

import json
import zlib
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from well.domain.case import Case
from well.domain.counterparty import Counterparty
from well.domain.entry import TargetEntry
from well.domain.flow import Connection, Flow
from well.domain.learning import FlowMemory, KeptJudgement, KeptLayout
from well.domain.posting import Posting
from well.ports.grants import Grant
from well.ports.vault import Cipher

T = TypeVar("T")

LABEL_MAX = 300
"""Characters of a column that is only for lists."""


class Codec(Generic[T]):
    """One type of value, kept in the `body` column of one table."""

    def __init__(self, kind: type[T], table: str) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._table = table

    def seal(self, cipher: Cipher, value: T, *row: str) -> bytes:
        """Sealed bytes of `value`, bound to the row (the parts of its key)."""
        # By way of plain values: JSON text made by `json` takes any string a provider may send.
        plain = json.dumps(self._adapter.dump_python(value, mode="json"), separators=(",", ":"))
        return cipher.seal(zlib.compress(plain.encode("ascii"), 1), self._table, "body", *row)

    def open(self, cipher: Cipher, sealed: bytes | memoryview, *row: str) -> T:
        """The value again; ValueError when it was sealed for another row or key."""
        plain = zlib.decompress(cipher.open(bytes(sealed), self._table, "body", *row))
        return self._adapter.validate_python(json.loads(plain))


CASE = Codec(Case, "case_row")
POSTING = Codec(Posting, "posting")
PARTY = Codec(Counterparty, "counterparty")
ENTRY = Codec(TargetEntry, "target_entry")
CONNECTION = Codec(Connection, "connection")
FLOW = Codec(Flow, "flow")
FLOW_VERSION = Codec(Flow, "flow_version")
GRANT = Codec(Grant, "grant_sealed")
JUDGEMENT = Codec(KeptJudgement, "judgement")
LAYOUT = Codec(KeptLayout, "layout")
FLOW_MEMORY = Codec(FlowMemory, "flow_memory")
DETAIL: Codec[dict[str, Any]] = Codec(dict[str, Any], "trail")


def label(text: str | None) -> str:
    """`text` for a plain column: without NUL and broken surrogates, at most LABEL_MAX long."""
    clean = (text or "")[:LABEL_MAX].replace("\x00", "")
    return clean.encode("utf-8", "replace").decode("utf-8")
