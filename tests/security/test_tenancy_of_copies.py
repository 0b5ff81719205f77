"""A stolen copy of databases and files tells no secret without the master key."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps

from builders.stores import NOON, REGION, some_stores
from builders.values import a_case, a_document, a_key, a_record, an_invoice
from well.domain.invoice import Seller
from well.domain.learned_layout import LearnedLayout
from well.domain.learning import KeptLayout
from well.domain.trail import TrailEvent
from well.ports.grants import Grant
from well.storage.scope import Tenant, reading, rows

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


def _canary(number: int) -> str:
    return f"CANARY{number:02}"


def test_none_of_the_canaries_is_found_in_a_copy(tmp_path: Path) -> None:
    stores = some_stores(tmp_path)
    store, grants = stores.open("ws", REGION), stores.grants("ws", REGION)
    for n in range(10):
        grant = Grant(_canary(n), _canary(n), NOON, (), NOON + timedelta(days=1))
        grants.put(f"connection-{n}", grant)
    bodies = [a_record(n, body=_canary(n).encode() * 50) for n in range(10, 20)]
    store.keep_records(bodies, NOON)
    store.keep_documents([(a_key(n), a_document(_canary(n))) for n in range(20, 30)])
    sellers = {n: Seller(name="Acme", iban=_canary(n)) for n in range(30, 40)}
    store.save_cases([a_case(n, invoice=an_invoice(seller=s)) for n, s in sellers.items()], NOON)
    secret = _canary(50)
    learned = LearnedLayout(secret, secret, secret, "EUR", None, (secret,), ())
    values = (("number", secret),)
    layout = KeptLayout("c", "flow", NOON, "by", secret, (secret,), "d", values, learned)
    store.keep_layouts([layout])
    details = [{"iban": _canary(n)} for n in range(40, 50)]
    store.append([TrailEvent(NOON, "well", "read", "r", detail) for detail in details])

    copy = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    tenant = Tenant("ws", REGION)
    with reading(tenant):
        for model in apps.get_app_config("storage").get_models():
            for values in rows(model, tenant).values_list():
                plain = (bytes(v) if isinstance(v, memoryview) else v for v in values)
                copy += b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in plain)
    assert len(copy) > 5000
    assert [n for n in range(51) if _canary(n).encode() in copy] == []
