"""Facts and cases as JSON, and back.

Invariant: what comes back equals what went in, so a decision can be replayed years later, and a
correction undone. Nothing is stored here.
"""

from typing import Any

from pydantic import TypeAdapter

from well.domain.case import Case
from well.policy import Facts

_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)
_CASE: TypeAdapter[Case] = TypeAdapter(Case)


def facts_json(facts: Facts) -> dict[str, Any]:
    """JSON-able form; leaves out what equals its default."""
    plain: dict[str, Any] = _FACTS.dump_python(facts, mode="json", exclude_defaults=True)
    return plain


def facts_from(plain: dict[str, Any]) -> Facts:
    """The facts again. ValueError when the trail's form is not understood."""
    return _FACTS.validate_python(plain)


def case_text(case: Case) -> str:
    """A whole case as JSON text."""
    return _CASE.dump_json(case).decode()


def case_from(text: str) -> Case:
    """The case again. ValueError when the text is not understood."""
    return _CASE.validate_json(text)
