"""Single letters of other scripts: what each one is read as."""

import pytest

from well.matching.text import fold

CYRILLIC = {
    **dict(zip("абвгдезийклмнопрстуфыэё", "abvgdeziyklmnoprstufyee", strict=True)),
    **dict(zip("іїєґўјћәғқңөұүһ", "iiegujcagknouuh", strict=True)),
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ь": "",
    "ђ": "dj",
    "љ": "lj",
    "њ": "nj",
    "џ": "dz",
}
GREEK = {
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
    "θ": "th",
    "χ": "ch",
    "ψ": "ps",
    "ου": "ou",
    "ά": "a",
}
LATIN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ı": "i",
    "é": "e",
    "ß": "ss",
    "ç": "c",
}


@pytest.mark.parametrize("read_as", [CYRILLIC, GREEK, LATIN])
def test_each_letter_is_read_as_latin_ones_in_small_and_in_capitals(
    read_as: dict[str, str],
) -> None:
    assert {letter: fold(f"q{letter}q") for letter in read_as} == {
        letter: f"q{latin}q" for letter, latin in read_as.items()
    }
    capitals = {letter: latin for letter, latin in read_as.items() if letter not in "ıç"}
    assert {letter: fold(f"Q{letter.upper()}Q") for letter in capitals} == {
        letter: f"q{latin}q" for letter, latin in capitals.items()
    }
