"""Which rows become candidates of which, and what is cut."""

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders.engine import ints, sides
from well.matching.batch import candidates
from well.matching.blocking import (
    AMOUNT,
    BLOCK_MAX,
    DIGITS,
    EARLIER,
    FOLDED,
    LATER,
    PARTY,
    PARTY_AMOUNT,
    PARTY_REFERENCE,
    REFERENCE,
    REPEATED,
    VERSION,
    WORD,
    Keyring,
    Pairs,
    asked_keys,
    join,
    key_texts,
    kinds,
    stored_keys,
    unique_pairs,
)
from well.matching.columns import Raw

DAY = 71 * 10_000 + EARLIER
"""A day whose span reaches exactly from EARLIER before to LATER after."""


def pairs(source: list[Raw], target: list[Raw]) -> Pairs:
    return candidates(sides(source, target))


def meet(source: Raw, target: Raw) -> bool:
    """Whether the target row is a candidate of the source row."""
    found = pairs([source], [target])
    assert found.cut.tolist() == [0]
    return list(zip(found.source.tolist(), found.target.tolist(), strict=True)) == [(0, 0)]


def row(id: str = "x", **fields: object) -> Raw:
    return Raw(id)._replace(**fields)


def kinds_met(source: Raw, target: Raw) -> set[int]:
    """The kinds of keys that bring the target row."""
    both = sides([source], [target])
    ring = Keyring.of(both.book, lasting=False)
    asked = {(k, key) for k, _, keys in asked_keys(both.source, ring) for key in keys.tolist()}
    held = {(k, key) for k, _, keys in stored_keys(both.target, ring) for key in keys.tolist()}
    return {kind for kind, _ in asked & held}


def test_the_figures_that_bound_the_search() -> None:
    assert (BLOCK_MAX, EARLIER, LATER) == (200, 31, 110)
    every = [REFERENCE, FOLDED, DIGITS, PARTY_REFERENCE, PARTY_AMOUNT, PARTY, AMOUNT, WORD]
    assert [*every, REPEATED] == list(range(9))


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ({"reference": "FA-2026-77"}, {"reference": "fa 2026/77"}, REFERENCE),
        ({"reference": "SO-1O0B"}, {"reference": "S0-100B"}, FOLDED),
        ({"reference": "FA-20267712"}, {"reference": "20267712"}, DIGITS),
        ({"memo": "paid FA-2026-77 today"}, {"reference": "FA-2026-77"}, REFERENCE),
        ({"reference": "FA-2026-77"}, {"memo": "for FA-2026-77"}, REFERENCE),
        ({"reference": "FA-2026-77"}, {"file_name": "scan_FA-2026-77.pdf"}, REFERENCE),
        ({"reference": "77B", "names": "Acme SAS"}, {"reference": "77b", "names": "ACME"},
         PARTY_REFERENCE),
        ({"reference": "77B", "numbers": "FR40303265045"},
         {"reference": "77b", "numbers": "FR40303265045"}, PARTY_REFERENCE),
    ],
)  # fmt: skip
def test_rows_meet_by_number_whatever_their_dates(
    ours: dict[str, object], theirs: dict[str, object], kind: int
) -> None:
    source, target = row(day=700_000, **ours), row(day=730_000, **theirs)
    assert kind in kinds_met(source, target)
    assert meet(source, target)


def test_a_number_of_three_signs_needs_the_supplier_and_one_of_four_does_not() -> None:
    assert not meet(row(reference="77B"), row(reference="77B"))
    assert meet(row(reference="771B"), row(reference="771B"))


@pytest.mark.parametrize(
    "handle",
    [
        {"names": "Acme SAS"},
        {"names": ("Other Ltd", "Acme SAS")},
        {"numbers": "FR40303265045"},
        {"ibans": "FR1420041010050500013M02606"},
        {"sites": "billing@acme.com"},
    ],
)
def test_rows_of_one_counterparty_meet_in_the_span(handle: dict[str, object]) -> None:
    source, target = row(day=DAY, **handle), row(day=DAY, **handle)
    assert kinds_met(source, target) == {PARTY}
    assert meet(source, target)


def test_a_company_number_and_the_tax_number_made_of_it_are_one_handle() -> None:
    source = row(day=DAY, numbers="FR40303265045")
    assert meet(source, row(day=DAY, numbers="303265045", country="FR"))


