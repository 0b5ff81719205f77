"""Correcting a record through its pages: roles, sentences, what the pages show, and undo."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders.office import AT, Office, build_office
from builders.pages import as_, at, text_of
from well.domain.case import Case, CaseState, Step
from well.domain.invoice import Finding
from well.domain.learned_layout import LearnedField, LearnedLayout
from well.domain.learning import KeptLayout
from well.policy.correction import texts_of
from well.web.pages.review import seen

pytestmark = [pytest.mark.django_db(databases=["default", "eu"])]


@pytest.fixture
def office() -> Office:
    return build_office(each=2)


def _typed(case: Case, **changes: str) -> dict[str, str]:
    assert case.invoice is not None
    return {**texts_of(case.invoice), "seen": seen(case), **changes}


def _case(office: Office, state: str = "review") -> Case:
    return office.cases[state][0]


def _stored(office: Office, case: Case) -> Case:
    return office.store.cases([case.id])[case.id]


def test_a_reviewer_corrects_and_takes_it_back(office: Office) -> None:
    case, client = _case(office), as_(office, "reviewer")
    page = at(office, f"review/{case.id}/correct")
    assert client.get(page).status_code == 200
    answer = client.post(page, _typed(case, number="F-77"), follow=True)
    assert "Corrected. The record is compared" in text_of(answer)
    now = _stored(office, case)
    assert now.step is Step.READ and now.invoice is not None and now.invoice.number == "F-77"
    office.store.save_cases([now.to(CaseState.REVIEW, Step.DONE)], AT + timedelta(hours=1))
    now = _stored(office, case)
    shown = client.get(at(office, f"review/{case.id}/"))
    assert "Fields were corrected by reviewer@" in text_of(shown)
    client.post(at(office, f"review/{case.id}/correct/undo"), {"seen": seen(now)})
    back = _stored(office, case)
    assert replace(back, updated_at=None) == replace(case, updated_at=None)


def test_a_viewer_can_neither_see_the_form_nor_send_it(office: Office) -> None:
    case, client = _case(office), as_(office, "viewer")
    page = at(office, f"review/{case.id}/correct")
    assert client.get(page).status_code == 403
    assert client.post(page, _typed(case, number="F-77")).status_code == 403
    assert client.post(f"{page}/undo", {"seen": seen(case)}).status_code == 403
    shown = client.get(at(office, f"review/{case.id}/")).content.decode()
    assert f"review/{case.id}/correct" not in shown
    assert _stored(office, case).correction is None


def test_a_forged_form_without_its_token_is_refused(office: Office) -> None:
    case = _case(office)
    client = as_(office, "reviewer", enforce_csrf_checks=True)
    page = at(office, f"review/{case.id}/correct")
    assert client.post(page, _typed(case, number="F-77")).status_code == 403
    assert _stored(office, case).correction is None


def test_wrong_values_come_back_as_typed_with_one_sentence_each(office: Office) -> None:
    case, client = _case(office), as_(office)
    page = at(office, f"review/{case.id}/correct")
    wrong = {"seller.iban": "FR00 <b>", "gross_total": "1.284,00", "number": "F-77"}
    answer = client.post(page, _typed(case, **wrong))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert body.count('aria-invalid="true"') == 2
    assert 'value="FR00 &lt;b&gt;"' in body and 'value="F-77"' in body
    assert "This is no IBAN: a digit is wrong or missing." in text_of(answer)
    assert _stored(office, case).correction is None


def test_what_moved_on_or_is_on_its_way_is_not_corrected(office: Office) -> None:
    case, client = _case(office), as_(office)
    page = at(office, f"review/{case.id}/correct")
    stale = client.post(page, _typed(case, number="F-77", seen="old"))
    assert "changed while you looked at it" in text_of(stale)
    assert 'value="F-77"' in stale.content.decode(), "what was typed is kept"
    same = client.post(page, _typed(case))
    assert "No field differs" in text_of(same)
    waiting = _case(office, "waiting")
    answer = client.get(at(office, f"review/{waiting.id}/correct"), follow=True)
    assert "on its way" in text_of(answer)
    assert client.get(at(office, "review/nobody/correct")).status_code == 404
    undo = at(office, f"review/{case.id}/correct/undo")
    assert "changed while" in text_of(client.post(undo, {"seen": "old"}, follow=True))
    assert "no correction" in text_of(client.post(undo, {"seen": seen(case)}, follow=True))


def test_boxes_are_named_buttons_and_fields_say_how_sure_they_are(office: Office) -> None:
    case = _case(office)
    shown = as_(office).get(at(office, f"review/{case.id}/"))
    body = shown.content.decode()
    assert 'role="button" aria-label="Number, ' in body
    assert ', page 1" data-field="number"' in body
    assert 'href="#box-number"' in body and 'id="box-number"' in body
    assert "99 % sure" in text_of(shown) and "sums agree" in text_of(shown)
    assert "Fournitures" in text_of(shown), "lines stand as a table"


def test_a_field_on_another_page_offers_that_page(office: Office) -> None:
    case = _case(office)
    assert case.invoice is not None and case.reading is not None
    second = tuple(
        replace(one, page=1) if one.field == "number" and one.box else one
        for one in case.invoice.readings
    )
    moved = replace(
        case,
        invoice=replace(case.invoice, readings=second),
        reading=replace(case.reading, pages=2),
    )
    office.store.save_cases([moved], AT + timedelta(hours=1))
    client, page = as_(office), at(office, f"review/{case.id}/")
    first = client.get(page + "?entry=none")
    assert "on page 2" in text_of(first)
    assert 'href="?entry=none&amp;page=2#box-number"' in first.content.decode()
    assert 'href="#box-number"' in client.get(page + "?entry=none&page=2").content.decode()


def test_a_finding_stands_beside_its_field_and_once(office: Office) -> None:
    case = _case(office)
    assert case.invoice is not None
    findings = (Finding("total_differs", "Total is odd."), Finding("hidden_text", "Hidden."))
    told = replace(case, invoice=replace(case.invoice, findings=findings))
    office.store.save_cases([told], AT + timedelta(hours=1))
    body = as_(office).get(at(office, f"review/{case.id}/")).content.decode()
    row = body[body.index('id="at-gross_total"') :]
    assert "Total is odd." in row[: row.index("</tr>")]
    assert (body.count("Total is odd."), body.count("Hidden.")) == (1, 1)


def test_learned_layouts_are_listed_by_supplier_and_forgotten_by_a_manager(office: Office) -> None:
    found = LearnedField("gross_total", "right", "total", 0.1, 0.2, 0.3, "9,99")
    layout = LearnedLayout(None, None, "Acme", "EUR", None, (), (found,))
    for number, name in enumerate(("Acme", "Acme", "Zeta")):
        kept = KeptLayout(f"c{number}", "flow-1", AT, "a", name, (name,), "d", (), layout)
        office.store.keep_layouts([kept])
    page, forget = at(office, "flows/flow-1/"), at(office, "flows/flow-1/layouts/forget")
    shown = text_of(as_(office).get(page))
    assert "Acme 2 Total" in shown and "Zeta 1 Total" in shown
    assert as_(office, "viewer").post(forget, {"supplier": "Acme"}).status_code == 403
    answer = as_(office).post(forget, {"supplier": "Acme"}, follow=True)
    assert "Forgotten: 2 layouts of Acme." in text_of(answer)
    left = office.store.layouts_of("flow-1", learned=True, limit=9)
    assert [one.supplier for one in left] == ["Zeta"]
