"""Legal forms whose first word is misspelt: from how many letters on they are still recognised."""

import pytest

from well.matching.names.forms import without_form


@pytest.mark.parametrize(
    ("name", "left", "form"),
    [
        ("zorn gmhb und co kg", "zorn", "GmbH & Co. KG"),
        ("zorn sabi de cv", "zorn", "S.A. de C.V."),
        ("zorn san ve tic as", "zorn", "AŞ"),
        ("zorn sal ve tic as", "zorn sal ve tic", "AS"),
    ],
)
def test_a_slip_is_put_right_in_four_letters_and_not_in_three(
    name: str, left: str, form: str
) -> None:
    words, found = without_form(name.split())
    assert (" ".join(words), found.display if found else "") == (left, form)
