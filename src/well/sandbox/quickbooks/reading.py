"""Reading the books: queries, single objects, change data capture.

Invariant: bodies go out as the text that is stored; only an Attachable gains its temporary link. It
writes nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.json_text import RawText, from_json, to_json
from well.sandbox.quickbooks.books import Books
from well.sandbox.quickbooks.compiling import Compiled, compiled
from well.sandbox.quickbooks.entities import ENTITIES, Entity
from well.sandbox.quickbooks.files import Files
from well.sandbox.quickbooks.grammar import parse
from well.sandbox.quickbooks.wire import (
    Body,
    Problem,
    not_found,
    read_time,
)

LOOK_BACK = timedelta(days=30)


def _picked(text: str, fields: tuple[str, ...]) -> str:
    """Only these fields of a body, as a sparse object."""
    body: Body = from_json(text)
    tops = {field.split(".")[0].lower() for field in fields}
    kept = {name: value for name, value in body.items() if name.lower() in tops}
    return to_json(kept | {"domain": "QBO", "sparse": True})


class Reader:
    """Answers what is asked; each answer is the body without its time."""

    def __init__(self, books: Books, files: Files, clock: StandInClock) -> None:
        """Reads from these books."""
        self._books = books
        self._files = files
        self._clock = clock

    def _text(self, entity: str, key: str, text: str) -> RawText:
        if entity != "Attachable" or '"FileName"' not in text:
            return RawText(text)
        link = to_json(self._files.link(key))
        return RawText(f'{text[:-1]},"TempDownloadUri":{link}}}')

    def one(self, entity: Entity, key: str) -> Mapping[str, Any]:
        """{"Bill": {...}}. Problem 610 when there is none."""
        text = self._books.text(entity.name, key)
        if text is None:
            raise not_found(entity.name, key)
        return {entity.name: self._text(entity.name, key, text)}

    def query(self, text: str) -> Mapping[str, Any]:
        """{"QueryResponse": {...}}. Problem 4000 or 4001 when the query is none."""
        query = compiled(parse(text))
        if query.count:
            return {"QueryResponse": {"totalCount": self._books.count(query)}}
        return {"QueryResponse": self._page(query)}

    def _page(self, query: Compiled) -> Mapping[str, Any]:
        name = query.entity.name
        rows = [self._text(name, key, text) for key, text in self._books.select(query)]
        if query.fields:
            self._known(query)
            rows = [RawText(_picked(text, query.fields)) for text in rows]
        if not rows:
            return {}
        page = {name: rows, "startPosition": query.start, "maxResults": len(rows)}
        whole = query.start == 1 and len(rows) < query.rows
        return page | ({"totalCount": len(rows)} if whole else {})

    def _known(self, query: Compiled) -> None:
        """Fields that can be selected are more than those that can be filtered: only the form."""
        for field in query.fields:
            if not field.split(".")[0]:
                raise Problem("4001", "Invalid query", "QueryValidationError: empty property")

    def changes(self, entities: str, since: str) -> Mapping[str, Any]:
        """{"CDCResponse": [...]}: what changed since then, at most 30 days ago."""
        asked = [self._followed(name.strip()) for name in entities.split(",")]
        try:
            start = read_time(since)
        except ValueError as wrong:
            raise Problem("2010", "Invalid date", f"changedSince: '{since[:40]}'") from wrong
        if start < self._clock.now() - LOOK_BACK:
            detail = "changedSince must be within the last 30 days."
            raise Problem("4002", "Invalid date range", detail)
        found: dict[str, list[RawText]] = {name: [] for name in asked}
        for entity, key, deleted, text in self._books.changed(list(found), start):
            found[entity].append(RawText(text) if deleted else self._text(entity, key, text))
        return {"CDCResponse": [{"QueryResponse": [_group(*pair) for pair in found.items()]}]}

    def _followed(self, name: str) -> str:
        entity = ENTITIES.get(name.lower())
        if entity is None or not entity.changes:
            raise Problem("500", "Unsupported Operation", f"{name[:80]} is not supported by CDC.")
        return entity.name


def _group(entity: str, rows: list[RawText]) -> Mapping[str, Any]:
    if not rows:
        return {}
    count = len(rows)
    return {entity: rows, "startPosition": 1, "maxResults": count, "totalCount": count}
