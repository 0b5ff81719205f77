"""From the lines of an optical reader to words: places, slips, scores, and when it is asked."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.scans import line, page_of_rows, scan
from well.documents.reading.ocr_lines import Scan
from well.documents.reading.ocr_page import page_of
from well.documents.reading.pages import Cell, Page, Word
from well.documents.reading.scans import is_scan, scans_not_read
from well.documents.reading.seen import cap
from well.documents.reading.tilt import Tilt


def texts(page: Page) -> list[list[str]]:
    return [[cell.text for cell in row] for row in page.rows]


@given(
    st.integers(0, 3),
    st.floats(-0.1, 0.1),
    st.floats(0, 500),
    st.floats(0, 900),
)
def test_a_place_goes_upright_and_back(quarters: int, angle: float, x: float, y: float) -> None:
    tilt = Tilt(500, 900, quarters, angle)
    back = tilt.shown(tilt.upright((x, y)))
    assert back == pytest.approx((x, y), abs=1e-6)


@pytest.mark.parametrize(
    ("quarters", "upright"), [(0, (10, 20)), (1, (20, 490)), (2, (490, 880)), (3, (880, 10))]
)
def test_a_quarter_turn_moves_the_corner_where_it_should(
    quarters: int, upright: tuple[float, float]
) -> None:
    assert Tilt(500, 900, quarters).upright((10, 20)) == upright


def test_shares_of_a_turned_page_are_those_of_the_page_as_shown() -> None:
    tilt = Tilt(500, 900, 1)
    assert tilt.size == (900, 500)
    x, y = tilt.upright((100, 90))
    x1, y1 = tilt.upright((200, 180))
    assert tilt.share((min(x, x1), min(y, y1), max(x, x1), max(y, y1))) == (0.2, 0.1, 0.4, 0.2)


def test_lines_become_words_at_their_letters() -> None:
    page = page_of(Scan(Tilt(800, 400), (line("Total  12.00", 0, 0),)), 0, points_per_pixel=0.5)
    assert [(w.text, w.x0, w.x1) for row in page.rows for c in row for w in c.words] == [
        ("Total", 0.0, pytest.approx(40)),
        ("12.00", pytest.approx(56), pytest.approx(96)),
    ]


def test_a_skewed_row_is_one_row() -> None:
    slope = math.tan(math.radians(2))
    lines = tuple(line(text, x, 50 + x * slope) for text, x in (("Total", 20), ("9.50", 600)))
    assert texts(page_of(Scan(Tilt(800, 400), lines), 0)) == [["Total"], ["9.50"]]
    level = page_of(Scan(Tilt(800, 400, 0, math.radians(2)), lines), 0)
    assert texts(level) == [["Total", "9.50"]]


def test_a_line_that_stands_at_the_margin_is_left_out() -> None:
    standing = line("Margin", 10, 10)
    tall = ((10.0, 10.0), (30.0, 10.0), (30.0, 300.0), (10.0, 300.0))
    page = page_of(Scan(Tilt(800, 400), (type(standing)(tall, standing.glyphs),)), 0)
    assert page.rows == []


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("l2,5O", "12,50"),
        ("1.2O0,00", "1.200,00"),
        ("Total：", "Total:"),
        ("Rechnungsdatum05.03.2013", "Rechnungsdatum 05.03.2013"),
        ("25/12/20188:13", "25/12/2018 8:13"),
        ("(inkI. USt.)", "(inkl. USt.)"),
        ("USt.-ldentnr.", "USt.-Identnr."),
        ("lBAN", "IBAN"),
        ("IBANIT49X7531317600666807506833", "IBAN IT49X7531317600666807506833"),
        ("N° TVAFR40303265045", "N° TVA FR40303265045"),
        ("DE88 2OO8 0000 0970 3757 00", "DE88 2008 0000 0970 3757 00"),
    ],
)
def test_slips_are_mended_where_the_shape_proves_them(seen: str, read: str) -> None:
    assert texts(page_of_rows(seen)) == [[read]]


@pytest.mark.parametrize(
    "seen",
    [
        "SO.lS",
        "Ole.So",
        "DE88 2OO8 0000 0970 3757 01",
        "B0.50x",
        "Isle of Skye",
        "la 12",
        "AB12345",
    ],
)
def test_what_proves_nothing_stays_as_it_was_seen(seen: str) -> None:
    assert texts(page_of_rows(seen)) == [[seen]]


def test_a_mended_letter_keeps_a_low_score() -> None:
    (word,) = page_of_rows("l2,50").rows[0][0].words
    assert (word.text, word.score) == ("12,50", 0.8)


@pytest.mark.parametrize(
    ("score", "most"),
    [
        (1.0, 0.93),
        (0.97, 0.93),
        (0.969, 0.84),
        (0.9, 0.84),
        (0.899, 0.7),
        (0.75, 0.7),
        (0.749, 0.5),
    ],
)
def test_the_worst_letter_caps_the_confidence(score: float, most: float) -> None:
    assert cap(score) == most


def page(letters: int, images: float = 0.0, layered: float = 0.0, drawn: bool = True) -> Page:
    word = Word("x" * letters, 0, 0, 10, 10)
    return Page(0, 100, 100, [[Cell(0, 0, [word])]], [], images, layered, drawn)


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        (page(39), True),
        (page(40), False),
        (page(39, drawn=False), False),
        (page(299, images=0.5), True),
        (page(300, images=0.5), False),
        (page(299, images=0.49), False),
        (page(900, layered=0.5), True),
        (page(900, layered=0.49), False),
    ],
)
def test_a_page_is_a_scan_when_it_shows_more_than_its_text(made: Page, asked: bool) -> None:
    assert is_scan(made) is asked


def test_more_than_ten_scans_are_a_finding_that_stops() -> None:
    assert scans_not_read(10) == ()
    (finding,) = scans_not_read(11)
    assert (finding.code, finding.stops_auto_post) == ("scans_not_read", True)


def test_an_empty_scan_is_an_empty_page() -> None:
    assert page_of(scan(), 0).rows == []
