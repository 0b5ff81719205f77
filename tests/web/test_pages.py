"""The pages of a workspace: who may see them, what they say, what a press does."""

import re
from dataclasses import replace
from html import unescape

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from builders.office import AT, Office, build_office
from builders.pages import as_, at, text_of
from well.accounts.models import Notice
from well.bootstrap import well
from well.domain.case import CaseState, Step
from well.domain.flow import EInvoiceBuyer
from well.storage import queries
from well.storage.scope import Tenant

pytestmark = pytest.mark.django_db(databases=["default", "eu"])
PAGES = (
    "queue/",
    "records/",
    "flows/",
    "flows/flow-1/",
    "connections/",
    "status/",
    "notices/",
    "help/",
)


@pytest.fixture
def office() -> Office:
    return build_office(each=1)


def seen_on(client: Client, address: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return unescape(found.group(1))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_every_page_opens_for_every_member(office: Office, path: str, role: str) -> None:
    assert as_(office, role).get(at(office, path)).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_no_page_opens_for_a_stranger_and_the_answer_tells_nothing(
    office: Office, path: str
) -> None:
    other = build_office("Other House", each=1)
    answer = as_(other).get(at(office, path))
    assert answer.status_code == 404
    assert "Atelier Lune" not in answer.content.decode()
    signed_out = Client(headers={"host": "localhost"}).get(at(office, path))
    assert (signed_out.status_code, signed_out.url.split("?")[0]) == (302, "/accounts/login/")


def test_ids_of_another_workspace_do_not_open_in_ones_own(office: Office) -> None:
    other = build_office("Other House", each=1)
    # The fixtures share ids on purpose of being the same flow; these exist in `other` alone.
    foreign = replace(other.cases["review"][0], id="only-theirs")
    with other.store.unit():
        other.store.save_cases([foreign], AT)
    client = as_(office)
    for path in ("review/only-theirs/", "records/only-theirs/", "records/only-theirs/page-1.webp",
                 "records/only-theirs/original", "review/only-theirs/pins?find=a"):  # fmt: skip
        assert client.get(at(office, path)).status_code == 404, path
    assert client.post(at(office, "review/only-theirs/judge")).status_code == 404
    assert client.post(at(office, "retry"), {"case": "only-theirs"}).status_code == 404
    assert as_(other).get(at(other, "review/only-theirs/")).status_code == 200


def test_a_viewer_looks_and_cannot_judge_connect_or_change(office: Office) -> None:
    client, case = as_(office, "viewer"), office.cases["review"][0]
    page = client.get(at(office, f"review/{case.id}/"))
    assert "your role is viewer" in text_of(page)
    assert "/judge" not in page.content.decode()
    for path in (f"review/{case.id}/judge", "retry", "connections/qonto/connect", "flows/new",
                 "flows/flow-1/sync", "flows/flow-1/rules", "flows/flow-1/e-invoice"):  # fmt: skip
        assert client.post(at(office, path)).status_code == 403, path
    assert office.store.cases([case.id])[case.id].state is CaseState.REVIEW


def test_a_reviewer_judges_but_does_not_manage(office: Office) -> None:
    client = as_(office, "reviewer")
    assert client.post(at(office, "flows/flow-1/pause"), {"enabled": "no"}).status_code == 403
    assert "Link to this entry" in text_of(
        client.get(at(office, f"review/{office.cases['review'][0].id}/"))
    )


@pytest.mark.parametrize(("none", "word"), [(0.0, "Link to this entry"), (1.0, "Post to Qonto")])
def test_the_main_button_is_the_likelier_answer(none: float, word: str) -> None:
    office = build_office(each=1)
    case = office.cases["review"][0]
    best = case.ranking.candidates[0]
    likelier_new = replace(case, ranking=replace(case.ranking, none_confidence=none))
    with office.store.unit():
        office.store.save_cases([likelier_new], AT)
    assert 0.0 < best.confidence < 1.0
    page = text_of(as_(office, "reviewer").get(at(office, f"review/{case.id}/")))
    assert word in page


def test_the_counts_on_the_status_page_add_up_to_its_total(office: Office) -> None:
    text = text_of(as_(office).get(at(office, "status/")))
    assert f"{len(CaseState)} records" in text
    for word in (
        "Waiting",
        "In review",
        "Held",
        "Failed",
        "Refused",
        "Posted",
        "Linked",
        "Ignored",
    ):
        assert f"1 {word}" in text, word


def test_a_failure_says_what_happened_what_is_kept_and_is_retried_by_one_press(
    office: Office,
) -> None:
    client, case = as_(office, "reviewer"), office.cases["failed"][0]
    text = text_of(client.get(at(office, "status/")))
    assert "larger than 30 MB" in text
    assert "are kept" in text
    assert "Correct the record at its source, then retry" in text
    seen = seen_on(client, at(office, "status/"))
    client.post(at(office, "retry"), {"case": case.id, "seen": seen})
    after = office.store.cases([case.id])[case.id]
    assert (after.state, after.step, after.by) == (
        CaseState.WAITING,
        Step.READ,
        office.people["reviewer"].email,
    )


def test_approving_plans_a_posting_and_opens_the_next_case() -> None:
    office = build_office(each=2)
    client = as_(office, "reviewer")
    first, second = office.cases["review"]
    address = at(office, f"review/{first.id}/?entry=none")
    page = client.get(address)
    assert "Post to Qonto as a new invoice" in text_of(page)
    answer = client.post(
        at(office, f"review/{first.id}/judge"),
        {"verdict": "approve", "seen": seen_on(client, address), "next_case": second.id},
    )
    assert answer.status_code == 302
    assert answer.url == at(office, f"review/{second.id}/")
    after = office.store.cases([first.id])[first.id]
    assert (after.state, after.step) == (CaseState.WAITING, Step.POST)


def test_choosing_another_candidate_links_to_that_one(office: Office) -> None:
    client, case = as_(office, "reviewer"), office.cases["review"][0]
    second = case.ranking.candidates[1].id
    address = at(office, f"review/{case.id}/?entry={second}")
    page = client.get(address).content.decode()
    assert f'name="entry" value="{second}"' in page
    client.post(
        at(office, f"review/{case.id}/judge"),
        {"verdict": "link", "entry": second, "seen": seen_on(client, address)},
    )
    after = office.store.cases([case.id])[case.id]
    assert (after.state, after.entry) == (CaseState.LINKED, second)


def test_an_entry_found_by_search_can_be_pinned(office: Office) -> None:
    client, case = as_(office, "reviewer"), office.cases["review"][0]
    wanted = office.cases["posted"][0].entry
    found = client.get(at(office, f"review/{case.id}/pins?find=26/0500"))
    assert wanted is not None
    assert found.status_code == 200
    page = client.get(at(office, f"review/{case.id}/?entry={wanted}"))
    assert "Pin to this entry" in text_of(page)


def test_a_verdict_about_what_has_changed_meanwhile_is_refused(office: Office) -> None:
    client, case = as_(office, "reviewer"), office.cases["review"][0]
    answer = client.post(
        at(office, f"review/{case.id}/judge"), {"verdict": "approve", "seen": "old"}, follow=True
    )
    assert "changed while you looked" in text_of(answer)
    assert office.store.cases([case.id])[case.id].state is CaseState.REVIEW


@pytest.mark.parametrize("verdict", ["", "delete", "approve\x00", "link"])
def test_a_bad_verdict_gives_a_sentence_and_changes_nothing(office: Office, verdict: str) -> None:
    client, case = as_(office, "reviewer"), office.cases["review"][0]
    address = at(office, f"review/{case.id}/")
    fields = {"verdict": verdict, "entry": "no-such", "seen": seen_on(client, address)}
    answer = client.post(at(office, f"review/{case.id}/judge"), fields, follow=True)
    assert answer.status_code == 200
    assert office.store.cases([case.id])[case.id].state is CaseState.REVIEW


def test_the_review_screen_shows_evidence_with_a_running_total_that_ends_at_the_score(
    office: Office,
) -> None:
    text = text_of(as_(office).get(at(office, f"review/{office.cases['review'][0].id}/")))
    assert "+5.5 +5.5" in text
    assert "−1.2 +4.3" in text
    assert "Total +6.8" in text


@pytest.mark.parametrize("state", [state.value for state in CaseState])
def test_review_and_record_pages_open_in_every_state(office: Office, state: str) -> None:
    client, case = as_(office), office.cases[state][0]
    for path in (f"review/{case.id}/", f"records/{case.id}/"):
        assert client.get(at(office, path)).status_code == 200, path


def test_the_record_page_tells_the_line_both_ends_and_the_trail(office: Office) -> None:
    text = text_of(as_(office).get(at(office, f"records/{office.cases['posted'][0].id}/")))
    for words in ("Captured", "Read back and compared", "QuickBooks", "Qonto", "posting sent"):
        assert words in text, words


def test_a_record_that_could_not_be_read_still_has_its_pages(office: Office) -> None:
    case = replace(
        office.cases["review"][0], invoice=None, document=None, decision=None, reading=None
    )
    with office.store.unit():
        office.store.save_cases([case], AT)
    client = as_(office)
    for path in (f"review/{case.id}/", f"records/{case.id}/", "queue/"):
        answer = client.get(at(office, path))
        assert answer.status_code == 200
        assert "No supplier read" in text_of(answer)


HOSTILE = ("page=0", "page=-1", "page=99999999999", "page=x", "tab=%00", "tab=posted", "q=%00%27",
           "flow=nope", "q=" + "x" * 500, "state=zzz", "entry=%22%3E%3Cscript%3E")  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_any_query_gives_a_page(office: Office, query: str) -> None:
    client, case = as_(office), office.cases["review"][0]
    for path in ("queue/", "records/", "status/", f"review/{case.id}/"):
        answer = client.get(at(office, f"{path}?{query}"))
        assert answer.status_code == 200, (path, query)
        assert "<script>" not in answer.content.decode()


def test_hostile_text_of_a_provider_stays_text(office: Office) -> None:
    case = office.cases["review"][0]
    assert case.invoice is not None
    seller = replace(case.invoice.seller, name="<img src=x onerror=alert(1)>")
    evil = replace(case, invoice=replace(case.invoice, seller=seller, number="{{ 7*7 }}"))
    with office.store.unit():
        office.store.save_cases([evil], AT)
    for path in ("queue/", f"review/{case.id}/", f"records/{case.id}/"):
        assert "<img src=x" not in as_(office).get(at(office, path)).content.decode()


def test_the_limits_are_saved_as_a_next_version(office: Office) -> None:
    client = as_(office, "admin")
    client.post(at(office, "flows/flow-1/rules"), {"auto_post": "90", "review": "60"})
    (flow,) = office.store.flows()
    assert (flow.rules.auto_post, flow.rules.review, flow.rules.version) == (0.9, 0.6, 2)
    answer = client.post(at(office, "flows/flow-1/rules"), {"auto_post": "1e9", "review": "x"})
    assert answer.status_code == 400
    assert "is no percentage" in text_of(answer)


def test_the_e_invoice_is_off_and_can_be_switched_on_and_off(office: Office) -> None:
    client = as_(office, "admin")
    assert office.store.flows()[0].e_invoice is None
    shown = text_of(client.get(at(office, "flows/flow-1/")))
    assert "the same bill can stand there twice when the true one arrives" in shown
    form = {"embed": "yes", "buyer_name": "Café Médoc SAS", "buyer_country": "fr"}
    client.post(at(office, "flows/flow-1/e-invoice"), form)
    assert office.store.flows()[0].e_invoice == EInvoiceBuyer("Café Médoc SAS", "FR")
    page = client.get(at(office, "flows/flow-1/")).content.decode()
    assert 'name="embed" value="yes" checked' in page and "Café Médoc SAS" in page
    refused = client.post(at(office, "flows/flow-1/e-invoice"), {**form, "buyer_country": "x"})
    assert refused.status_code == 400 and "is no country code" in text_of(refused)
    client.post(at(office, "flows/flow-1/e-invoice"), {"buyer_name": "", "buyer_country": ""})
    assert office.store.flows()[0].e_invoice is None


def test_a_flow_is_paused_continued_and_synced_now(office: Office) -> None:
    client = as_(office, "admin")
    client.post(at(office, "flows/flow-1/pause"), {"enabled": "no"})
    assert not office.store.flows()[0].enabled
    assert "Paused" in text_of(client.get(at(office, "flows/flow-1/")))
    client.post(at(office, "flows/flow-1/pause"), {"enabled": "yes"})
    client.post(at(office, "flows/flow-1/sync"))
    assert office.store.due_flows(well().clock.now())


def test_notices_are_counted_and_marked_as_read(office: Office) -> None:
    Notice.objects.create(
        workspace_id=office.workspace, text="Reconnect QuickBooks.", created_at=AT
    )
    client = as_(office)
    assert "Reconnect QuickBooks." in text_of(client.get(at(office, "notices/")))
    client.post(at(office, "notices/"))
    assert Notice.objects.get().read_at is not None


def test_an_empty_workspace_says_what_to_do_first() -> None:
    office = build_office(each=0)
    assert "Nothing to decide" in text_of(as_(office).get(at(office, "queue/")))


def test_the_address_of_a_workspace_leads_to_its_queue(office: Office) -> None:
    answer = as_(office).get(at(office, ""))
    assert answer.status_code == 302 and answer["Location"] == at(office, "queue/")


def test_every_page_forbids_foreign_and_inline_code(office: Office) -> None:
    client, case = as_(office), office.cases["review"][0]
    for path in (*PAGES, f"review/{case.id}/", f"records/{case.id}/"):
        answer = client.get(at(office, path))
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'nonce-")
        assert "unsafe" not in policy
        body = answer.content.decode()
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! nonce)", body), path
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_nonce_is_new_for_every_answer(office: Office) -> None:
    client = as_(office)
    policies = {client.get(at(office, "queue/")).headers["Content-Security-Policy"] for _ in "ab"}
    assert len(policies) == 2


