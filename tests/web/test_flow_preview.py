"""The preview of limits before they are saved, and how sure a record's page says it is."""

from datetime import date
from typing import Any

import pytest

from builders.facts import bill_facts, fits
from builders.office import Office, build_office
from builders.pages import as_, at, text_of
from builders.past import decided
from builders.values import an_invoice
from well.bootstrap import well
from well.domain.trail import TrailEvent
from well.web.pages import flow_preview

pytestmark = pytest.mark.django_db(databases=["default", "eu"])
LIMITS = {"auto_post": "85", "review": "55", "closed_until": "", "first_document_max": ""}


@pytest.fixture
def office() -> Office:
    return build_office(each=1)


def preview(office: Office, role: str = "admin", part: bool = True, **typed: str) -> Any:
    headers = {"HX-Request": "true"} if part else {}
    address = at(office, "flows/flow-1/preview")
    return as_(office, role).post(address, {**LIMITS, **typed}, headers=headers)


def test_nothing_decided_yet_is_said_plainly(office: Office) -> None:
    assert "Nothing was decided in this time" in text_of(preview(office))


def test_stricter_limits_show_what_would_have_waited_and_save_nothing(office: Office) -> None:
    case = office.cases["posted"][0]
    decided(office, case, bill_facts())
    text = text_of(preview(office, auto_post="95"))
    assert "1 of 1 decisions would have come out otherwise." in text
    assert "Post as new 1 0 −1" in text
    assert "Ask a person 0 1 +1" in text
    assert "Link to an existing entry 0 0 –" in text
    assert "Ask a person : 1 ( €1,284.37 )" in text
    assert "Algolia SAS INV-2026-04-100" in text
    assert "no judgements yet" in text
    assert at(office, f"records/{case.id}/") in preview(office, auto_post="95").content.decode()
    assert office.store.flows()[0] == office.flow


def test_limits_that_change_nothing_say_so(office: Office) -> None:
    decided(office, office.cases["posted"][0], bill_facts())
    assert "Every decision would have come out the same." in text_of(preview(office))


def test_a_closed_period_and_a_first_document_can_be_tried(office: Office) -> None:
    decided(office, office.cases["posted"][0], bill_facts(first_document=True))
    closed = text_of(preview(office, closed_until="2026-12-31"))
    assert "in a period that was closed until 2026-12-31" in closed
    first = text_of(preview(office, first_document_max="1 000,00 eur"))
    assert "only 1000.00 EUR may pass" in first


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"review": "95"}, "must not be above the one for acting alone"),
        ({"auto_post": "x"}, "“x” is no percentage between 1 and 100."),
        ({"closed_until": "soon"}, "“soon” is no date like 2026-03-31."),
        ({"first_document_max": "1.284 EUR"}, "“1.284 EUR” is no amount like 5000.00 EUR."),
        ({"first_document_max": "-5 EUR"}, "“-5 EUR” is no amount like 5000.00 EUR."),
    ],
)
def test_what_cannot_be_tried_is_one_sentence(
    office: Office, typed: dict[str, str], sentence: str
) -> None:
    part = preview(office, **typed)
    assert part.status_code == 200
    assert sentence in text_of(part)
    assert "Nothing was saved or tried." in text_of(part)
    page = preview(office, part=False, **typed)
    assert page.status_code == 400
    assert sentence in text_of(page)


def test_without_a_script_the_whole_page_comes_with_what_was_typed(office: Office) -> None:
    decided(office, office.cases["posted"][0], bill_facts())
    page = preview(office, part=False, auto_post="95")
    assert page.status_code == 200
    assert 'value="95"' in page.content.decode()
    assert "What these limits would have done" in text_of(page)
    assert "Save limits" in text_of(page)
    assert "Save limits" not in text_of(preview(office))


def test_only_who_may_change_the_flow_may_try_it_and_only_by_a_press(office: Office) -> None:
    assert preview(office, role="viewer").status_code == 403
    assert as_(office).get(at(office, "flows/flow-1/preview")).status_code == 405
    assert as_(office).post(at(office, "flows/nope/preview"), LIMITS).status_code == 404


