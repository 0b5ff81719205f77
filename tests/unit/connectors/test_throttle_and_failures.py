"""Request limits kept before a request leaves, and how failures are worded."""

from datetime import timedelta

import pytest

from builders.connectors import NOW, FakeClock
from well.connectors.failures import clean, grant_lost, retry_after
from well.connectors.throttle import Rate, Throttle
from well.domain.failure import Failed, FailureKind, WayOut


def test_no_span_holds_more_than_the_limit() -> None:
    clock, starts = FakeClock(), []
    throttle = Throttle("X", (Rate(5, 10.0), Rate(8, 18.0)), 8, clock)
    for _ in range(30):
        with throttle.turn():
            starts.append(clock.now())
    for count, seconds in ((5, 10), (8, 18)):
        for at in range(len(starts) - count):
            assert starts[at + count] - starts[at] >= timedelta(seconds=seconds)


def test_a_long_wait_is_handed_back_with_its_time() -> None:
    clock = FakeClock()
    throttle = Throttle("X", (Rate(1, 60.0),), 8, clock)
    with throttle.turn():
        pass
    with pytest.raises(Failed) as caught, throttle.turn():
        pass
    assert caught.value.failure.kind is FailureKind.RATE_LIMITED
    assert caught.value.failure.retry_at == NOW + timedelta(seconds=60)
    assert clock.slept == []


def test_a_pause_holds_everybody_and_is_never_shortened() -> None:
    clock = FakeClock()
    throttle = Throttle("X", (Rate(100, 1.0),), 8, clock)
    throttle.pause(NOW + timedelta(seconds=9))
    throttle.pause(NOW + timedelta(seconds=3))
    with throttle.turn():
        assert clock.now() == NOW + timedelta(seconds=9)


@pytest.mark.parametrize("seconds", [0, 20])
def test_what_is_no_request_waits_for_a_pause_as_well_and_is_not_counted(seconds: int) -> None:
    clock = FakeClock()
    throttle = Throttle("X", (Rate(1, 60.0),), 1, clock)
    throttle.heed()
    throttle.pause(NOW + timedelta(seconds=seconds))
    throttle.heed()
    throttle.heed()
    with throttle.turn():
        assert clock.now() == NOW + timedelta(seconds=seconds)


def test_what_is_no_request_is_handed_back_where_a_pause_is_long() -> None:
    clock, until = FakeClock(), NOW + timedelta(seconds=20, microseconds=1)
    throttle = Throttle("X", (Rate(1, 60.0),), 1, clock)
    throttle.pause(until)
    with pytest.raises(Failed) as caught:
        throttle.heed()
    assert caught.value.failure.kind is FailureKind.RATE_LIMITED
    assert caught.value.failure.retry_at == until and clock.slept == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 60),
        ("7", 7),
        (" 7 ", 7),
        ("Wed, 22 Apr 2026 09:00:30 GMT", 30),
        ("Wed, 22 Apr 2020 09:00:30 GMT", 0),
        ("soon", 60),
        ("-5", 60),
        ("999999999", 86400),
        ("Wed, 99 Apr 2026 09:00:30 GMT", 60),
    ],
)
def test_retry_after_in_every_form(header: str | None, seconds: int) -> None:
    assert retry_after(header, NOW, timedelta(seconds=60)) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "note",
    [
        "Authorization: Bearer canary.canary-canary",
        "Basic canary==",
        '{"access_token":"canary","x":1}',
        "refresh_token=canary&x=1",
        "client_secret: canary",
        "https://host/f?X-Amz-Signature=canary",
        "https://host/f?token=canary",
    ],
)
def test_a_secret_does_not_stay_in_a_note(note: str) -> None:
    assert "canary" not in clean(note)


def test_an_error_code_stays_in_a_note() -> None:
    assert "003001" in clean("message=ThrottleExceeded; errorCode=003001; statusCode=429")


def test_a_lost_grant_says_what_is_kept_and_the_way_out() -> None:
    failure = grant_lost("QuickBooks", "tid 1").failure
    assert "kept" in failure.sentence and failure.way_out is WayOut.RECONNECT
