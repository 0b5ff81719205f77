"""What a person can do with a case now: the one main action and the others.

Invariant: only verdicts that `pipeline.judge` takes in the case's state are offered, and every
button names what it does and to which system. Pure.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from well.domain.case import Case, CaseState

OPEN = (CaseState.REVIEW, CaseState.HELD, CaseState.REFUSED)


@dataclass(frozen=True, slots=True)
class Action:
    """One button. `key` presses it, "" for none; `effect` says what it does where its word does
    not."""

    verdict: str
    word: str
    icon: str
    key: str = ""
    entry: str = ""
    tone: str = ""
    effect: str = ""


def main_action(
    case: Case, chosen: str | None, ranked: bool, target: str, mailed: bool = False
) -> Action | None:
    """What `a` does: accept, link to the chosen entry, or post a new one; None when closed.

    `mailed`: it went by mail and may be there, without an entry that is known.
    """
    if case.state not in OPEN:
        return None
    if mailed and chosen is None:
        word = _("I see it in %(target)s") % {"target": target}
        return Action("seen", word, "check", "a", tone="main")
    if case.entry is not None:
        word = _("Accept as it stands in %(target)s") % {"target": target}
        if case.state is CaseState.REVIEW:
            return Action("approve", word, "check", "a", tone="main")
        word = _("Keep the entry in %(target)s as it is") % {"target": target}
        return Action("refuse", word, "check", "a", tone="main")
    if chosen is not None and ranked:
        return Action("link", _("Link to this entry"), "link", "a", chosen, "main")
    if chosen is not None:
        return Action("pin", _("Pin to this entry"), "pin", "a", chosen, "main")
    if case.state is CaseState.HELD:
        return Action("retry", _("Look at it again"), "refresh-cw", "a", tone="main")
    if case.invoice is None:
        return None
    word = _("Post to %(target)s as a new invoice") % {"target": target}
    return Action("approve", word, "arrow-right", "a", tone="main")


def other_actions(case: Case, target: str = "", asked: bool = False) -> tuple[Action, ...]:
    """The remaining verdicts for this state."""
    if asked and case.state in (CaseState.REVIEW, CaseState.HELD):
        word = _("It is not in %(target)s: send it again") % {"target": target}
        return (Action("again", word, "arrow-right", "r", tone="danger"),)
    told = _("nothing is posted; the record is kept and can be reopened.")
    refuse = Action("refuse", _("Refuse"), "ban", "r", tone="danger", effect=told)
    told = _("reads and decides the record once more; nothing is posted over the entry.")
    again = Action("retry", _("Look at it again"), "refresh-cw", effect=told)
    told = _("for an entry that you removed there; the record is refused, not posted again.")
    word = _("The entry is gone from %(target)s") % {"target": target}
    gone = Action("removed", word, "ban", "r", tone="danger", effect=told)
    if case.state is CaseState.REVIEW:
        return (gone,) if case.entry is not None else (refuse,)
    if case.state is CaseState.HELD:
        return (gone, again) if case.entry is not None else (refuse,)
    if case.state is CaseState.REFUSED:
        told = _("puts the record back into the review queue.")
        return (Action("reopen", _("Reopen"), "undo-2", "r", effect=told),)
    return ()
