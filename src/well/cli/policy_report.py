"""The result of a policy simulation as lines of text and as JSON.

Invariant: both tell the same figures; amounts are exact and never lose their currency. Pure.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from well.domain.decision import Rules
from well.domain.flow import Flow
from well.domain.money import Money
from well.domain.rule import Rule
from well.policy.simulate import Changed, Checked, Move, Simulation
from well.web.pages.rule_form import asks, values_of_rule

NAME_WIDTH = 28


def lines(
    flow: Flow, rules: Rules, days: int, result: Simulation, unreadable: int
) -> Iterator[str]:
    """What a person reads."""
    yield f"{flow.name}: the last {days} days, {result.decided} decisions"
    changes = list(_rule_changes(flow.rules, rules))
    yield from (f"  {name}: {old} -> {new}" for name, old, new in changes)
    orders = flow.rules.exceptions, rules.exceptions
    if orders[0] != orders[1]:
        yield from map(_order_line, ("now", "then"), orders)
    elif not changes:
        yield "  No rule was changed."
    if not result.decided:
        yield "Nothing was decided in this time, so nothing would have come out otherwise."
        return
    yield ""
    yield f"  {'before':<8}    {'after':<8} {'records':>8}  totals"
    yield from map(_move_line, result.moves)
    yield ""
    yield f"{result.changed} of {result.decided} would have come out otherwise."
    yield f"Decided alone before: {precision(result.checked_before)}."
    yield f"Decided alone after: {precision(result.checked_after)}."
    yield from _notes(result, unreadable)
    yield from _examples(result)


def _rule_changes(before: Rules, after: Rules) -> Iterator[tuple[str, str, str]]:
    for one in fields(Rules):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if old != new and one.name != "exceptions":
            yield one.name, _rule_text(old), _rule_text(new)


def _order_line(when: str, rules: tuple[Rule, ...]) -> str:
    named = (f"{n} “{rule.name}”: {asks(rule)}" for n, rule in enumerate(rules, 1))
    return f"  rules for some records, {when}: {'; '.join(named) or 'none'}"


def _rule_text(value: object) -> str:
    return "none" if value is None else str(value)


def _move_line(move: Move) -> str:
    arrow = "   " if move.before is move.after else "-> "
    totals = ", ".join(map(str, move.amounts))
    return f"  {move.before:<8} {arrow}{move.after:<8} {move.count:>8}  {totals}"


def precision(checked: Checked) -> str:
    """How many of the decisions without a person held, as far as a person has looked."""
    if checked.lower is None:
        return "no judgements yet"
    share = checked.right / checked.checked
    return (
        f"{checked.right} of {checked.checked} that a person judged were right "
        f"({share:.1%}, at least {checked.lower:.1%} with 95 % confidence)"
    )


def _notes(result: Simulation, unreadable: int) -> Iterator[str]:
    if result.unlike:
        yield (
            f"{result.unlike} had come out otherwise under earlier limits or an earlier policy; "
            "“before” is what today's rules say of them."
        )
    if result.nameless:
        yield (
            f"{result.nameless} were kept before rules existed and tell neither kind nor stream, "
            "so no rule about those is met by them."
        )
    if unreadable:
        yield f"{unreadable} could not be read back and are left out."


def _examples(result: Simulation) -> Iterator[str]:
    if not result.examples:
        return
    yield ""
    yield f"The newest {len(result.examples)} that would change (well explain RECORD tells all):"
    for one in result.examples:
        who = f"{one.supplier} {one.number}".strip()[:NAME_WIDTH]
        total = one.amount or ""
        yield f"  {one.record}  {who:<{NAME_WIDTH}} {total!s:>16}  {one.before} -> {one.after}"
        yield f"      {one.reason}"


def as_json(
    flow: Flow, rules: Rules, days: int, result: Simulation, unreadable: int
) -> dict[str, Any]:
    """What a program reads. Amounts are text with their currency."""
    changes = _rule_changes(flow.rules, rules)
    return {
        "flow": flow.id,
        "days": days,
        "rules": {name: {"before": old, "after": new} for name, old, new in changes},
        "exceptions": {
            "before": [values_of_rule(rule) for rule in flow.rules.exceptions],
            "after": [values_of_rule(rule) for rule in rules.exceptions],
        },
        "decided": result.decided,
        "changed": result.changed,
        "unlike": result.unlike,
        "nameless": result.nameless,
        "unreadable": unreadable,
        "moves": [_move_json(move) for move in result.moves],
        "examples": [_example_json(one) for one in result.examples],
        "checked_before": _checked_json(result.checked_before),
        "checked_after": _checked_json(result.checked_after),
    }


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "before": move.before.value,
        "after": move.after.value,
        "records": move.count,
        "totals": [_amount(total) for total in move.amounts],
    }


def _amount(total: Money) -> dict[str, str]:
    return {"amount": str(total.decimal), "currency": total.currency}


def _example_json(one: Changed) -> dict[str, Any]:
    return {
        "record": one.record,
        "case": one.case,
        "supplier": one.supplier,
        "number": one.number,
        "total": _amount(one.amount) if one.amount else None,
        "before": one.before.value,
        "after": one.after.value,
        "reason": one.reason,
    }


def _checked_json(checked: Checked) -> dict[str, Any]:
    return {
        "right": checked.right,
        "checked": checked.checked,
        "lower_bound": checked.lower,
    }