@pytest.mark.parametrize(
    ("days", "found"), [(-32, False), (-31, True), (0, True), (110, True), (111, False)]
)
@pytest.mark.parametrize("field", ["day", "due"])
def test_the_span_reaches_from_31_days_before_to_110_after(
    days: int, found: bool, field: str
) -> None:
    target = row(names="Acme", **{field: DAY + days})
    assert meet(row(names="Acme", day=DAY), target) is found
    assert meet(row(names="Acme", **{field: DAY}), row(names="Acme", day=DAY + days)) is found


def test_a_day_outranks_the_due_day() -> None:
    target = row(names="Acme", day=DAY, due=DAY + 500)
    assert meet(row(names="Acme", day=DAY, due=DAY - 500), target)


@given(st.integers(700_000, 900_000), st.integers(-EARLIER, LATER))
@settings(max_examples=40, deadline=None)
def test_every_day_of_the_span_is_found(day: int, days: int) -> None:
    target = row(names="Acme", day=day + days)
    assert meet(row(names="Acme", day=day), target)


@pytest.mark.parametrize(
    ("cents", "found"), [(-3, False), (-2, True), (-1, True), (0, True), (1, True), (2, True),
                         (3, False)],
)  # fmt: skip
def test_equal_totals_meet_to_two_cents(cents: int, found: bool) -> None:
    source = row(day=DAY, amount=123_456, currency="EUR")
    assert meet(source, row(day=DAY, amount=123_456 + cents, currency="EUR")) is found


def test_a_total_of_another_currency_or_sign_does_not_meet() -> None:
    source = row(day=DAY, amount=123_456, currency="EUR")
    assert not meet(source, row(day=DAY, amount=123_456, currency="USD"))
    assert not meet(source, row(day=DAY, amount=-123_456, currency="EUR"))


def test_the_stated_net_total_is_looked_for() -> None:
    source = row(day=DAY, amount=12_000, net=10_000, currency="EUR")
    assert AMOUNT in kinds_met(source, row(day=DAY, amount=10_000, currency="EUR"))
    assert not meet(source, row(day=DAY, amount=11_000, currency="EUR"))


def test_a_supplier_with_an_equal_total_is_its_own_kind_of_key() -> None:
    source = row(day=DAY, names="Acme", amount=500)
    assert kinds_met(source, row(day=DAY, names="Acme", amount=500)) == {
        PARTY,
        PARTY_AMOUNT,
        AMOUNT,
        REPEATED,
    }
    assert kinds_met(source, row(day=DAY, names="Acme", amount=900)) == {PARTY}


FAR = DAY + 4_000
"""A day that no span around DAY reaches."""


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({}, {REPEATED}),
        ({"day": None}, {REPEATED}),
        ({"currency": "USD"}, {REPEATED}),
        ({"names": ("Kodex", "ACME")}, {REPEATED}),
        ({"names": "Kodex", "numbers": "FR40303265045"}, {REPEATED}),
        ({"amount": 501}, set()),
        ({"amount": 499}, set()),
        ({"amount": 400}, set()),
        ({"amount": -500}, set()),
        ({"amount": None}, set()),
        ({"names": "Kodex"}, set()),
        ({"names": ""}, set()),
    ],
)
def test_a_supplier_that_repeats_a_total_brings_it_whatever_the_day(
    fields: dict[str, object], kinds: set[int]
) -> None:
    source = row(day=DAY, names="Acme", amount=500, net=400, numbers="FR40303265045")
    target = row(day=FAR, names="Acme", amount=500)._replace(**fields)
    assert kinds_met(source, target) == kinds
    assert meet(source._replace(day=FAR), target._replace(day=FAR + 4_000)) is bool(kinds)


@pytest.mark.parametrize(
    ("amount", "found"),
    [(100_00, True), (104_00, True), (96_00, True), (120_00, False), (80_00, False)],
)
def test_a_word_of_the_memo_meets_where_the_amounts_are_near(amount: int, found: bool) -> None:
    source = row(day=DAY, memo="garage lumiere", amount=100_00)
    assert (WORD in kinds_met(source, row(day=DAY, memo="lumiere", amount=amount))) is found


