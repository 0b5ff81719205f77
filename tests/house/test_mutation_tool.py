"""The tool of `make mutation`: its mutants, its samples, and what it says about them."""

from pathlib import Path

from benchmarks.mutation.mutants import mutants
from benchmarks.mutation.report import Figures, Survivor, score, survivors
from benchmarks.mutation.trial import Choice
from benchmarks.mutation.users import users

SOURCE = '''"""Not changed."""

LIMIT: int = 3
__slots__ = ("left",)


def small(n: int, most: int = LIMIT) -> bool:
    """Not changed either."""
    assert n >= 0
    return n < most and n != 5
'''


def test_every_small_change_is_there_once_and_nothing_that_only_people_read() -> None:
    found = [(one.function, one.line, one.mutant) for one in mutants("m", SOURCE)[1]]
    assert found == [
        ("", 3, "LIMIT: int = 4"),
        ("small", 10, "return None"),
        ("small", 10, "return n < most or n != 5"),
        ("small", 10, "return n <= most and n != 5"),
        ("small", 10, "return n >= most and n != 5"),
        ("small", 10, "return n < most and n == 5"),
        ("small", 10, "return n < most and n != 6"),
    ]


def test_a_change_is_made_in_its_own_tree_only() -> None:
    tree, found = mutants("m", SOURCE)
    found[2].change()
    names: dict[str, object] = {}
    exec(compile(tree, "m", "exec"), names)  # noqa: S102
    small = names["small"]
    assert callable(small)
    assert small(9)
    assert [one.key for one in mutants("m", SOURCE)[1]] == [one.key for one in found]


def test_texts_flags_and_statements_are_changed_too() -> None:
    loop = "    for y in x:\n        if not y:\n            break\n        g(y, 'a', True)\n"
    assert {one.mutant for one in mutants("m", "def f(x):\n" + loop)[1]} == {
        "if y:",
        "continue",
        "pass",
        "g(y, 'XXa', True)",
        "g(y, 'a', False)",
    }


def test_a_name_is_followed_through_the_names_made_from_it() -> None:
    source = "A = 1\nB = A\n\n\nclass C:\n    n: int = B\n\n    def f(self):\n        return B\n"
    lines, names = users({Path("one.py"): source}, ()).of({"A"})
    assert names == {"A", "B", "C", "n"}
    assert lines == {("one.py", 9)}


def test_the_sample_depends_on_the_seed_and_the_module_alone() -> None:
    choice = Choice(("policy",), 5, 7)
    assert choice.among("policy/a", 100) == choice.among("policy/a", 100)
    assert choice.among("policy/a", 100) != choice.among("policy/b", 100)
    assert choice.among("policy/a", 5) == [0, 1, 2, 3, 4]
    assert Choice(sample=None).among("policy/a", 3) == [0, 1, 2]


def test_a_folder_stands_for_the_modules_in_it() -> None:
    choice = Choice(("policy", "matching/bits"))
    assert choice.wants("policy/limit")
    assert choice.wants("matching/bits")
    assert not choice.wants("matching/bits_and_more")
    assert Choice().wants("matching/bits_and_more")


def test_the_score_counts_a_survivor_whatever_its_reason() -> None:
    lost = Survivor(3, "f", "n < 1", "n <= 1")
    found = [
        Figures("a", "2026-01-01", 1, 30, 10, (lost,)),
        Figures("b", "2026-01-01", 1, 10, 10, ()),
    ]
    assert score(found) == [
        "noticed 19 of 20 tried (40 in all): 95.0%, at least 78.4% with 95 % certainty "
        "(bar >= 90 %: met)",
        "each module counted by its mutants: 92.5%",
    ]
    reasons: dict[tuple[str, ...], str] = {("a", "f", "n < 1", "n <= 1"): "n is never 1"}
    assert survivors(found, reasons)[0] == "- a.py:3 f: n is never 1"
    assert survivors(found, {})[0] == "- a.py:3 f: **open**"
