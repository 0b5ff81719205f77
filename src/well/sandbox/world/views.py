"""The company's books in another provider's words: the same records under its own names and ids.

Invariant: a view renames and reshapes, it never invents, drops or judges a bill: the truth keeps
one row for each bill and credit, whichever provider serves them. It knows no provider: each
stand-in that serves the books as a source brings its own view.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from well.sandbox.kit.company import Body, Company
from well.sandbox.world.judgement import AFTER

Key = tuple[str, str]
Record = tuple[str, Body]
Step = tuple[str, str, Body]


@dataclass(frozen=True, slots=True)
class View:
    """How one provider tells the books. All functions are pure.

    `record` names a bill or credit: QuickBooks' (entity, id) to the provider's own. `objects` and
    `later` rewrite QuickBooks-shaped bodies and the steps of the second act; each body that comes
    out has its id where `id_of` finds it. `entry` names an entry at the target of the pair, and
    `change` what the second act does to a record there (empty: nothing that anybody would see).
    Bodies that `promised` leaves out are served, but nobody promised to read them.
    """

    source: str
    record: Callable[[str, str], Key]
    objects: Callable[[Iterable[Record]], Iterator[Record]]
    later: Callable[[Iterable[Step]], Iterator[Step]]
    id_of: Callable[[str, Body], str]
    entry: Callable[[str], str] = str
    change: Callable[[str], str] = str
    promised: Callable[[str, Body], bool] = lambda entity, body: True  # noqa: ARG005


def truth_as(view: View, company: Company) -> dict[str, Any]:
    """The company's truth as `view` names its records; the form is that of `World.truth`."""
    truth = company.truth()
    records = [_renamed(record, view) for record in truth["records"]]
    outside = {_key(record) for record in records if not record.get("in_window", True)}
    first = Counter(
        entity
        for entity, body in view.objects(company.quickbooks_objects())
        if (entity, view.id_of(entity, body)) not in outside and view.promised(entity, body)
    )
    added = Counter(e for op, e, _ in view.later(company.second_act()) if op == "create")
    return truth | {
        "source": view.source,
        "records": records,
        "expected": dict(first),
        "expected_after": dict(first + added),
        "entries": {view.entry(id): document for id, document in truth["entries"].items()},
    }


def _key(record: Body) -> Key:
    return record["entity"], record["id"]


def _renamed(record: Body, view: View) -> Body:
    entity, id = view.record(record["entity"], record["id"])
    entry = record["entry"]
    named = record | {"entity": entity, "id": id, "entry": entry and view.entry(entry)}
    change = view.change(named.pop("change", ""))
    if change not in AFTER:
        named.pop("ok_after", None)
    return named | ({"change": change} if change else {})
