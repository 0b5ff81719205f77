"""What comes back about a test document: news once, and never of a former test."""

from datetime import timedelta

import pytest

from builders.values import AT
from simulation.history import ROUTE, History
from well.domain.delivery import Delivery, DeliveryState
from well.pipeline.inbox import note_test

SENT = Delivery(DeliveryState.HANDED_OVER, "<t@w>", AT, "250 ok")


@pytest.mark.parametrize(
    ("state", "seconds", "news"),
    [
        (DeliveryState.BOUNCED, 5, True),
        (DeliveryState.BOUNCED, -60, True),
        (DeliveryState.BOUNCED, -61, False),
        (DeliveryState.HANDED_OVER, 0, False),
        (DeliveryState.HANDED_OVER, 1, True),
    ],
)
def test_a_report_about_a_test_is_taken_once(
    state: DeliveryState, seconds: int, news: bool
) -> None:
    history = History(1, by_mail=True)
    store = history.work().store
    link = history.disk.connections["dst"]
    history.disk.connections["dst"] = type(link)(
        link.id, link.connector, link.label, link.account, link.state,
        mail=type(ROUTE)(ROUTE.inbox, ROUTE.sender, test=SENT),
    )  # fmt: skip
    told = Delivery(state, "<t@w>", AT + timedelta(seconds=seconds), "no")
    assert note_test(store, "dst", told, history.clock) is news
    assert note_test(store, "dst", told, history.clock) is False or not news
    route = history.disk.connections["dst"].mail
    assert route is not None
    assert (route.test == told) is news
