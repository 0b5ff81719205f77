"""What a careful accountant would want done with each kind of booking.

Invariant: every scenario of the plan and the mess has a verdict. Judged like a person who answers
for the books, not like any program: what looks wrong on paper goes to a person.
"""

from dataclasses import dataclass

POSTED = ("posted",)
LINKED = ("linked",)
PERSON = ("review", "held")
EITHER = ("posted", "review", "held")
ONE_OF_TWO = ("posted", "linked", "review", "held", "refused")
STATES = ("posted", "linked", "review", "refused", "held", "ignored", "failed")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ok` are the right final states; `postable`: wanted at the target without being asked."""

    ok: tuple[str, ...]
    postable: bool
    why: str


def _wanted(why: str) -> Verdict:
    return Verdict(POSTED, True, why)


def _asked(why: str, *more: str) -> Verdict:
    return Verdict((*PERSON, *more), False, why)


VERDICTS: dict[str, Verdict] = {
    "normal": _wanted("a clean bill with its PDF"),
    "recurring": _wanted("the monthly invoice of equal amount; its number tells it apart"),
    "foreign_currency": _wanted("a clean bill in another currency"),
    "yen": _wanted("a clean bill in a currency without decimals"),
    "facturx": _wanted("page, XML and books agree"),
    "scan": _wanted("clean in the books; the page is only an image"),
    "no_file": _wanted("clean in the books; a marked rendition is sent"),
    "two_attachments": _wanted("the invoice and a delivery note; the invoice is sent"),
    "vendor_credit": _wanted("the supplier's credit note with its page"),
    "short_number": _wanted("a three-digit number, but everything else agrees"),
    "same_number": _wanted("two suppliers happen to use one number"),
    "number_on_page_only": _wanted("the number was not typed in, the page shows it"),
    "decoy_recurring": _wanted("Qonto has another month of the same amount: not this one"),
    "decoy_sibling": _wanted("Qonto has an invoice of a supplier with nearly the same name"),
    "new": _wanted("a clean bill that came after the first sync"),
    "present": Verdict(LINKED, True, "already in Qonto"),
    "present_spelling": Verdict(LINKED, True, "already in Qonto under another spelling"),
    "present_cents": Verdict(LINKED, True, "already in Qonto, read there a few cents off"),
    "present_number_form": Verdict(LINKED, True, "already in Qonto, number written differently"),
    "present_unread": Verdict(
        ("linked", "review", "held"), False, "already in Qonto, where nobody has read it yet"
    ),
    "no_number": Verdict(EITHER, False, "no number in the books nor on the page"),
    "large_amount": Verdict(EITHER, False, "above 100,000: many would like to see it first"),
    "text_file": Verdict(EITHER, False, "a text file hangs where the invoice should"),
    "twice": Verdict(ONE_OF_TWO, False, "entered twice: one of the two may go out, never both"),
    "twice_number_form": Verdict(ONE_OF_TWO, False, "entered twice, number typed differently"),
    "twice_other_card": Verdict(ONE_OF_TWO, False, "entered twice, under two vendor records"),
    "total_differs": _asked("the page's total is not the booked one"),
    "iban_changed": _asked("the page asks to pay to another account than before"),
    "new_iban": _asked("a new bill asks to pay to another account than before"),
    "xml_differs": _asked("the embedded XML's total is not the page's"),
    "encrypted": _asked("the PDF is locked"),
    "broken": _asked("the PDF is cut off"),
    "huge": _asked("the PDF is above the 10 MB that Qonto takes", "failed"),
    "future_date": _asked("booked a year ahead of what the page says"),
    "outside_window": Verdict(("ignored", "held"), False, "older than three years"),
}

AFTER: dict[str, tuple[str, ...]] = {
    "amount": PERSON,
    "number": PERSON,
    "deleted": PERSON,
    "late_file": EITHER,
}
"""The right states after the second act, where it changes them. Being paid is no change."""
