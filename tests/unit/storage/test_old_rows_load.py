"""Values kept by an earlier version of Well open under this one, with the new fields at rest."""

import json
import zlib
from dataclasses import replace
from typing import Any

from builders.values import a_case, a_connection, a_flow
from well.domain.case import Case
from well.domain.delivery import MailRoute
from well.domain.flow import Connection, Flow
from well.storage.codec import CASE, CONNECTION, FLOW


class Plain:
    """A cipher that seals nothing, so a test can write an older form."""

    def seal(self, data: bytes, *_context: str) -> bytes:
        return data

    def open(self, sealed: bytes, *_context: str) -> bytes:
        return sealed


def older(codec: Any, value: Any, *gone: str) -> Any:
    """The value after it was stored without the members `gone`."""
    plain = json.loads(zlib.decompress(codec.seal(Plain(), value)))
    return codec.open(Plain(), zlib.compress(json.dumps(_without(plain, gone)).encode()))


def _without(value: Any, gone: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {name: _without(one, gone) for name, one in value.items() if name not in gone}
    return [_without(one, gone) for one in value] if isinstance(value, list) else value


def test_a_flow_without_rules_and_custom_rows_opens_as_it_was() -> None:
    found: Flow = older(FLOW, a_flow(), "exceptions", "override", "value")
    assert found == a_flow()
    assert found.rules.exceptions == ()


def test_a_case_without_the_rows_that_gave_its_values_opens_as_it_was() -> None:
    found: Case = older(CASE, a_case(), "via", "converted")
    assert found.invoice == a_case().invoice


def test_a_connection_without_the_currency_of_its_books_opens_as_it_was() -> None:
    found: Connection = older(CONNECTION, a_connection(), "currency")
    assert found == a_connection()


def test_a_way_without_a_mail_provider_opens_as_one_by_password() -> None:
    route = MailRoute("in@books.example", "a@b.example", "smtp.b.example", 465, "a", tested=True)
    known = replace(a_connection(), mail=route)
    found: Connection = older(CONNECTION, known, "mailbox")
    assert found == known
