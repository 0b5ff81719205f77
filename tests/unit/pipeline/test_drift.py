"""Whether the newest records still look like those before them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import Any

from builders.values import an_invoice
from well.domain.candidate import Candidate, Evidence, Ranking
from well.domain.decision import Versions
from well.domain.trail import TrailEvent
from well.pipeline.codec import facts_json
from well.pipeline.drift import LEAST, NEWEST, QUIET, VERB, news, sentence, shifts, spread
from well.policy import Facts

NOW = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)


def _facts(level: str | None, model: str = "m1") -> Facts:
    rows = (Evidence("name", "a", "b", level or "", 1.0),)
    ranking = Ranking((Candidate("e", "e", 1.0, 0.9, rows),), 0.1) if level else Ranking()
    return Facts(an_invoice(), ranking=ranking, versions=Versions(matching=model))


def _told(facts: Facts, flow: str = "flow") -> TrailEvent:
    return TrailEvent(NOW, "well", "decided", "r", {"flow": flow, "facts": facts_json(facts)})


def _run(newest: int, before: int, now: str | None = "b", then: str | None = "a") -> Iterator[Any]:
    yield from repeat(_told(_facts(now)), newest)
    yield from repeat(_told(_facts(then)), before)


def test_levels_spread_otherwise_are_named() -> None:
    assert shifts(_run(NEWEST, LEAST), "flow") == ("name",)


def test_the_same_spread_is_no_news() -> None:
    assert shifts(_run(NEWEST, LEAST, "a", "a"), "flow") == ()


def test_too_few_decisions_say_nothing() -> None:
    assert shifts(_run(NEWEST, LEAST - 1), "flow") == ()
    assert shifts(_run(LEAST - 1, 0), "flow") == ()
    assert shifts([], "flow") == ()


def test_the_share_of_documents_without_an_entry_is_a_feature() -> None:
    assert shifts(_run(NEWEST, LEAST, None, "a"), "flow") == ("existing entry",)
    assert spread([_facts(None), _facts("a"), _facts("a")]) == {
        "existing entry": {"none": 1, "some": 2},
        "name": {"a": 2},
    }


def test_only_the_newest_two_thousand_before_are_compared() -> None:
    told = [_told(_facts("a"))] * (NEWEST + 2000) + [_told(_facts("b"))] * 5000
    assert shifts(told, "flow") == ()


def test_decisions_of_another_shipped_model_are_not_compared() -> None:
    newest = repeat(_told(_facts("b", "m2+12ab")), NEWEST)
    same = repeat(_told(_facts("a", "m2")), LEAST)
    other = repeat(_told(_facts("a", "m1")), LEAST)
    assert shifts([*newest, *same], "flow") == ("name",)
    assert shifts([*newest, *other], "flow") == ()


def test_what_was_not_matched_for_the_first_time_is_left_out() -> None:
    fresh = _facts("b")
    skipped = [
        replace(fresh, previous_entry="e"),
        replace(fresh, posted_kind=False),
        replace(fresh, invoice=None),
    ]
    noise = [_told(one) for one in skipped] + [_told(fresh, "other")]
    broken = [TrailEvent(NOW, "well", "decided", "r", {"flow": "flow", "facts": {"rules": 3}})]
    bare = [TrailEvent(NOW, "well", "decided", "r", {"flow": "flow"})]
    assert shifts([*noise, *broken, *bare] * NEWEST, "flow") == ()
    assert shifts([*(noise * NEWEST), *broken, *bare, *_run(NEWEST, LEAST)], "flow") == ("name",)


def test_the_same_news_is_not_told_again_within_a_week() -> None:
    def told(features: list[str], ago: timedelta, verb: str = VERB) -> list[TrailEvent]:
        return [TrailEvent(NOW - ago, "well", verb, "flow", {"features": features})]

    def found(earlier: list[TrailEvent]) -> tuple[str, ...]:
        return news(_run(NEWEST, LEAST), "flow", earlier, NOW)

    assert found([]) == ("name",)
    assert found(told(["name"], timedelta(days=6))) == ()
    assert found(told(["name"], QUIET)) == ("name",)
    assert found(told(["date"], timedelta(days=1))) == ("name",)
    assert found(told(["name"], timedelta(days=1), "flow changed")) == ("name",)
    assert news(_run(NEWEST, LEAST, "a"), "flow", [], NOW) == ()


def test_the_owner_reads_which_parts_differ() -> None:
    assert sentence(("date", "name")) == (
        "The newest records differ from those before in: date, name. Perhaps the source or its "
        "suppliers changed. Well goes on; a look at the last records is worth it."
    )