def test_neighbouring_words_are_a_key_in_their_order() -> None:
    both = sides([row(day=DAY, memo="j t smith", amount=5), row(day=DAY, memo="t", amount=5)])
    ring = Keyring.of(both.book, lasting=False)
    held = [key for kind, _, keys in stored_keys(both.source, ring) if kind == WORD for key in keys]
    assert len(held) == len(set(held)) + 1 == 3 + 2 + 1


def many(count: int, **fields: object) -> list[Raw]:
    return [row(f"t{n}", **fields) for n in range(count)]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"reference": "FA-2026"}, REFERENCE),
        ({"day": DAY, "names": "Acme"}, PARTY),
        ({"day": DAY, "amount": 5_000, "currency": "EUR"}, AMOUNT),
    ],
)
def test_a_key_that_201_rows_share_is_cut_and_one_of_200_is_not(
    fields: dict[str, object], kind: int
) -> None:
    whole = pairs([row(**fields)], many(200, **fields))
    assert whole.target.tolist() == list(range(200))
    assert not whole.cut[0] & (1 << kind)
    cut = pairs([row(), row(**fields)], many(201, **fields))
    assert cut.target.tolist() == []
    assert cut.cut[0] == 0
    assert cut.cut[1] & (1 << kind)


def test_another_key_still_brings_what_a_cut_key_left_out() -> None:
    target = [*many(201, day=DAY, names="Acme"), row("t", reference="FA-2026-77", day=DAY)]
    found = pairs([row(reference="FA-2026-77", names="Acme", day=DAY)], target)
    assert found.target.tolist() == [201]
    assert found.cut.tolist() == [1 << PARTY]


def test_pairs_come_once_and_in_order() -> None:
    same = {"reference": "FA-2026-77", "names": "Acme", "day": DAY, "amount": 5}
    found = pairs([row("a", **same), row("b", **same)], [row("c", **same), row("d", **same)])
    assert found.source.tolist() == [0, 0, 1, 1]
    assert found.target.tolist() == [0, 1, 0, 1]


def test_unique_pairs_are_sorted_by_source_then_target() -> None:
    found = unique_pairs(ints(3, 1, 3, 1), ints(0, 9, 0, 2), ints(7))
    assert found.source.tolist() == [1, 1, 3]
    assert found.target.tolist() == [2, 9, 0]
    assert found.cut.tolist() == [7]
    first = unique_pairs(ints(0), ints(0), ints(0))
    assert (first.source.tolist(), first.target.tolist()) == ([0], [0])


def test_rows_without_anything_are_nobodys_candidates() -> None:
    found = pairs([row(), row("y")], [row(), row("z")])
    assert found.source.tolist() == []
    assert found.cut.tolist() == [0, 0]


def test_empty_sides_give_no_pairs() -> None:
    assert len(pairs([], [row(reference="FA-2026")]).source) == 0
    assert pairs([row(reference="FA-2026")], []).cut.tolist() == [0]


TEXTS = st.sampled_from(["", "Acme", "Kodex SARL", "Zorn 12"])
ROWS = st.lists(
    st.builds(
        Raw,
        id=st.just("r"),
        names=TEXTS,
        memo=TEXTS,
        reference=st.sampled_from(["", "77B", "FA-2026-77", "FA-2O26-77", "202677"]),
        amount=st.sampled_from([None, 100, 101, 5_000, -100]),
        day=st.sampled_from([None, DAY, DAY + 60, DAY + 400]),
        due=st.sampled_from([None, DAY]),
        currency=st.sampled_from(["", "EUR", "USD"]),
        numbers=st.sampled_from(["", "FR40303265045"]),
    ),
    max_size=6,
)


@given(ROWS, ROWS)
@settings(max_examples=40, deadline=None)
def test_lasting_keys_bring_the_same_pairs_as_those_of_one_run(
    source: list[Raw], target: list[Raw]
) -> None:
    both = sides(source, target)
    found = []
    for lasting in (False, True):
        ring = Keyring.of(both.book, lasting=lasting)
        asked, held = asked_keys(both.source, ring), stored_keys(both.target, ring)
        found.append(join(asked, held, len(source)))
    once, stored = found
    assert (once.source == stored.source).all()
    assert (once.target == stored.target).all()
    assert (once.cut == stored.cut).all()


