"""A reviewed document teaches the reader its supplier's page, in its own workspace alone."""

from datetime import date

import pytest

from builders.office import a_page, build_office
from builders.pages import as_, at
from well.bootstrap import well
from well.pipeline.layouts import learn_layouts
from well.web.pages.review import seen

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "eu"]),
]


def test_what_one_workspace_teaches_reads_its_next_document_and_nobody_elses() -> None:
    office, other = build_office("Atelier Lune", each=1), build_office("Atelier Soleil", each=1)
    case, hub = office.cases["review"][0], well()
    client = as_(office, "reviewer")
    client.post(
        at(office, f"review/{case.id}/judge"),
        {"verdict": "approve", "entry": "", "seen": seen(case)},
    )
    assert learn_layouts(hub.work(office.workspace, office.flow.id)) == 1
    kept = office.store.newest_layouts(5)
    assert other.store.newest_layouts(5) == []
    if not kept:
        pytest.skip("this reader learns no layouts")
    (layout,) = [one.layout for one in kept if one.layout]
    assert {"number", "gross_total"} <= {field.field for field in layout.fields}
    name = case.invoice.seller.name if case.invoice else None
    page = a_page(name or "", "F-2026-0999", "1 999,00", date(2026, 5, 1))
    (taught,) = hub.reader.read([page], [layout])
    assert taught.invoice is not None and taught.invoice.number == "F-2026-0999"
    (plain,) = hub.reader.read([page])
    assert hub.reader.read([page], ()) == (plain,), "no layout, the same reading to the byte"
