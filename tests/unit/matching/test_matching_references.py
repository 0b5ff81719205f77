"""Invoice numbers written otherwise, and the numbers that a text speaks of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.references import (
    MEMO_MAX,
    MENTIONED_MAX,
    PLAIN_MAX,
    VERSION,
    Reference,
    in_text,
    mentioned,
    one_slip,
    plain_of,
    reference,
    strong,
)


def known(text: str) -> Reference:
    ref = reference(text)
    assert ref is not None
    return ref


def plains(text: str) -> list[str]:
    return [ref.plain for ref in mentioned(text)]


def test_the_rules_have_a_version() -> None:
    assert VERSION == "references-2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("INV-2026-04-100", ("INV202604100", "1NV202604100", "202604100", "4100")),
        ("2026/04 100", ("202604100", "202604100", "202604100", "4100")),
        ("2026-00457", ("202600457", "202600457", "202600457", "")),
        ("2026-01457", ("202601457", "202601457", "202601457", "1457")),
        ("RE 0031457/2026", ("RE00314572026", "RE00314572026", "314572026", "31457")),
        ("1899-1457", ("18991457", "18991457", "18991457", "18991457")),
        ("2026-2025", ("20262025", "20262025", "20262025", "2025")),
        ("2026", ("2026", "2026", "2026", "2026")),
        ("000123", ("000123", "000123", "", "")),
        ("0001234", ("0001234", "0001234", "1234", "1234")),
        ("fa-oilszbg1", ("FAOILSZBG1", "FA01152861", "", "")),
        ("№ É-12", ("NOE12", "N0E12", "", "")),
        ("Счёт 77-1234", ("SCHET771234", "5CHET771234", "771234", "771234")),
        ("٣٤٥٦", ("3456", "3456", "3456", "3456")),
        ("発票1234", ("1234", "1234", "1234", "1234")),
    ],
)
def test_the_forms_of_a_number(text: str, expected: tuple[str, str, str, str]) -> None:
    ref = known(text)
    assert ref[:4] == expected
    assert plain_of(text) == ref.plain


@pytest.mark.parametrize(
    ("text", "shape"), [("FA2026-031", "FA#######"), ("a1b22", "A#B##"), ("700", "###")]
)
def test_the_shape_keeps_letters_and_places(text: str, shape: str) -> None:
    assert known(text).shape == shape


@pytest.mark.parametrize("text", ["", "no digits", "---", None, "1" * (PLAIN_MAX + 1)])
def test_what_cannot_be_compared_is_missing(text: str | None) -> None:
    assert reference(text) is None
    assert plain_of(text or "") == ""


def test_a_number_may_have_64_signs() -> None:
    assert known("1-" * PLAIN_MAX).plain == "1" * PLAIN_MAX
    assert plain_of("1" * PLAIN_MAX) == "1" * PLAIN_MAX


@pytest.mark.parametrize(
    ("text", "expected"),
    [("AB1234", True), ("A1234", False), ("ABC123", False), ("123456", True), ("12345", False)],
)
def test_a_strong_number_has_six_signs_and_four_digits(text: str, expected: bool) -> None:
    assert strong(known(text)) is expected


def test_a_longer_number_in_a_file_name_is_another_one() -> None:
    number = known("2026041")
    assert not in_text(number, "20260412.pdf")
    assert not in_text(number, "12026041.pdf")
    assert in_text(number, "scan 2026041.pdf")
    assert in_text(number, "Facture_20260701_2026-04_1.pdf")
    assert in_text(known("re-4711-x"), "scan re 4711/x")
    assert not in_text(known("A1234"), "A1234")


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("INV123", "INV1234", True),
        ("INV1234", "INV123", True),
        ("NV1234", "INV1234", True),
        ("IN1234", "INV1234", True),
        ("INV12", "INV123", False),
        ("INV123", "INV12345", False),
        ("INV123", "INV124", False),
        ("INV123", "INV123", False),
        ("INV123", "XNV1234", False),
    ],
)
def test_a_slip_is_one_sign_more_or_less(a: str, b: str, expected: bool) -> None:
    assert one_slip(a, b) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RE 2024-0031, 0032 and F-77", ["RE20240031", "20240031", "0032", "RE20240032", "F77"]),
        ("invoices 1001 1002;1003", ["1001", "1002", "1003"]),
        ("0031,0032", ["0031", "0032"]),
        ("facture n°4567", ["4567"]),
        ("NO 4567", ["4567"]),
        ("RE. 4567", ["RE4567", "4567"]),
        ("re 4567", ["4567"]),
        ("ABCDE 4567", ["4567"]),
        ("ABCD 4567", ["ABCD4567", "4567"]),
        ("RE X4567", ["X4567"]),
        ("#4567 (paid)", ["4567"]),
        ("ref=ABC1234", ["ABC1234"]),
        ("M C 1b097ab5 CH", ["C1B097AB5", "1B097AB5"]),
        ("F2024-17/F2024-18", ["F202417F202418", "F202417", "F202418"]),
        ("12/3456", ["123456"]),
        ("A12/34567", ["A1234567", "34567"]),
        ("2024-0031 0032 x 2024", ["20240031", "0032", "20240032"]),
        ("20240031 0032", ["20240031", "0032"]),
        ("AB31 32/777", ["AB31", "32777"]),
        ("INV-100--quickbooks-bill-145.pdf", ["INV100", "BILL145"]),
        (
            "Facture_20260701_2026-04_1.pdf",
            ["FACTURE202607012026041", "202607012026041", "2026041", "20260701", "202604"],
        ),
    ],
)
def test_a_text_speaks_of_numbers(text: str, expected: list[str]) -> None:
    assert plains(text) == expected


@pytest.mark.parametrize(
    "noise",
    [
        "",
        "no digits",
        "paid 12.50",
        "paid 1.234,56",
        "paid 1,234",
        "paid -12,5",
        "paid 1234 EUR",
        "paid 1234 euros",
        "EUR 1234",
        "€1234",
        "1234€",
        "1234.5 USD",
        "1 234,56 EUR",
        "100 %",
        "100%",
        "12.5%",
        "20/11/2026",
        "11/20/2026",
        "20.11.26",
        "2026-11-20",
        "26-11-20",
        "20 Nov 2026",
        "20Nov2026",
        "Nov 20, 2026",
        "11/2026",
        "2026/11",
        "in 2026",
        "at 12:30",
        "12h30",
        "12:30:59",
        "tel 0123456789",
        "Tel.: 0123 456789",
        "+33 1 23 45 67 89",
        "+49 30 1234567",
        "+33123456789",
        "01 23 45 67 89",
        "01.23.45.67.89",
        "card XXXX1234",
        "card ***1234",
        "a1234@example.org",
        "https://example.org/1234",
        "www.example.org/1234",
        "FR76 3000 6000 0112 3456 7890 189",
        "DE89370400440532013000",
        "12",
        "A1",
        "no. 7",
    ],
)
def test_what_is_seen_to_be_something_else_is_no_number(noise: str) -> None:
    assert plains(noise) == []
    assert plains(f"{noise}; INV-4711") == ["INV4711"]


@pytest.mark.parametrize(
    "unit",
    [
        "eur",
        "euro",
        "euros",
        "usd",
        "gbp",
        "chf",
        "cad",
        "aud",
        "jpy",
        "sek",
        "nok",
        "dkk",
        "pln",
        "czk",
        "€",
        "$",
        "£",
        "¥",
        "%",
        "pct",
        "Percent",
        "pourcent",
        "prozent",
        "EUR",
    ],
)
def test_what_stands_beside_a_unit_is_an_amount(unit: str) -> None:
    assert plains(f"4711 {unit}") == []
    assert plains(f"{unit} 4711") == []
    assert plains(f"4711 {unit} 4712") == ["4712"]
    assert plains(f"A4711 {unit}") == ["A4711"]


@pytest.mark.parametrize(
    "word",
    ["tel", "tél", "phone", "fax", "mob", "mobile", "telefon", "téléphone", "telephone", "Tel"],
)
def test_what_follows_a_telephone_is_its_number(word: str) -> None:
    assert plains(f"{word} 4711 4712") == []
    assert plains(f"{word} 4711 or 4712") == ["4712"]


@pytest.mark.parametrize("word", ["NO", "NR", "NUM", "REF", "ID", "DU", "DE", "OF", "THE", "FROM"])
def test_a_word_that_says_nothing_is_no_part_of_a_number(word: str) -> None:
    assert plains(f"{word} 4711") == ["4711"]


@pytest.mark.parametrize(
    "ending", ["pdf", "xml", "jpg", "jpeg", "png", "tif", "tiff", "zip", "eml", "PDF"]
)
def test_the_ending_of_a_file_is_no_part_of_a_number(ending: str) -> None:
    assert plains(f"4711.{ending}") == ["4711"]


def test_only_a_valid_account_is_left_out() -> None:
    assert plains("FR76 3000 6000 0112 3456 7890 188")[:2] == ["FR76", "3000"]


def test_short_numbers_count_with_a_letter_only() -> None:
    assert plains("123") == ["123"]
    assert plains("12") == []
    assert plains("F12") == ["F12"]
    assert plains("F1") == []


def test_a_number_is_named_once() -> None:
    assert plains("4711 4711 4711") == ["4711"]


def test_a_text_names_forty_numbers_at_the_most() -> None:
    text = " ".join(str(n) for n in range(3000, 3100))
    assert len(mentioned(text)) == MENTIONED_MAX == 40
    assert plains(text)[-1] == "3039"


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert plains(" " * (MEMO_MAX - 4) + "4711") == ["4711"]
    assert plains(" " * MEMO_MAX + "4711") == []


@given(st.text(max_size=40))
def test_canonicalising_twice_gives_the_same(text: str) -> None:
    ref = reference(text)
    if ref is not None:
        again = known(ref.plain)
        assert (again.plain, again.folded, again.shape) == (ref.plain, ref.folded, ref.shape)
        assert known(ref.folded).folded == ref.folded


@given(st.text(max_size=80) | st.text("RE-/_0123 4,.#:€", max_size=60))
def test_no_text_breaks_the_search(text: str) -> None:
    found = mentioned(text)
    assert len(found) == len(set(found)) <= MENTIONED_MAX


@given(st.lists(st.integers(1000, 1899), min_size=1, max_size=10, unique=True))
def test_every_number_of_a_list_is_found(numbers: list[int]) -> None:
    assert plains(", ".join(map(str, numbers))) == [str(number) for number in numbers]
