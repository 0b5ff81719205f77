"""Grants: sealed tokens, and one refresher at a time."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from builders.stores import NOON, REGION, FakeClock, RealNaps, some_stores
from well.domain.failure import Failed, FailureKind
from well.ports.grants import Grant
from well.storage.grants import LEASE, DjangoGrants
from well.storage.models import GrantRow
from well.storage.scope import Tenant, reading, rows

databases = pytest.mark.django_db(databases=["default", "eu"])
GRANT = Grant("canary-access", "canary-refresh", NOON, ("read",), NOON + timedelta(days=100))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def grants(tmp_path: Path, clock: FakeClock) -> DjangoGrants:
    return some_stores(tmp_path, clock).grants("ws", REGION)


@databases
def test_a_grant_comes_back_and_its_row_does_not_tell_it(grants: DjangoGrants) -> None:
    assert grants.load("books") is None
    grants.put("books", GRANT)
    assert grants.load("books") == GRANT
    tenant = Tenant("ws", REGION)
    with reading(tenant):
        assert b"canary" not in bytes(rows(GrantRow, tenant).get().body)
    grants.drop("books")
    assert grants.load("books") is None


@databases
def test_a_grant_is_taken_by_one_caller_alone(grants: DjangoGrants) -> None:
    grants.put("consent:books:1", GRANT)
    assert grants.take("consent:books:1") == GRANT
    assert grants.take("consent:books:1") is None
    assert grants.load("consent:books:1") is None


@databases
def test_what_is_kept_since_before_a_moment_is_found_by_its_beginning(
    grants: DjangoGrants, clock: FakeClock
) -> None:
    for name in ("consent:b", "consent:a", "books", "con%ent:c"):
        grants.put(name, GRANT)
    stored = clock.now()
    assert grants.kept_before(stored, "consent:") == []
    after = stored + timedelta(microseconds=1)
    assert grants.kept_before(after, "consent:") == ["consent:a", "consent:b"]
    assert grants.kept_before(after, "con%") == ["con%ent:c"]


@databases
def test_the_holder_of_the_lease_saves(grants: DjangoGrants) -> None:
    grants.put("books", GRANT)
    renewed = replace(GRANT, access_token="two")
    with grants.refreshing("books") as lease:
        assert lease.current() == GRANT
        lease.save(renewed)
        assert lease.current() == renewed
    with grants.refreshing("books") as lease:
        assert lease.current() == renewed


@databases
def test_nobody_gets_in_while_the_lease_is_held(grants: DjangoGrants, clock: FakeClock) -> None:
    grants.put("books", GRANT)
    with grants.refreshing("books") as first:
        with grants.refreshing("books") as second:
            assert clock.now() >= NOON + LEASE, "the second waited until the lease ended"
            second.save(replace(GRANT, access_token="second"))
        with pytest.raises(Failed) as lost:
            first.save(replace(GRANT, access_token="first"))
    assert lost.value.failure.kind is FailureKind.CONFLICT
    stored = grants.load("books")
    assert stored is not None
    assert stored.access_token == "second"


@databases
def test_a_late_holder_nobody_overtook_still_saves(grants: DjangoGrants, clock: FakeClock) -> None:
    grants.put("books", GRANT)
    with grants.refreshing("books") as lease:
        clock.sleep(60)
        lease.save(replace(GRANT, access_token="late"))
    stored = grants.load("books")
    assert stored is not None
    assert stored.access_token == "late"


@databases
def test_a_lease_that_never_ends_is_given_up_on(grants: DjangoGrants, clock: FakeClock) -> None:
    grants.put("books", GRANT)
    with grants.refreshing("books"):
        start = clock.now()
        original = clock.sleep

        def someone_renews(seconds: float) -> None:
            original(seconds)
            tenant = Tenant("ws", REGION)
            with reading(tenant):
                rows(GrantRow, tenant).update(lease_until=clock.now() + LEASE)

        clock.sleep = someone_renews  # type: ignore[method-assign]
        with pytest.raises(Failed) as busy, grants.refreshing("books"):
            pass
    assert busy.value.failure.kind is FailureKind.TRANSIENT
    assert clock.now() - start < timedelta(seconds=31)


@databases
def test_without_a_grant_there_is_nothing_to_refresh(grants: DjangoGrants) -> None:
    with pytest.raises(Failed) as lost, grants.refreshing("books"):
        pass
    assert lost.value.failure.kind is FailureKind.GRANT_LOST
    grants.put("books", GRANT)
    with grants.refreshing("books") as lease:
        grants.drop("books")
        with pytest.raises(Failed):
            lease.current()


@databases
def test_a_new_consent_ends_the_lease_on_the_old_grant(grants: DjangoGrants) -> None:
    grants.put("books", GRANT)
    with grants.refreshing("books") as lease:
        grants.put("books", replace(GRANT, access_token="consented"))
        with pytest.raises(Failed):
            lease.save(replace(GRANT, access_token="stale"))
    stored = grants.load("books")
    assert stored is not None
    assert stored.access_token == "consented"


@pytest.mark.slow
@pytest.mark.django_db(databases=["default", "eu"], transaction=True)
def test_two_threads_hold_the_lease_one_after_the_other(tmp_path: Path) -> None:
    stores = some_stores(tmp_path, RealNaps())
    stores.grants("ws", REGION).put("books", replace(GRANT, access_token="0"))
    inside, most = [0], [0]

    def refresh() -> None:
        grants = stores.grants("ws", REGION)
        try:
            for _ in range(5):
                with grants.refreshing("books") as lease:
                    inside[0] += 1
                    most[0] = max(most[0], inside[0])
                    seen = int(lease.current().access_token)
                    lease.save(replace(GRANT, access_token=str(seen + 1)))
                    inside[0] -= 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=refresh) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most[0] == 1
    stored = stores.grants("ws", REGION).load("books")
    assert stored is not None
    assert stored.access_token == "10", "no refresh was lost"


@pytest.mark.slow
@pytest.mark.django_db(databases=["default", "eu"], transaction=True)
def test_of_two_threads_that_take_a_grant_one_gets_it(tmp_path: Path) -> None:
    stores = some_stores(tmp_path, RealNaps())
    start, got = threading.Barrier(2), list[Grant | None]()

    def take(name: str) -> None:
        grants = stores.grants("ws", REGION)
        try:
            start.wait(60)
            got.append(grants.take(name))
        finally:
            connections.close_all()

    for name in (f"consent:books:{number}" for number in range(5)):
        stores.grants("ws", REGION).put(name, GRANT)
        threads = [threading.Thread(target=take, args=[name]) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert got.count(GRANT) == 5 and got.count(None) == 5
