"""Facts as JSON for the trail, and back.

Invariant: what comes back equals what went in, so a decision can be replayed years later.
"""

from typing import Any

from pydantic import TypeAdapter

from well.policy import Facts

_FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)


def facts_json(facts: Facts) -> dict[str, Any]:
    """JSON-able form; leaves out what equals its default."""
    plain: dict[str, Any] = _FACTS.dump_python(facts, mode="json", exclude_defaults=True)
    return plain


def facts_from(plain: dict[str, Any]) -> Facts:
    """The facts again. ValueError when the trail's form is not understood."""
    return _FACTS.validate_python(plain)
