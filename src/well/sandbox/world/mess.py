"""The mess of real books: each scenario finds clean bookings that suit it and spoils them.

Invariant: a booking gets at most one scenario, so its verdict is clear; every scenario happens at
least once when there are bookings for it. Shares are of the number of bills.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from well.sandbox.world import already, twins
from well.sandbox.world.chance import stream
from well.sandbox.world.checkdigits import any_iban
from well.sandbox.world.desk import Desk, Turn
from well.sandbox.world.model import Booking, Form

CLEAN = frozenset({"normal", "recurring", "foreign_currency", "yen"})


@dataclass(frozen=True, slots=True)
class Scenario:
    """`share` of the bills, at least one; `only` caps it. `twins` = bookings it adds each time."""

    name: str
    share: float
    fits: Callable[[Turn], bool]
    spoil: Callable[[Turn], None]
    only: int = 1_000_000
    twins: int = 0

    def count(self, bills: int) -> int:
        """How often it happens among `bills` bills."""
        return min(self.only, max(1, round(self.share * bills)))


def _plain(turn: Turn) -> bool:
    return turn.plain


def _once(turn: Turn) -> bool:
    return turn.booking.scenario == "normal"


def _e_invoice(turn: Turn) -> bool:
    return turn.plain and turn.booking.document.seller.vat is not None


def _known_account(turn: Turn) -> bool:
    """Only a supplier with several other invoices has a usual account."""
    seller = turn.booking.document.seller
    return (
        turn.plain
        and seller.iban is not None
        and turn.desk.sent[seller.index] >= 4
        and seller.index not in turn.desk.moved
        and turn.booking.dated > turn.desk.settled[seller.index]
        and turn.booking.dated > turn.desk.today - timedelta(days=400)
    )


def _form(form: Form) -> Callable[[Turn], None]:
    def spoil(turn: Turn) -> None:
        turn.booking.form = form

    return spoil


def _two_files(turn: Turn) -> None:
    turn.booking.extra = Form.DELIVERY


def _forget_number(turn: Turn) -> None:
    turn.booking.number = None


def _no_number(turn: Turn) -> None:
    turn.booking.number, turn.booking.document.shows_number = None, False


def _mistype(turn: Turn) -> None:
    """A slip in the net amount, tax following: the sums still agree with each other."""
    rate, net = turn.booking.groups[0]
    slip = turn.chance.choice((9000, 900, 27000, -900)) if net > 20000 else 900
    turn.booking.groups = ((rate, net + slip), *turn.booking.groups[1:])


def _other_account(turn: Turn) -> None:
    seller = turn.booking.document.seller
    turn.desk.moved.add(seller.index)
    turn.booking.document.iban = any_iban(turn.chance.choice(("FR", "DE", "ES", "IE")), turn.chance)


def _other_xml(turn: Turn) -> None:
    turn.booking.form = Form.FACTURX
    turn.booking.document.xml_shift = turn.chance.choice((1200, 10000, -1200))


def _large(turn: Turn) -> None:
    rate = turn.booking.groups[0][0]
    net = turn.chance.randrange(10_500_000, 38_000_000)
    turn.booking.groups = turn.booking.document.groups = ((rate, net),)


def _year_ahead(turn: Turn) -> None:
    day = turn.booking.dated
    turn.booking.dated = day.replace(year=turn.desk.today.year + 1, day=min(day.day, 28))


def _too_old(turn: Turn) -> None:
    """Before the three years, and without a file: nothing of it is in the window."""
    day = turn.desk.today - timedelta(days=1096 + turn.chance.randrange(60, 300))
    document = turn.booking.document
    document.issued, document.due = day, day + timedelta(days=document.seller.terms)
    document.number = turn.booking.number = turn.desk.numbering.next(document.seller, day)
    turn.booking.dated, turn.booking.form = day, Form.NONE


def _same_number(turn: Turn) -> None:
    """Takes the number of another supplier's clean bill, which is tagged as well."""
    for other in turn.desk.clean(turn.chance):
        if (
            other.document.seller.index != turn.booking.document.seller.index
            and other.scenario == "normal"
        ):
            other.scenario = "same_number"
            turn.booking.number = turn.booking.document.number = other.number or ""
            return


