"""Spot checks on the pages: who answers, what an answer does, and what is said of it."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from builders.office import AT, Office, build_office
from builders.pages import as_, at, text_of
from well.domain.case import Case, CaseState
from well.domain.learning import SpotCheck
from well.domain.posting import PostingState

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def office() -> Office:
    return build_office(each=2)


def choose(office: Office, state: str, place: int = 0, confidence: float = 0.91) -> Case:
    case = office.cases[state][place]
    check = SpotCheck(case.id, case.flow, case.record, confidence, 1.0, AT)
    office.store.save_spot_checks([check])
    return case


def now(office: Office, case: Case) -> Case:
    return office.store.cases([case.id])[case.id]


def answer(office: Office, case: Case, client: Client | None = None, **fields: str) -> Any:
    client = client or as_(office, "reviewer")
    page = client.get(at(office, f"checks/{case.id}/")).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    sent = {"seen": unescape(seen.group(1)), **fields}
    return client.post(at(office, f"checks/{case.id}/answer"), sent, follow=True)


def test_the_list_shows_what_well_did_alone_and_the_navigation_counts_it(office: Office) -> None:
    client = as_(office, "viewer")
    assert "Nothing to check" in text_of(client.get(at(office, "checks/")))
    choose(office, "posted")
    choose(office, "linked")
    choose(office, "review")
    text = text_of(client.get(at(office, "checks/")))
    assert "Posted by itself 91 %" in text
    assert "Linked by itself 91 %" in text
    assert "Checks 2" in text
    assert "Spot checks 2" in text
    assert "Checks 2" in text_of(client.get(at(office, "records/")))
    queue = client.get(at(office, "queue/"))
    assert "Spot checks 2" in text_of(queue)
    assert f'href="{at(office, "checks/")}"' in queue.content.decode()


def test_a_long_list_says_how_many_follow(office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr("well.web.pages.checks.LIST_MAX", 1)
    choose(office, "posted")
    assert "once these are answered" not in text_of(
        as_(office, "reviewer").get(at(office, "checks/"))
    )
    choose(office, "linked")
    assert "1 more follows once these are answered." in text_of(
        as_(office, "reviewer").get(at(office, "checks/"))
    )


def test_a_check_shows_the_posted_fields_beside_the_source_and_the_page(office: Office) -> None:
    case = choose(office, "posted")
    page = as_(office, "reviewer").get(at(office, f"checks/{case.id}/"))
    text = text_of(page)
    assert "Well posted it to Qonto as a new invoice by itself. Is that right?" in text
    assert "What was posted" in text
    assert "In Qonto" in text
    assert "It should not have been posted" in text
    assert f"records/{case.id}/page-1.webp" in page.content.decode()
    assert case.invoice is not None
    assert str(case.invoice.number) in text
    linked = choose(office, "linked")
    text = text_of(as_(office, "reviewer").get(at(office, f"checks/{linked.id}/")))
    assert "Well linked it to “" in text
    assert "What was linked" in text
    assert "Why this entry" in text
    assert "None of these" in text
    assert "It should not have been posted" not in text


def test_right_is_counted_changes_nothing_and_opens_the_next(office: Office) -> None:
    first, second = choose(office, "posted"), choose(office, "linked")
    before = now(office, first)
    done = answer(office, first, answer="right", next_case=second.id)
    assert done.redirect_chain[-1][0] == at(office, f"checks/{second.id}/")
    assert "counted as right. Thank you." in text_of(done)
    assert now(office, first) == before
    check = office.store.spot_check(first.id)
    assert check is not None
    assert (check.right, check.by) == (True, office.people["reviewer"].email)
    done = answer(office, second, answer="right", next_case=first.id)
    assert done.redirect_chain[-1][0] == at(office, "checks/")
    assert "Nothing to check" in text_of(done)


def test_a_wrong_link_goes_to_review_where_the_wrong_entry_is_not_chosen_again(
    office: Office,
) -> None:
    case = choose(office, "linked")
    done = answer(office, case, answer="none", note="Other client.")
    assert done.redirect_chain[-1][0] == at(office, f"review/{case.id}/")
    text = text_of(done)
    assert "counted as wrong, A spot check found it wrong: it is not" in text
    assert "Well now acts alone from" in text
    assert "Post to Qonto as a new invoice" in text
    after = now(office, case)
    assert (after.state, after.entry) == (CaseState.REVIEW, None)
    assert after.reason.endswith(" Other client.")
    picked = as_(office, "reviewer").get(at(office, f"review/{case.id}/?entry={case.entry}"))
    assert "Link to this entry" in text_of(picked)


def test_the_right_entry_can_be_named(office: Office) -> None:
    case = choose(office, "linked")
    right = case.ranking.candidates[1].id
    done = answer(office, case, answer=f"entry:{right}")
    assert done.redirect_chain[-1][0] == at(office, "checks/")
    assert "linked to another entry after a spot check" in text_of(done)
    assert (now(office, case).state, now(office, case).entry) == (CaseState.LINKED, right)


def test_an_entry_found_by_search_can_be_named_without_scripts(office: Office) -> None:
    case = choose(office, "linked")
    other = office.cases["posted"][1].entry
    client = as_(office, "reviewer")
    found = client.get(at(office, f"checks/{case.id}/?find=26"))
    assert f"?entry={other}" in found.content.decode()
    assert re.search(r'<details class="wrong"[^>]* open>', found.content.decode())
    page = client.get(at(office, f"checks/{case.id}/?entry={other}")).content.decode()
    assert re.search(rf'value="entry:{other}" required checked>', page)
    answer(office, case, answer=f"entry:{other}")
    assert now(office, case).entry == other


@pytest.mark.parametrize(
    ("word", "reason"), [("value", "A value is wrong."), ("none", "then say so here.")]
)
def test_a_wrong_posting_waits_in_review_and_is_never_posted_twice(
    office: Office, word: str, reason: str
) -> None:
    case = choose(office, "posted")
    done = answer(office, case, answer=word)
    after = now(office, case)
    assert (after.state, after.entry) == (CaseState.REVIEW, case.entry)
    assert after.reason.endswith(reason)
    text = text_of(done)
    assert "Accept as it stands in Qonto" in text
    assert "The entry is gone from Qonto" in text
    seen = re.search(r'name="seen" value="([^"]+)"', done.content.decode())
    assert seen is not None
    client = as_(office, "reviewer")
    client.post(
        at(office, f"review/{case.id}/judge"),
        {"verdict": "removed", "seen": unescape(seen.group(1))},
    )
    assert (now(office, case).state, now(office, case).entry) == (CaseState.REFUSED, case.entry)
    states = [PostingState.PLANNED, PostingState.UNKNOWN]
    open_now = office.store.find_postings("flow-1", states, 99, AT.replace(year=2027))
    assert case.id not in {posting.case for posting in open_now}


@pytest.mark.parametrize(
    "bad", ["", "wrong", "entry:", "entry:nowhere", "x\x00", "entry:" + "9" * 999]
)
def test_a_bad_answer_gives_a_sentence_and_changes_nothing(office: Office, bad: str) -> None:
    case = choose(office, "linked")
    before = now(office, case)
    done = answer(office, case, answer=bad)
    assert done.status_code == 200
    assert 'class="note bad"' in done.content.decode()
    assert now(office, case) == before
    check = office.store.spot_check(case.id)
    assert check is not None
    assert check.right is None


def test_an_answer_about_what_has_changed_meanwhile_is_refused(office: Office) -> None:
    case = choose(office, "linked")
    done = answer(office, case, answer="right", seen="old")
    assert "changed while you looked at it" in text_of(done)
    check = office.store.spot_check(case.id)
    assert check is not None
    assert check.right is None


def test_an_answered_check_says_who_said_what_and_offers_no_button(office: Office) -> None:
    case = choose(office, "posted")
    client = as_(office, "reviewer")
    page = client.get(at(office, f"checks/{case.id}/")).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    fields = {"answer": "right", "seen": unescape(seen.group(1))}
    client.post(at(office, f"checks/{case.id}/answer"), fields)
    again = client.post(at(office, f"checks/{case.id}/answer"), fields, follow=True)
    assert "not waiting for a second look any more" in text_of(again)
    text = text_of(again)
    assert f"{office.people['reviewer'].email} said: right." in text
    assert "/answer" not in again.content.decode()


def test_a_record_that_moved_on_has_nothing_to_check(office: Office) -> None:
    case = choose(office, "posted")
    office.store.save_cases([replace(case, state=CaseState.HELD)], AT)
    page = as_(office, "reviewer").get(at(office, f"checks/{case.id}/"))
    assert "The record moved on before anybody answered" in text_of(page)
    assert "/answer" not in page.content.decode()


def test_a_viewer_looks_and_cannot_answer_and_a_stranger_sees_nothing(office: Office) -> None:
    case = choose(office, "posted")
    viewer = as_(office, "viewer")
    page = viewer.get(at(office, f"checks/{case.id}/"))
    assert "You can look but not answer" in text_of(page)
    assert "/answer" not in page.content.decode()
    assert viewer.post(at(office, f"checks/{case.id}/answer")).status_code == 403
    stranger = as_(build_office("Other House", each=1))
    for path in ("checks/", f"checks/{case.id}/"):
        assert stranger.get(at(office, path)).status_code == 404
    assert stranger.post(at(office, f"checks/{case.id}/answer")).status_code == 404


def test_only_chosen_records_have_a_check(office: Office) -> None:
    case = office.cases["posted"][0]
    for id in (case.id, "nowhere"):
        assert as_(office, "reviewer").get(at(office, f"checks/{id}/")).status_code == 404
        assert as_(office, "reviewer").post(at(office, f"checks/{id}/answer")).status_code == 404


def test_an_answer_needs_the_forms_token(office: Office) -> None:
    case = choose(office, "posted")
    client = as_(office, "reviewer", enforce_csrf_checks=True)
    assert client.post(at(office, f"checks/{case.id}/answer")).status_code == 403
    assert client.get(at(office, f"checks/{case.id}/answer")).status_code == 405


@pytest.mark.parametrize("query", ["page=x", "page=999999999", "entry=%00", "find=%00'", "entry=a"])
def test_any_query_gives_the_page(office: Office, query: str) -> None:
    case = choose(office, "posted")
    assert as_(office, "reviewer").get(at(office, f"checks/{case.id}/?{query}")).status_code == 200


def test_a_record_without_page_or_reading_can_still_be_checked(office: Office) -> None:
    case = choose(office, "linked")
    bare = replace(case, invoice=None, posted=None, document=None, reading=None, decision=None)
    office.store.save_cases([bare], AT)
    for path in ("checks/", f"checks/{case.id}/"):
        assert "No supplier read" in text_of(as_(office, "reviewer").get(at(office, path)))
    assert "The record: counted as right." in text_of(answer(office, bare, answer="right"))


def test_a_record_page_leads_to_its_check(office: Office) -> None:
    case = choose(office, "posted")
    page = as_(office, "reviewer").get(at(office, f"records/{case.id}/")).content.decode()
    assert f'href="{at(office, f"checks/{case.id}/")}"' in page
    other = office.cases["posted"][1].id
    assert (
        "/checks/" + other
        not in as_(office, "reviewer").get(at(office, f"records/{other}/")).content.decode()
    )


def test_the_number_of_queries_does_not_grow_with_the_checks(office: Office) -> None:
    def spent() -> int:
        client = as_(office, "reviewer")
        client.get(at(office, "checks/"))
        with CaptureQueriesContext(connections["eu"]) as data:
            client.get(at(office, "checks/"))
        return len(data)

    choose(office, "posted")
    few = spent()
    for state, place in (("posted", 1), ("linked", 0), ("linked", 1)):
        choose(office, state, place)
    assert spent() == few
