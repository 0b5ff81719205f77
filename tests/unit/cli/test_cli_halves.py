"""Work by two processes gives what one gives, whatever becomes of the second."""

import os
from collections.abc import Iterator

import pytest

from well.cli import halves
from well.cli.halves import in_halves

HERE = os.getpid()


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(halves.os, "cpu_count", lambda: 2)
    yield


def who(part: int) -> tuple[int, bool]:
    return part, os.getpid() == HERE


@pytest.mark.parametrize("count", [0, 1])
def test_what_has_no_two_halves_is_done_here(count: int) -> None:
    assert list(in_halves(who, range(count))) == [(n, True) for n in range(count)]


@pytest.mark.parametrize(("count", "here"), [(2, 1), (3, 2), (4, 2), (5, 3)])
def test_the_second_half_is_done_in_another_process(count: int, here: int) -> None:
    assert list(in_halves(who, range(count))) == [(n, n < here) for n in range(count)]


def test_one_core_does_it_all_here(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores in (1, None):
        monkeypatch.setattr(halves.os, "cpu_count", lambda cores=cores: cores)
        assert list(in_halves(who, range(4))) == [(n, True) for n in range(4)]


def test_without_copies_of_processes_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(halves.os, "fork")
    assert list(in_halves(who, range(4))) == [(n, True) for n in range(4)]


def test_what_the_other_process_fails_at_is_done_here() -> None:
    def only_here(part: int) -> int:
        if os.getpid() != HERE:
            raise ValueError(part)
        return part

    assert list(in_halves(only_here, range(5))) == list(range(5))


def test_what_breaks_off_on_the_way_is_done_here() -> None:
    def told(part: int) -> object:
        # A function of this test cannot be pickled, so what the other process says ends there.
        return part if part != 3 or os.getpid() == HERE else lambda: None

    assert list(in_halves(told, range(6))) == list(range(6))


def test_an_error_here_is_raised_and_leaves_no_process() -> None:
    def broken(part: int) -> int:
        raise ValueError(part)

    with pytest.raises(ValueError, match=r"^0$"):
        list(in_halves(broken, range(4)))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_whoever_stops_early_leaves_no_process() -> None:
    results = in_halves(lambda part: bytes(1_000_000) * part, range(8))
    assert next(results) == b""
    results.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_large_results_come_through_whole() -> None:
    assert [len(some) for some in in_halves(bytes, [10, 20, 3_000_000, 1])] == [
        10,
        20,
        3_000_000,
        1,
    ]