def test_older_decisions_and_unreadable_ones_stay_out(office: Office) -> None:
    decided(office, office.cases["posted"][0], bill_facts(), days_ago=91)
    assert "Nothing was decided" in text_of(preview(office))
    # The office's own events hold no facts; one of them inside the window cannot be tried.
    case = office.cases["linked"][0]
    now = well().clock.now()
    office.store.append([TrailEvent(now, "well", "decided", case.record, {"flow": case.flow})])
    decided(office, office.cases["review"][0], bill_facts())
    assert "1 could not be read back and are left out." in text_of(preview(office))


def test_a_long_history_is_cut_and_the_page_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_preview, "PREVIEW_MAX", 2)
    for case in [office.cases[s][0] for s in ("posted", "linked", "review")]:
        decided(office, case, bill_facts())
    text = text_of(preview(office, auto_post="95"))
    assert "2 of 2 decisions" in text
    assert "Only the newest 2 are tried here; “well policy simulate” tries all." in text


def test_judgements_give_the_preview_its_precision(office: Office) -> None:
    case = office.cases["review"][0]
    decided(office, case, bill_facts(ranking=fits(0.7)))
    detail = {"flow": case.flow, "verdict": "link", "entry": "entry-1", "after": "linked"}
    office.store.append(
        [TrailEvent(well().clock.now(), "a@b.example", "judged", case.record, detail)]
    )
    text = text_of(preview(office, auto_post="60"))
    assert "Right, now no judgements yet" in text
    assert "Right, then 1 of 1 that a person judged were right; at least 5 %" in text


def test_all_limits_are_saved_and_shown_again(office: Office) -> None:
    client = as_(office, "admin")
    typed = {**LIMITS, "closed_until": "2026-03-31", "first_document_max": "5000.00 EUR"}
    client.post(at(office, "flows/flow-1/rules"), typed)
    (flow,) = office.store.flows()
    assert flow.rules.closed_until == date(2026, 3, 31)
    assert str(flow.rules.first_document_max) == "5000.00 EUR"
    assert flow.rules.version == 2
    page = client.get(at(office, "flows/flow-1/")).content.decode()
    assert 'value="2026-03-31"' in page
    assert 'value="5000.00 EUR"' in page
    client.post(at(office, "flows/flow-1/rules"), LIMITS)
    (flow,) = office.store.flows()
    assert (flow.rules.closed_until, flow.rules.first_document_max) == (None, None)


@pytest.mark.parametrize("path", ["review", "records"])
def test_a_record_says_how_sure_apart_and_together(office: Office, path: str) -> None:
    case = office.cases["review"][0]
    decided(office, case, bill_facts(duplicate_of="other"))
    text = text_of(as_(office).get(at(office, f"{path}/{case.id}/")))
    assert "How sure 84 %" in text
    assert "A stop holds it below 85 %, from where Well acts alone." in text
    assert "5 of 5 mandatory fields are there." in text
    assert "13 of 14 rules are kept." in text
    assert "Counterparty 98 % sure who the supplier is" in text
    assert "Once the stop is cleared, Well would act alone." in text
    assert "Another record with the same supplier, number and total was posted or linked." in text
    assert "How 92 % came about for a new entry" in text


def test_what_would_change_the_verdict_and_why_others_lost_are_told(office: Office) -> None:
    case = office.cases["review"][0]
    decided(office, case, bill_facts(ranking=fits(0.7)))
    text = text_of(as_(office).get(at(office, f"review/{case.id}/")))
    assert "How sure 70 %" in text
    assert "Below 85 %, from where Well acts alone." in text
    assert "Existing entry 70 % sure that the entry at the target is this document" in text
    assert "An equal number would add 10 bits: then it would be linked by itself." in text


def test_a_sure_record_is_above_the_limit_and_one_without_facts_shows_no_card(
    office: Office,
) -> None:
    case = office.cases["posted"][0]
    assert "How sure" not in text_of(as_(office).get(at(office, f"records/{case.id}/")))
    decided(office, case, bill_facts())
    text = text_of(as_(office).get(at(office, f"records/{case.id}/")))
    assert "Above 85 %, from where Well acts alone." in text


def test_the_rows_add_up_to_the_decisions_with_those_that_are_held(office: Office) -> None:
    decided(office, office.cases["posted"][0], bill_facts())
    assert "Hold" not in text_of(preview(office)).partition("What these limits")[2]
    decided(office, office.cases["held"][0], bill_facts(previous=an_invoice(2), previous_entry="e"))
    text = text_of(preview(office))
    assert "Post as new 1 1 –" in text
    assert "Hold 1 1 –" in text