def test_the_original_is_a_download_that_runs_nothing(office: Office) -> None:
    answer = as_(office).get(at(office, f"records/{office.cases['review'][0].id}/original"))
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


@pytest.mark.slow
def test_a_page_is_an_image_and_a_missing_one_a_sentence(office: Office) -> None:
    client, case = as_(office), office.cases["review"][0]
    image = client.get(at(office, f"records/{case.id}/page-1.webp"))
    assert (image.status_code, image.headers["Content-Type"]) == (200, "image/webp")
    assert image.content[:4] == b"RIFF"
    assert not image.cookies
    missing = client.get(at(office, f"records/{case.id}/page-7.webp"))
    assert (missing.status_code, missing.headers["Content-Type"]) == (404, "image/svg+xml")
    assert "cannot be shown" in missing.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(office: Office) -> None:
    def spent(workspace: Office, path: str) -> int:
        client = as_(workspace)
        client.get(at(workspace, path))
        with (
            CaptureQueriesContext(connections["eu"]) as data,
            CaptureQueriesContext(connections["default"]) as control,
        ):
            assert client.get(at(workspace, path)).status_code == 200
        return len(data) + len(control)

    larger = build_office("Larger House", each=6)
    for path in ("queue/", "status/", "records/?state=posted"):
        assert spent(office, path) == spent(larger, path), path


