"""What Well has learned, as a flow's and a record's page say it, and how it is forgotten."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from builders.office import AT, Office, build_office
from builders.pages import as_, at, text_of
from builders.values import a_flow, a_party
from well.bootstrap import well
from well.domain.decision import Rules
from well.domain.learning import FlowMemory, SpotCheck
from well.domain.trail import TrailEvent
from well.matching.learn import (
    PARTY,
    Alias,
    Lag,
    Observation,
    Shape,
    alias_key,
    gather,
    to_json,
)
from well.pipeline.checks import Acting, Because
from well.pipeline.judge import Judgement
from well.policy.monitor import NOTHING_ALONE
from well.web.pages.learned import why

pytestmark = pytest.mark.django_db(databases=["default", "eu"])


@pytest.fixture
def office() -> Office:
    return build_office(each=2)


def flow_text(office: Office, role: str = "owner") -> str:
    return text_of(as_(office, role).get(at(office, "flows/flow-1/")))


def teach(office: Office, links: int = 5) -> None:
    """What five links of one supplier leave behind."""
    invoice = office.cases["posted"][0].invoice
    assert invoice is not None
    alias = Alias(alias_key(invoice.seller.name or ""), "party", True)
    seen = [
        Observation(f"c{n}", 24_000, {}, lag=Lag("party", 3), shape=Shape("party", "F##"))
        for n in range(links)
    ]
    named = Observation("c", 24_000, {}, aliases=(alias,), space=PARTY)
    memory = FlowMemory(to_json(gather([*seen, named, named])))
    office.store.save_flow_memory("flow-1", memory)


def checked(office: Office, wrong: int, right: int, confidence: float = 0.95) -> None:
    office.store.save_spot_checks(
        [
            SpotCheck(
                f"k{n}", "flow-1", "r", confidence, 1.0, AT, n >= wrong, "ann",
                AT + timedelta(seconds=n),
            )
            for n in range(wrong + right)
        ]
    )  # fmt: skip


def test_a_new_flow_knows_nothing_and_says_so(office: Office) -> None:
    text = flow_text(office)
    assert "Does alone what is at least 85 % sure" in text
    assert "The rule of this flow: 85 %, enough to keep 99 % right." in text
    assert "None was looked at yet." in text
    assert "No record was judged by a person yet." in text
    assert "Nothing yet: it works with the weights it came with." in text
    assert "Forget what was learned here" not in text


def test_checks_are_counted_with_what_they_prove(office: Office) -> None:
    checked(office, wrong=0, right=10)
    proven = r"at least (\d+) % right of what is done alone; the aim is 99 %\."
    few = re.search(
        r"10 of 10 that were looked at were right\. So far that proves " + proven,
        flow_text(office),
    )
    assert few is not None
    checked(office, wrong=0, right=400)
    many = re.search(r"400 of 400 .* at least (\d+) % right", flow_text(office))
    assert many is not None
    assert 50 < int(few.group(1)) < 90 < int(many.group(1)) <= 99


def test_checks_below_the_limit_prove_nothing_of_what_is_done_alone(office: Office) -> None:
    checked(office, wrong=1, right=3, confidence=0.8)
    text = flow_text(office)
    assert "3 of 4 that were looked at were right." in text
    assert "So far that proves" not in text


def test_a_raised_limit_names_its_day_and_reason(office: Office) -> None:
    case = office.cases["linked"][0]
    office.store.save_spot_checks([SpotCheck(case.id, "flow-1", case.record, 0.91, 1.0, AT)])
    well().answer_check(office.workspace, case.id, False, "ann")
    text = flow_text(office)
    assert "Does alone what is at least 91.88 % sure" in text
    assert re.search(r"Raised on \d+ \w+ \d{4}\. 1 of 1 spot checks found a wrong decision", text)


def test_each_reason_of_a_limit_has_its_sentence() -> None:
    flow = a_flow(rules=Rules(auto_post=0.85, target=0.999))

    def said(because: Because, *events: TrailEvent) -> str:
        return why(flow, Acting(0.9, because, 12), events)

    assert said(Because.CLICKS) == (
        "The rule asks for a person's click until 59 in a row were right: 12 so far."
    )
    assert said(Because.RULE) == ("The rule of this flow: 85 %, enough to keep 99.9 % right.")
    assert said(Because.CERTIFIED) == (
        "Proven to keep 99.9 % right; the rule of 85 % would be too low."
    )
    assert said(Because.RAISED) == "Raised after spot checks found wrong decisions."
    raised = TrailEvent(AT, "well", "limit raised", "flow", {"sentence": "Two were wrong."})
    lowered = replace(raised, verb="limit lowered", detail={})
    other = replace(raised, verb="flow changed")
    assert said(Because.RAISED, raised, other) == "Raised on 22 Apr 2026. Two were wrong."
    assert said(Because.RAISED, raised, lowered) == (
        "Lowered on 22 Apr 2026, because several people's judgements proved it may be."
    )


def test_a_limit_that_nothing_reaches_is_said_in_words(office: Office) -> None:
    office.store.save_flow_memory("flow-1", FlowMemory(limit=NOTHING_ALONE))
    assert "Does alone nothing; a person confirms every record" in flow_text(office)


def test_what_is_known_is_counted(office: Office) -> None:
    teach(office)
    assert (
        "Taught by judgements of documents: 5. Names of suppliers: 1. Suppliers whose usual delay "
        "is known: 1, whose number format is: 1."
    ) in flow_text(office)


def test_judgements_are_counted_with_those_undone(office: Office) -> None:
    case, other = office.cases["review"]
    judge = well().judge
    judge(office.workspace, case.id, Judgement("refuse"), "ann")
    assert "1 record judged by one person." in flow_text(office)
    judge(office.workspace, case.id, Judgement("reopen"), "ann")
    judge(office.workspace, other.id, Judgement("link", other.ranking.candidates[0].id), "ben")
    text = flow_text(office)
    assert "2 records judged by 2 people. Undone by a later one: 1." in text
    page = text_of(as_(office).get(at(office, f"records/{case.id}/")))
    assert re.search(r"ann · reopened · counts", page)
    assert re.search(r"ann · refused · undone by a later one", page)


def test_a_supplier_shows_confirmations_delay_and_number_format(office: Office) -> None:
    case = replace(office.cases["posted"][0], counterparty="party")
    office.store.save_cases([case], AT)
    address = at(office, f"records/{case.id}/")
    text = text_of(as_(office).get(address))
    assert "confirmed 0 times, declined 0 times" in text
    assert "not known yet: 0 of 5 links" in text
    teach(office)
    text = text_of(as_(office).get(address))
    assert "as this supplier: confirmed 2 times, declined 0 times" in text
    assert "Usual delay 3 days after the document (5 links)" in text
    assert "Number format F## (5 times)" in text
    teach(office, links=4)
    assert "not known yet: 4 of 5 links" in text_of(as_(office).get(address))


def test_a_supplier_has_the_category_of_its_documents_in_the_whole_workspace(
    office: Office,
) -> None:
    """A bill of one tool is filed by what other tools told of its supplier."""
    own = office.cases["review"][0]
    assert own.invoice is not None
    bare = replace(own, counterparty="party", invoice=replace(own.invoice, lines=()))
    office.store.save_cases([bare], AT)
    address = at(office, f"records/{bare.id}/")
    text = text_of(as_(office).get(address))
    assert "Ledger account not known yet: no document of it names one" in text
    theirs = [
        replace(office.cases[state][0], counterparty="party") for state in ("linked", "posted")
    ]
    unsure = replace(office.cases["refused"][0], counterparty="party")
    office.store.save_cases([*theirs, unsure], AT)
    text = text_of(as_(office).get(address))
    assert "Ledger account 606400, by 2 of 2 documents" in text


def test_a_record_is_enriched_with_what_the_workspace_knows_of_its_supplier(
    office: Office,
) -> None:
    case = replace(office.cases["posted"][0], counterparty="party")
    office.store.save_cases([case], AT)
    address = at(office, f"records/{case.id}/")
    assert "Legal person" not in text_of(as_(office).get(address))
    party = a_party(
        "party", names=("Algolia SAS", "ALGOLIA"), vat_ids=("FR75814107155",), domains=()
    )
    office.store.save_parties([(party, ["name:algolia"])])
    text = text_of(as_(office).get(address))
    assert "Legal person Algolia SAS, ALGOLIA Tax ids FR75814107155" in text
    assert "Domains not known yet" in text


def test_a_record_without_supplier_or_words_has_no_such_card(office: Office) -> None:
    case = office.cases["posted"][0]
    assert "What Well has learned here" not in text_of(
        as_(office).get(at(office, f"records/{case.id}/"))
    )


def test_forgetting_is_asked_first_and_then_done(office: Office) -> None:
    case = office.cases["review"][0]
    entry = case.ranking.candidates[0].id
    well().judge(office.workspace, case.id, Judgement("link", entry), "ann")
    client = as_(office, "admin")
    address = at(office, "flows/flow-1/forget")
    assert f'href="{address}"' in client.get(at(office, "flows/flow-1/")).content.decode()
    asked = text_of(client.get(address))
    assert "Forget what was learned in “Atelier Lune SAS to Atelier Lune”?" in asked
    assert "What was posted or linked stays as it is." in asked
    assert office.store.flow_memory("flow-1").learned != ""
    done = client.post(address, follow=True)
    assert done.redirect_chain[-1][0] == at(office, "flows/flow-1/")
    text = text_of(done)
    assert "Forgotten: what 1 judgement taught." in text
    assert "Forgotten, teaching nothing: 1." in text
    assert "Nothing yet: it works with the weights it came with." in text
    assert office.store.flow_memory("flow-1").learned == ""
    page = text_of(client.get(at(office, f"records/{case.id}/")))
    assert re.search(r"ann · linked · forgotten", page)
    told = office.store.trail_of(["flow-1"])[-1]
    assert (told.verb, told.actor) == ("learning forgotten", office.people["admin"].email)
    assert office.store.verify_trail().broken_at is None


@pytest.mark.parametrize("role", ["reviewer", "viewer"])
def test_only_who_manages_can_forget(office: Office, role: str) -> None:
    teach(office)
    client = as_(office, role)
    assert "Forget what was learned here" not in flow_text(office, role)
    for call in (client.get, client.post):
        assert call(at(office, "flows/flow-1/forget")).status_code == 403
    assert office.store.flow_memory("flow-1").learned != ""


def test_no_flow_of_another_house_is_forgotten(office: Office) -> None:
    other = build_office("Other House", each=1)
    assert as_(other).post(at(office, "flows/flow-1/forget")).status_code == 404
    assert as_(office).get(at(office, "flows/nope/forget")).status_code == 404