def test_lasting_keys_do_not_depend_on_what_else_was_read() -> None:
    asked = row(names="Acme", reference="FA-2026-77", memo="garage", amount=5, day=DAY)
    found = []
    for others in ([], [row(names="Zorn", reference="A-1234", memo="other", amount=7, day=DAY)]):
        both = sides([*others, asked])
        ring = Keyring.of(both.book, lasting=True)
        keys = [
            (kind, key)
            for kind, rows, keys in asked_keys(both.source, ring)
            for at, key in zip(rows.tolist(), keys.tolist(), strict=True)
            if at == len(others)
        ]
        found.append(keys)
    assert found[0] == found[1]
    assert len({key for _, key in found[0]}) > 20


@given(st.permutations(range(5)), st.permutations(range(6)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_changes_no_pair(ours: list[int], theirs: list[int]) -> None:
    source = [row(reference=f"FA-2026-{n % 3}", names="Acme", day=DAY + n) for n in range(5)]
    target = [row(reference=f"FA-2026-{n % 4}", names="Zorn", day=DAY, amount=n) for n in range(6)]
    plain = pairs(source, target)
    mixed = pairs([source[n] for n in ours], [target[n] for n in theirs])
    back = {
        (ours[i], theirs[j])
        for i, j in zip(mixed.source.tolist(), mixed.target.tolist(), strict=True)
    }
    assert back == set(zip(plain.source.tolist(), plain.target.tolist(), strict=True))
    assert np.all(np.diff(mixed.source) >= 0)


def test_keys_as_texts_tell_their_kind_and_come_once_for_each_row() -> None:
    keys = np.array([1, 2**64 - 1, 1], dtype=np.uint64)
    parts = [(REFERENCE, ints(0, 2, 0), keys), (WORD, ints(0), keys[:1])]
    assert key_texts(parts, 3) == [
        ("00000000000000001", "70000000000000001"), (), ("0ffffffffffffffff",),
    ]  # fmt: skip
    assert kinds(["0000", "7fff", "7000"]) == 1 << REFERENCE | 1 << WORD
    assert kinds(["3"]) == 8
    assert kinds([]) == 0


def test_keys_that_may_lie_in_a_database_stay_as_they_are_in_one_version() -> None:
    full = row(
        names="Acme SAS", memo="garage lumiere 2026", reference="SO-1O0B", amount=12_345,
        net=10_000, currency="EUR", day=738_000, numbers="FR40303265045",
    )  # fmt: skip
    both = sides([full])
    ring = Keyring.of(both.book, lasting=True)
    digests = [
        blake2b("".join(sorted(key_texts(parts, 1)[0])).encode(), digest_size=4).hexdigest()
        for parts in (stored_keys(both.source, ring), asked_keys(both.source, ring))
    ]
    # Other digests need another VERSION, so that what is stored is keyed anew.
    assert (VERSION, *digests) == ("blocking-2", "d179b5f9", "feaf0c96")


def test_no_key_is_asked_or_stored_twice_by_supplier_and_days() -> None:
    both = sides([row(names="Acme", day=day, amount=5) for day in (DAY, DAY + 20, DAY + 40)])
    ring = Keyring.of(both.book, lasting=False)
    for parts in (asked_keys(both.source, ring), stored_keys(both.source, ring)):
        for kind, at, keys in parts:
            if kind in (PARTY, PARTY_AMOUNT, AMOUNT):
                couples = list(zip(at.tolist(), keys.tolist(), strict=True))
                assert len(couples) == len(set(couples))


def test_words_meet_one_step_of_the_ladder_up_and_down() -> None:
    def found(amount: int) -> bool:
        source = row(day=DAY, memo="lumiere", amount=100_000)
        return WORD in kinds_met(source, row(day=DAY, memo="lumiere", amount=amount))

    # Steps of 6 %: 100,000 lies between 94,845.1 and 100,709.9.
    edges = [89_321, 89_322, 106_937, 106_938]
    assert [found(amount) for amount in edges] == [False, True, True, False]


def test_neighbouring_words_of_one_memo_are_a_key_together() -> None:
    memos = ("zorn guadalupe", "kodex perrin lumiere")
    rows = [Raw(f"s{n}", memo=memo, amount=5_000, day=DAY) for n, memo in enumerate(memos)]
    both = sides(rows)
    parts = asked_keys(both.source, Keyring.of(both.book, lasting=False))
    count = np.bincount(np.concatenate([row for kind, row, _ in parts if kind == WORD]))
    # Three and five words and couples, each with the same days and sums around.
    assert count[0] * 5 == count[1] * 3 > 0