def test_errors_offer_a_way_on_and_show_nothing_of_the_inside(office: Office) -> None:
    client = as_(office)
    client.raise_request_exception = False
    answer = client.get("/w/not-a-workspace/queue/")
    assert answer.status_code == 404
    assert "Back to Well" in text_of(answer)
    assert "urlconf" not in text_of(answer).lower()


def test_theme_and_keys_are_kept_and_only_known_values_are(office: Office) -> None:
    client = as_(office)
    client.post("/look", {"theme": "dark", "next": at(office, "queue/")})
    assert 'data-theme="dark"' in client.get(at(office, "queue/")).content.decode()
    client.post("/look", {"keys": "off"})
    assert 'data-keys="off"' in client.get(at(office, "queue/")).content.decode()
    answer = client.post("/look", {"theme": '"><script>', "next": "//evil.example/"})
    assert answer.url == "/"
    assert not answer.cookies


def test_pages_of_a_list_follow_each_other_without_gap_or_repeat() -> None:
    office = build_office(each=5)
    tenant = Tenant(office.workspace, "eu")
    listed = queries.case_page(tenant, "flow-1", "review", 1).items
    for place, item in enumerate(listed):
        near = queries.around(tenant, item)
        assert near.position == place + 1
        assert [one.id for one in near.before] == [one.id for one in reversed(listed[:place])]
        assert [one.id for one in near.after] == [one.id for one in listed[place + 1 :]]


def test_a_held_record_is_shown_against_what_was_posted(office: Office) -> None:
    text = text_of(as_(office).get(at(office, f"review/{office.cases['held'][0].id}/")))
    assert "As posted" in text
    assert "€99.00" in text
    assert "Keep the entry in Qonto as it is" in text
    assert "Pin another" not in text


def test_a_part_that_renews_itself_sends_a_signed_out_person_to_the_whole_page(
    office: Office,
) -> None:
    client = Client(headers={"host": "localhost", "HX-Request": "true"})
    answer = client.get(at(office, "status/live"))
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")