SCENARIOS: tuple[Scenario, ...] = (
    Scenario("twice_other_card", 0.004, twins.two_cards, twins.other_card, twins=1),
    Scenario("twice_number_form", 0.004, twins.separable, twins.number_form, twins=1),
    Scenario("twice", 0.008, _plain, twins.again, twins=1),
    Scenario("decoy_recurring", 0.01, already.monthly, already.other_month),
    Scenario("iban_changed", 0.004, _known_account, _other_account),
    Scenario("xml_differs", 0.004, _e_invoice, _other_xml),
    Scenario("large_amount", 0.004, _once, _large),
    Scenario("outside_window", 0.004, _once, _too_old),
    Scenario("future_date", 0.003, _once, _year_ahead),
    Scenario("present_number_form", 0.008, twins.separable, already.number_form),
    Scenario("present_spelling", 0.015, _plain, already.spelling),
    Scenario("present_cents", 0.005, _plain, already.cents),
    Scenario("present_unread", 0.004, _plain, already.unread),
    Scenario("present", 0.01, _plain, already.plain),
    Scenario("decoy_sibling", 0.006, _once, already.sibling_entry),
    Scenario("total_differs", 0.006, _plain, _mistype),
    Scenario("encrypted", 0.004, _plain, _form(Form.ENCRYPTED)),
    Scenario("broken", 0.004, _plain, _form(Form.BROKEN)),
    Scenario("huge", 0.0, _once, _form(Form.HUGE), only=1),
    Scenario("text_file", 0.0, _once, _form(Form.NOTE), only=1),
    Scenario("no_number", 0.004, _plain, _no_number),
    Scenario("number_on_page_only", 0.008, _plain, _forget_number),
    Scenario("same_number", 0.003, _once, _same_number),
    Scenario("two_attachments", 0.01, _plain, _two_files),
    Scenario("no_file", 0.03, _plain, _form(Form.NONE)),
    Scenario("scan", 0.04, _plain, _form(Form.SCAN)),
    Scenario("facturx", 0.06, _e_invoice, _form(Form.FACTURX)),
)


def twin_count(bills: int) -> int:
    """How many of the bills are second entries of another one."""
    return min(bills // 8, sum(s.twins * s.count(bills) for s in SCENARIOS))


def make_mess(desk: Desk, bills: int) -> None:
    """Spoils the desk's bookings; second entries are added until there are `bills` bills."""
    order = [booking for booking in desk.bookings if not booking.document.credit]
    stream(desk.seed, "mess").shuffle(order)
    desk.order = order
    order = _without_one_of_each(order)
    for scenario in SCENARIOS:
        room = bills - desk.bill_count() if scenario.twins else bills
        _apply(scenario, desk, order, min(room, scenario.count(bills)))
    _fill(desk, order, bills)


def _without_one_of_each(order: list[Booking]) -> list[Booking]:
    """The list less one booking of each clean kind, which stays clean in the smallest world."""
    kept = {booking.scenario: id(booking) for booking in order}
    return [booking for booking in order if kept[booking.scenario] != id(booking)]


def _fill(desk: Desk, order: list[Booking], bills: int) -> None:
    """Where too few suited a scenario that adds bookings, more are simply entered twice."""
    twice = next(scenario for scenario in SCENARIOS if scenario.name == "twice")
    _apply(twice, desk, order, bills - desk.bill_count())


def _apply(scenario: Scenario, desk: Desk, order: list[Booking], count: int) -> None:
    """Gives the scenario to the first `count` clean bookings that suit it."""
    chance = stream(desk.seed, "scenario", scenario.name)
    done = 0
    for booking in order:
        if done == count:
            return
        turn = Turn(booking, desk, chance)
        if booking.scenario in CLEAN and scenario.fits(turn):
            booking.scenario = scenario.name
            scenario.spoil(turn)
            done += 1
