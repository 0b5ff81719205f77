"""Every level two rows can reach, from both sides of its boundary."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from builders.engine import every_pair, ints, levels_of, sides, words_of
from well.matching.columns import Raw
from well.matching.compare import compare
from well.matching.habits import Known
from well.matching.levels import FEATURES, LEVELS

DAY = date(2026, 4, 22).toordinal()
EMPTY = Raw("t")


def reached(feature: str, ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    """The level word of one feature for a source row and a target row."""
    return levels_of(Raw("s", **ours), Raw("t", **theirs))[feature]


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        ("INV204", "inv-204", "equal"),
        ("INV20", "INV 20", "equal, 4 or 5 signs"),
        ("IN20", "in/20", "equal, 4 or 5 signs"),
        ("A20", "a-20", "equal, short"),
        ("7", "7", "equal, short"),
        ("AB1O", "AB10", "equal but for look-alikes"),
        ("A1O", "A10", "different"),
        ("INV2O4", "INV204", "equal but for look-alikes"),
        ("INV-2041", "2041", "same digits"),
        ("INV-002041", "RE 2041", "same digits"),
        ("INV-204", "204", "different"),
        ("2024-2041", "RE2041", "same digits"),
        ("2024-2041", "2025-2041", "another of the same series"),
        ("F20417", "F2041", "different"),
        ("F204178", "F20417", "one slip"),
        ("F2041", "F20417", "different"),
        ("F20417", "F204178", "one slip"),
        ("F2041789", "F20417", "different"),
        ("F204178", "G20417", "different"),
        ("F20417", "F20418", "another of the same series"),
        ("F20417", "G20417", "same digits"),
        ("F20417", "G20418", "different"),
        ("", "F20417", "missing"),
        ("F20417", "", "missing"),
        ("", "", "missing"),
        ("no digit", "no digit", "missing"),
    ],
)
def test_own_numbers_are_compared_in_all_their_forms(ours: str, theirs: str, word: str) -> None:
    assert reached("reference", {"reference": ours}, {"reference": theirs}) == word


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        ({"reference": "F2041"}, {"memo": "paid F2041"}, "in the text"),
        ({"reference": "F204"}, {"memo": "paid F204"}, "missing"),
        ({"memo": "paid F2041"}, {"reference": "F2041"}, "in the text"),
        ({"memo": "paid F2041"}, {"memo": "F2041 thanks"}, "in the text"),
        ({"reference": "F2041"}, {"file_name": "F2041.pdf"}, "in the text"),
        ({"reference": "F2041"}, {"memo": "paid F2042"}, "missing"),
        ({"reference": "F2041"}, {"reference": "F3333", "memo": "of F2041"}, "in the text"),
        ({"reference": "X-9", "memo": "F2041"}, {"reference": "F2041"}, "in the text"),
        ({"reference": "A7", "memo": "F2041"}, {"reference": "A7", "memo": "F2041"}, "in the text"),
        (
            {"reference": "X2041", "memo": "F77123"},
            {"reference": "Y2041", "memo": "F77123"},
            "in the text",
        ),
        (
            {"reference": "AB10", "memo": "F77123"},
            {"reference": "AB1O", "memo": "F77123"},
            "equal but for look-alikes",
        ),
        (
            {"reference": "F2041", "memo": "F77123"},
            {"reference": "F2041", "memo": "F77123"},
            "equal, 4 or 5 signs",
        ),
        (
            {"reference": "F20417", "memo": "F77123"},
            {"reference": "F204178", "memo": "F77123"},
            "in the text",
        ),
    ],
)
def test_a_number_may_stand_in_the_texts_of_the_other(
    ours: dict[str, str], theirs: dict[str, str], word: str
) -> None:
    assert reached("reference", ours, theirs) == word


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        (10_000, 10_000, "equal"),
        (0, 0, "equal"),
        (10_000, 10_001, "cents apart"),
        (10_000, 9_998, "cents apart"),
        (10_000, 9_997, "within 1 %"),
        (10_000, 10_003, "within 1 %"),
        (10_000, 10_100, "within 1 %"),
        (10_000, 9_900, "within 1 %"),
        (10_000, 10_101, "within 3 %"),
        (10_000, 10_300, "within 3 %"),
        (10_000, 9_700, "within 3 %"),
        (10_000, 10_301, "within 6 %"),
        (10_000, 10_600, "within 6 %"),
        (10_000, 9_400, "within 6 %"),
        (10_000, 10_601, "within 12 %"),
        (10_000, 11_200, "within 12 %"),
        (10_000, 8_800, "within 12 %"),
        (10_000, 8_799, "far"),
        (10_000, 11_201, "far"),
        (0, 3, "far"),
        (3, 0, "far"),
        (0, 2, "cents apart"),
        (12_000, 10_000, "net of VAT"),
        (10_000, 12_000, "VAT on top"),
        (10_000, 12_003, "far"),
        (10_000, 5_000, "a half or a third"),
        (10_001, 5_000, "a half or a third"),
        (10_001, 5_001, "a half or a third"),
        (10_002, 5_000, "far"),
        (9_999, 3_333, "a half or a third"),
        (10_001, 3_333, "a half or a third"),
        (10_002, 3_333, "far"),
        (10_002, 3_334, "a half or a third"),
        (9_999, 3_334, "far"),
        (10_000, 20_000, "twice"),
        (10_000, 20_001, "twice"),
        (10_000, 19_999, "twice"),
        (10_000, 20_002, "far"),
        (10_000, 30_000, "far"),
        (10_000, -10_000, "opposite sign"),
        (-10_000, 10_000, "opposite sign"),
        (-10_000, -10_000, "equal"),
        (-10_000, -10_101, "within 3 %"),
        (-10_000, 0, "far"),
        (10_000, None, "missing"),
        (None, 10_000, "missing"),
        (None, -10_000, "missing"),
        (None, None, "missing"),
        (10**15, 10**15, "equal"),
        (10**15, 5 * 10**14, "a half or a third"),
    ],
)
def test_totals_are_compared_to_the_cent(ours: int | None, theirs: int | None, word: str) -> None:
    assert reached("amount", {"amount": ours}, {"amount": theirs}) == word


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        ({"amount": 100}, {"amount": 100, "credit": True}, "opposite sign"),
        ({"amount": 100, "credit": True}, {"amount": 100}, "opposite sign"),
        ({"amount": 100, "credit": True}, {"amount": 100, "credit": True}, "equal"),
        ({"credit": True}, {"amount": 100}, "opposite sign"),
        ({"amount": 100, "currency": "EUR"}, {"amount": 100, "currency": "USD"}, "other currency"),
        ({"amount": 100, "currency": "EUR"}, {"amount": 100, "currency": "eur"}, "equal"),
        ({"amount": 100, "currency": "EUR"}, {"amount": 100}, "equal"),
        ({"amount": 100}, {"amount": 100, "currency": "EUR"}, "equal"),
        ({"currency": "EUR"}, {"amount": 100, "currency": "USD"}, "missing"),
        ({"amount": 100, "currency": "EUR"}, {"amount": -1, "currency": "USD"}, "opposite sign"),
    ],
)
def test_sign_and_currency_come_before_the_figures(
    ours: dict[str, Any], theirs: dict[str, Any], word: str
) -> None:
    assert reached("amount", ours, theirs) == word


@pytest.mark.parametrize("amount", [10_000, 10_001, 10_100, 12_000, 5_000, 20_000, 8_333, 1])
@pytest.mark.parametrize("names", ["", "Algolia"])
def test_no_figure_in_another_currency_is_near(amount: int, names: str) -> None:
    ours = {"amount": 10_000, "net": 8_333, "currency": "EUR", "names": names}
    theirs = {"amount": amount, "currency": "USD", "names": names}
    assert reached("amount", ours, theirs) == "other currency"


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        ({"amount": 11_830, "net": 10_000}, {"amount": 10_000}, "net of VAT"),
        ({"amount": 11_830, "net": 10_000}, {"amount": 10_001}, "far"),
        ({"amount": 10_000}, {"amount": 11_830, "net": 10_000}, "net of VAT"),
        ({"amount": 10_001}, {"amount": 11_830, "net": 10_000}, "far"),
        ({"amount": 5_000, "net": 10_000}, {"amount": 10_000}, "net of VAT"),
        ({"amount": -11_830, "net": -10_000}, {"amount": -10_000}, "net of VAT"),
        ({"amount": -11_830, "net": 10_000}, {"amount": -10_000}, "net of VAT"),
        ({"amount": 11_830, "net": 10_000}, {"amount": None}, "missing"),
        ({"amount": None, "net": 10_000}, {"amount": 10_000}, "missing"),
        ({"amount": 11_830, "net": 10_000}, {"amount": -10_000}, "opposite sign"),
        ({"amount": 10_050, "net": 10_000}, {"amount": 10_000}, "within 1 %"),
        ({"amount": 10_000, "net": 10_000}, {"amount": 10_000, "net": 10_000}, "equal"),
    ],
)
def test_a_net_total_that_is_stated_counts_at_any_rate(
    ours: dict[str, Any], theirs: dict[str, Any], word: str
) -> None:
    assert reached("amount", ours, theirs) == word


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        ("", "", "net of VAT"),
        ("FR", "", "net of VAT"),
        ("", "FR", "net of VAT"),
        ("DE", "", "far"),
        ("", "DE", "far"),
        ("FR", "DE", "net of VAT"),
        ("DE", "FR", "far"),
    ],
)
def test_rates_are_those_of_the_documents_country_else_the_entrys(
    ours: str, theirs: str, word: str
) -> None:
    net = {"amount": 10_000, "country": theirs}
    assert reached("amount", {"amount": 12_000, "country": ours}, net) == word
    book = {"net of VAT": "VAT on top", "far": "far"}
    gross = {"amount": 12_000, "country": theirs}
    assert reached("amount", {"amount": 10_000, "country": ours}, gross) == book[word]


@pytest.mark.parametrize(
    ("others", "word"),
    [
        (0, "equal"),
        (1, "equal, one of 2"),
        (2, "equal, one of 3 to 5"),
        (4, "equal, one of 3 to 5"),
        (5, "equal, one of many"),
    ],
)
def test_an_equal_total_says_less_the_more_candidates_have_it(others: int, word: str) -> None:
    target = [Raw(f"t{n}", names="Algolia", amount=100) for n in range(others + 1)]
    assert levels_of(Raw("s", amount=100), *target)["amount"] == word


@pytest.mark.parametrize(
    ("other", "word", "apart"),
    [
        ({"amount": 100}, "equal, one of 2", "cents apart, one of several"),
        ({"amount": 102}, "equal, one of 2", "cents apart, one of several"),
        ({"amount": 103}, "equal", "cents apart"),
        ({"amount": None}, "equal", "cents apart"),
        ({"amount": -100}, "equal", "cents apart"),
        ({"amount": 100, "credit": True}, "equal", "cents apart"),
        ({"amount": 100, "currency": "USD"}, "equal", "cents apart"),
        ({"amount": 100, "names": "Dupont"}, "equal", "cents apart"),
    ],
)
def test_only_candidates_of_one_supplier_whose_total_fits_are_counted(
    other: dict[str, Any], word: str, apart: str
) -> None:
    source = Raw("s", amount=100, currency="EUR")
    second = Raw("u", **{"names": "Algolia", **other})
    equal, near = (Raw("t", names="Algolia", amount=amount) for amount in (100, 101))
    assert levels_of(source, equal, second)["amount"] == word
    assert levels_of(source, near, second)["amount"] == apart


def test_candidates_of_other_documents_are_not_counted() -> None:
    both = sides([Raw("a", amount=100), Raw("b", amount=900)], [Raw("t", amount=100)] * 2)
    assert words_of(both, "amount") == ["equal, one of 2"] * 2 + ["far"] * 2
    both = sides([Raw("a", amount=100)] * 2, [Raw("t", amount=100)])
    assert words_of(both, "amount") == ["equal", "equal"]


UNLIKE = {"names": "Dupont", "amount": 10_000}


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        ({}, {}, "equal, unlike supplier"),
        ({}, {"amount": 10_002}, "equal, unlike supplier"),
        ({}, {"amount": 10_003}, "within 1 %"),
        ({}, {"names": ""}, "equal"),
        ({}, {"names": "Dupont Conseil"}, "equal"),
        ({"ibans": "DE89370400440532013000"}, {"ibans": "DE89370400440532013000"}, "equal"),
        (
            {"ibans": "DE89370400440532013000"},
            {"ibans": "GB82WEST12345698765432"},
            "equal, unlike supplier",
        ),
        ({"sites": "algolia.com"}, {"sites": "www.algolia.com"}, "equal"),
        ({"sites": "algolia.com"}, {"sites": "qonto.com"}, "equal, unlike supplier"),
        ({"numbers": "FR40303265045"}, {"numbers": "303265045", "country": "FR"}, "equal"),
        ({"numbers": "FR40303265045"}, {"numbers": "303265045"}, "equal"),
        ({"numbers": "FR40303265045"}, {"numbers": "BE0403019261"}, "equal, unlike supplier"),
    ],
)
def test_an_equal_total_of_another_supplier_says_less(
    ours: dict[str, Any], theirs: dict[str, Any], word: str
) -> None:
    assert reached("amount", UNLIKE | ours, {"names": "Algolia", "amount": 10_000} | theirs) == word


@pytest.mark.parametrize(
    ("lag", "word"),
    [
        (-400, "over 31 days before"),
        (-32, "over 31 days before"),
        (-31, "11-31 days before"),
        (-11, "11-31 days before"),
        (-10, "4-10 days before"),
        (-4, "4-10 days before"),
        (-3, "1-3 days before"),
        (-1, "1-3 days before"),
        (0, "same day"),
        (1, "1 day after"),
        (2, "2 days after"),
        (3, "3 days after"),
        (4, "4-7 days after"),
        (7, "4-7 days after"),
        (8, "8-13 days after"),
        (13, "8-13 days after"),
        (14, "14-19 days after"),
        (19, "14-19 days after"),
        (20, "20-27 days after"),
        (27, "20-27 days after"),
        (28, "28-34 days after"),
        (34, "28-34 days after"),
        (35, "35-43 days after"),
        (43, "35-43 days after"),
        (44, "44-50 days after"),
        (50, "44-50 days after"),
        (51, "51-58 days after"),
        (58, "51-58 days after"),
        (59, "59-65 days after"),
        (65, "59-65 days after"),
        (66, "66-88 days after"),
        (88, "66-88 days after"),
        (89, "89-95 days after"),
        (95, "89-95 days after"),
        (96, "over 95 days after"),
        (4000, "over 95 days after"),
    ],
)
def test_the_lag_between_two_days_has_its_bin(lag: int, word: str) -> None:
    assert reached("date", {"day": DAY}, {"day": DAY + lag}) == word


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        ({}, {}, "missing"),
        ({"day": DAY}, {}, "missing"),
        ({}, {"day": DAY}, "missing"),
        ({"due": DAY}, {}, "missing"),
        ({"due": DAY}, {"day": DAY}, "on the due date"),
        ({"due": DAY}, {"day": DAY + 3}, "on the due date"),
        ({"due": DAY}, {"day": DAY - 3}, "on the due date"),
        ({"due": DAY}, {"day": DAY + 4}, "missing"),
        ({"due": DAY}, {"day": DAY - 4}, "missing"),
        ({"due": DAY}, {"due": DAY}, "missing"),
        ({"day": DAY - 30, "due": DAY}, {"day": DAY + 3}, "on the due date"),
        ({"day": DAY - 30, "due": DAY}, {"day": DAY + 4}, "28-34 days after"),
        ({"day": DAY - 2, "due": DAY}, {"day": DAY}, "on the due date"),
        ({"day": DAY, "due": DAY + 2}, {"day": DAY + 1}, "1 day after"),
        ({"day": DAY, "due": DAY + 2}, {"day": DAY}, "same day"),
        ({"day": DAY, "due": DAY + 2}, {"day": DAY - 1}, "on the due date"),
        ({"day": DAY, "due": DAY}, {"day": DAY + 2}, "2 days after"),
    ],
)
def test_an_entry_near_the_due_date_is_on_it(
    ours: dict[str, int], theirs: dict[str, int], word: str
) -> None:
    assert reached("date", ours, theirs) == word


@pytest.mark.parametrize(
    ("lag", "usual", "links", "word"),
    [
        (12, 12, 3, "as usual"),
        (14, 12, 3, "as usual"),
        (10, 12, 3, "as usual"),
        (15, 12, 3, "near the usual day"),
        (17, 12, 3, "near the usual day"),
        (7, 12, 3, "near the usual day"),
        (18, 12, 3, "unlike usual"),
        (6, 12, 3, "unlike usual"),
        (15, 12, 2, "as the time before"),
        (9, 12, 1, "as the time before"),
        (16, 12, 2, "unlike the time before"),
        (8, 12, 1, "unlike the time before"),
        (12, 12, 0, "missing"),
        (-10, 12, 3, "unlike usual"),
        (-11, 12, 3, "missing"),
        (100, 12, 3, "unlike usual"),
        (101, 12, 3, "missing"),
        (-10, 12, 1, "unlike the time before"),
        (101, 101, 1, "missing"),
    ],
)
def test_a_lag_is_told_against_the_suppliers_usual_one(
    lag: int, usual: int, links: int, word: str
) -> None:
    both = sides([Raw("s", day=DAY)], [Raw("t", day=DAY + lag)])
    both = replace(both, habits=Known(ints(usual), ints(links)))
    assert words_of(both, "habit") == [word]


def test_a_habit_says_nothing_of_rows_without_a_day() -> None:
    known = Known(ints(12), ints(3))
    for source, target in ((Raw("s"), Raw("t", day=DAY)), (Raw("s", day=DAY), EMPTY)):
        both = replace(sides([source], [target]), habits=known)
        assert words_of(both, "habit") == ["missing"]


def test_a_habit_leaves_the_date_as_it_is_and_nothing_is_told_without_one() -> None:
    both = sides([Raw("s", day=DAY, due=DAY + 12)], [Raw("t", day=DAY + 12)])
    assert (words_of(both, "date"), words_of(both, "habit")) == (["on the due date"], ["missing"])
    both = replace(both, habits=Known(ints(12), ints(3)))
    assert (words_of(both, "date"), words_of(both, "habit")) == (["on the due date"], ["as usual"])


FR, FR_2, BE = "FR40303265045", "FR83404833048", "BE0403019261"


@pytest.mark.parametrize(
    ("ours", "theirs", "word"),
    [
        (FR, "FR 40 303 265 045", "equal"),
        ((FR, BE), (FR_2, BE), "equal"),
        (FR, "303265045", "same legal person"),
        ("303265045", FR, "same legal person"),
        ("303265045", "303 265 045", "same legal person"),
        (FR, FR_2, "different"),
        (FR, "404833048", "different"),
        ("303265045", "404833048", "different"),
        ("DE136695976", "GB980780684", "missing"),
        ("DE136695976", "DE811907980", "different"),
        (FR, BE, "missing"),
        ((FR, BE), FR_2, "different"),
        ((FR, BE), (FR_2, "DE136695976"), "different"),
        ("831234567", BE, "missing"),
        ("831234567", "831234568", "different"),
        ("DE136695976", "303265045", "missing"),
        (FR, "", "missing"),
        ("", FR, "missing"),
        (FR, "FR40303265046", "missing"),
        ("", "", "missing"),
    ],
)
def test_tax_numbers_name_a_company_or_its_legal_person(
    ours: str | tuple[str, ...], theirs: str | tuple[str, ...], word: str
) -> None:
    assert reached("tax number", {"numbers": ours}, {"numbers": theirs}) == word


DE_ACCOUNT, GB_ACCOUNT = "DE89370400440532013000", "GB82WEST12345698765432"


@pytest.mark.parametrize(
    ("feature", "field", "one", "same", "other", "broken"),
    [
        ("bank account", "ibans", DE_ACCOUNT, "DE89 3704 0044 0532 0130 00", GB_ACCOUNT, "DE1"),
        ("domain", "sites", "algolia.com", "billing@Algolia.com", "qonto.com", "gmail.com"),
        ("phone", "phone", "+33 1 23 45 67 89", "01 23 45 67 89", "+33 1 23 45 67 80", "12"),
        ("country", "country", "FR", "France", "DE", "nowhere"),
    ],
)
def test_what_has_one_spelling_is_equal_different_or_missing(
    feature: str, field: str, one: str, same: str, other: str, broken: str
) -> None:
    found = [
        reached(feature, {field: ours}, {field: theirs})
        for ours, theirs in (
            (one, same),
            (one, other),
            (one, broken),
            (broken, one),
            (broken, broken),
            (one, ""),
            ("", one),
        )
    ]
    assert found == ["equal", "different", *["missing"] * 5]


@pytest.mark.parametrize(("feature", "field"), [("bank account", "ibans"), ("domain", "sites")])
def test_one_value_of_several_is_enough(feature: str, field: str) -> None:
    some = {"ibans": (DE_ACCOUNT, GB_ACCOUNT), "sites": ("algolia.com", "qonto.com")}[field]
    assert reached(feature, {field: some}, {field: some[1]}) == "equal"
    assert reached(feature, {field: some[0]}, {field: some[1]}) == "different"


def test_an_entry_that_another_record_owns_is_taken() -> None:
    both = replace(sides([Raw("a"), Raw("b")], [Raw("c"), Raw("d")]), taken=ints(1 << 32 | 0, 1))
    assert words_of(both, "owner") == ["missing", "taken", "taken", "missing"]


def test_of_two_empty_rows_everything_is_missing() -> None:
    assert set(levels_of(Raw("s"), EMPTY).values()) == {"missing"}


def test_every_feature_is_compared_for_every_pair() -> None:
    both = sides([Raw("s"), Raw("u")], [EMPTY, Raw("v")])
    found = compare(both, *every_pair(both))
    assert set(found) == set(FEATURES)
    assert [levels.tolist() for levels in found.values()] == [[0, 0, 0, 0]] * len(FEATURES)


def test_no_pairs_have_no_levels() -> None:
    found = compare(sides([Raw("s", memo="x", names="y")], [EMPTY]), ints(), ints())
    assert {feature: len(levels) for feature, levels in found.items()} == dict.fromkeys(LEVELS, 0)
