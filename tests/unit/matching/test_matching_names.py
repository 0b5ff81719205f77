"""Names as they are typed: folding, words, legal forms, numbers, merchants on card statements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from well.matching.names import RARE, parse, word_weight
from well.matching.names.card import merchant
from well.matching.names.parsing import Name
from well.matching.names.weights import known
from well.matching.text import TEXT_MAX, fold, plain_words, squeeze
from well.matching.words import FORMS


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L'Été & Cie S.A.S.", "l ete cie sas"),
        ("  Two   blanks ", "two blanks"),
        ("snake_case", "snake case"),
        ("Ørsted A/S", "orsted a s"),
        ("Æsir Þór", "aesir thor"),
        ("Łódź", "lodz"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Türk Hava Yolları", "turk hava yollari"),
        ("Газпром нефть", "gazprom neft"),
        ("Щука Йод Ёлка їжак", "shchuka yod elka izhak"),
        ("Ελλάδα Ψυχή ουζο", "ellada psychi ouzo"),
        ("McDonald's", "mcdonald"),
        ("Macy’s", "macy"),
        ("B. V.", "bv"),
        ("S.p.A", "spa"),
        ("Foo.Bar", "foo bar"),
        ("株式会社トヨタ", "株式会社 トヨタ"),
    ],
)
def test_text_is_folded_to_plain_latin_words(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert squeeze(squeeze(text)) == squeeze(text)


def test_a_huge_text_is_cut() -> None:
    assert fold("a" * 1_000_000) == "a" * TEXT_MAX
    assert TEXT_MAX == 400


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("V & J Day Care", ["vj", "day", "care"]),
        ("E V", ["ev"]),
        ("A B Foo C D", ["ab", "foo", "cd"]),
        ("A Foo", ["a", "foo"]),
        ("A Foo B", ["a", "foo", "b"]),
        ("A 1 B 2", ["a", "1", "b", "2"]),
        ("Foo Bar", ["foo", "bar"]),
    ],
)
def test_letters_alone_in_a_row_are_one_word(text: str, words: list[str]) -> None:
    assert plain_words(text) == words


@pytest.mark.parametrize(
    ("text", "core", "form"),
    [
        ("Algolia SAS", "algolia", "sas"),
        ("SARL Dupont & Fils", "dupont fils", "sarl"),
        ("Müller Gesellschaft mit beschränkter Haftung", "muller", "gmbh"),
        ("Muster GmbH & Co. KG", "muster", "gmbhcokg"),
        ("Goldman Sachs & Co. LLC", "goldman sachs", "llc"),
        ("Acme Company", "acme", "co"),
        ("Siemens Aktiengeselschaft", "siemens", "ag"),
        ("SiemensGmbH", "siemens", "gmbh"),
        ("Missiles Joint Stock Compan", "missiles", "jsc"),
        ("Missiles Joynt Stock Company", "missiles", "jsc"),
        ("ООО АЯС 2000", "ayas 2000", "ooo"),
        ("АО Ромашка", "romashka", "jsc"),
        ("Societatea cu Răspundere Limitată PRO TRAFFIC", "pro traffic", "srl"),
        ("Fuji B.V., Tilburg", "fuji tilburg", "bv"),
        ("Foo Sp. z o.o.", "foo", "spzoo"),
        ("Foo S. de R.L. de C.V.", "foo", "sderl"),
        ("株式会社トヨタ", "トヨタ", "kk"),
        ("AS Conseil", "as consulting", None),
        ("SAS Dupont", "dupont", "sas"),
        ("Zorrosarl", "zorro", "sarl"),
        ("Zorro Aktiengesellschaft", "zorro", "ag"),
        ("Zorro Aktixxxesellschaft", "zorro aktixxxesellschaft", None),
        ("Zorro Limitedd", "zorro", "ltd"),
        ("Zorro Joyntt Stock Company", "zorro joyntt stock", "co"),
        ("SAS", "sas", None),
        ("GmbH Ltd", "gmbh", "ltd"),
        ("The", "the", None),
        ("", "", None),
    ],
)
def test_a_name_is_its_core_and_its_legal_form(text: str, core: str, form: str | None) -> None:
    name = parse(text)
    assert (name.core, name.form) == (core, form)
    assert name.compact == core.replace(" ", "")


def test_one_form_has_three_levels_and_countries() -> None:
    form = FORMS[("pte", "ltd")]
    assert (form.display, form.compare, form.kind) == ("Pte. Ltd.", "ltd", "limited")
    assert form.countries == ("SG",)
    assert parse("Foo Pte Ltd").countries == ("SG",)
    assert parse("Foo").countries == ()


def test_where_a_form_is_used_is_no_part_of_the_name() -> None:
    assert parse("Foo Pte Ltd") == parse("Foo Pty Ltd")
    assert len(FORMS) > 700


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("Brigade Forty-Four", "brigade 44"),
        ("Brigade Forty 4", "brigade 44"),
        ("Forty 12", "40 12"),
        ("Fund VIII", "fund 8"),
        ("Fund V", "fund 5"),
        ("V Fund", "v fund"),
        ("II Fund", "ii fund"),
        ("Site V Bis", "site v bis"),
        ("Zorro 007", "zorro 7"),
        ("Zero 00", "zero 0"),
        ("3rd Street", "3 street"),
    ],
)
def test_numbers_are_digits_however_written(text: str, core: str) -> None:
    assert parse(text).core == core


def test_short_numbers_tell_apart_and_long_ones_do_not() -> None:
    assert parse("Site 1234 12345").numbers == {"1234"}
    assert parse("Site").numbers == frozenset()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("PAYPAL *ADOBE", "ADOBE"),
        ("SQ *BLUE BOTTLE", "BLUE BOTTLE"),
        ("AMZN Mktp US*2K4AB1", "AMZN Mktp US"),
        ("PAYPAL *1234", "PAYPAL "),
        ("UBER *TRIP", "UBER *TRIP"),
        ("* AGILENT", "* AGILENT"),
        ("Adobe", "Adobe"),
    ],
)
def test_the_merchant_stands_behind_the_star_of_a_processor(text: str, left: str) -> None:
    assert merchant(text) == left


def test_a_merchant_is_parsed_without_its_processor() -> None:
    assert parse("PAYPAL *ADOBE Inc").core == "adobe"
    assert parse("AMZN Mktp US*2K4AB1").core == "amazon marketplace usa"


@pytest.mark.parametrize(
    ("word", "weight"),
    [
        ("services", 0.2),
        ("bank", 0.4),
        ("paris", 0.45),
        ("martin", 0.7),
        ("sepa", 0.1),
        ("algolia", 1.0),
        ("zqwx", 1.0),
        ("zqw", 0.85),
        ("zq", 0.6),
        ("z", 0.3),
        ("1234", 0.5),
        ("12345", 0.2),
        ("zqwxgesellschaft", 0.6),
    ],
)
def test_words_weigh_by_how_common_they_are(word: str, weight: float) -> None:
    assert word_weight(word) == weight


def test_words_of_a_list_are_known_and_others_are_not() -> None:
    assert known("bank")
    assert not known("algolia")
    assert RARE == 0.6


def test_the_rare_words_of_a_name_come_longest_first() -> None:
    assert parse("Zora Algolia Services 2000 Zara").rare == ("algolia", "zara", "zora")


def test_weights_follow_the_words() -> None:
    assert parse("Algolia Services").weights == (1.0, 0.2)


@given(st.text(max_size=60))
def test_any_text_with_a_letter_keeps_a_word(text: str) -> None:
    name = parse(text)
    assert isinstance(name, Name)
    assert bool(name.words) == bool(fold(merchant(text)))
    assert len(name.words) == len(name.weights)
    assert all(0 < weight <= 1 for weight in name.weights)
