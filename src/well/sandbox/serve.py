"""Serving stand-ins around one invented company: for the command line, the demo and tests.

Invariant: a data folder holds one company for ever (its number of bills, seed and day), so that a
restart goes on with the same books on the same ports. It runs in one process, on the loopback
address only.
"""

import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from socket import socket
from types import FrameType, TracebackType
from typing import Any, Self

from starlette.applications import Starlette
from starlette.types import ASGIApp

from well.sandbox import freshbooks, mailbox, qonto, quickbooks, xero
from well.sandbox.kit.admin import admin_routes
from well.sandbox.kit.clock import StandInClock
from well.sandbox.kit.company import Company
from well.sandbox.kit.dns import HOST, NameServer, Zone, bind_dns
from well.sandbox.kit.entry_numbers import entry_number
from well.sandbox.kit.faults import Faults
from well.sandbox.kit.lazy import LazyCompany
from well.sandbox.kit.listen import Listener, address, bind
from well.sandbox.kit.smtp import MailServer, mail_addresses, mail_server
from well.sandbox.kit.standin import StandIn, standin_of
from well.sandbox.kit.state import State
from well.sandbox.world import build_world
from well.sandbox.world.views import View, truth_as

Create = Callable[[State, Company, StandInClock, Faults, str], Starlette]
STANDINS: dict[str, tuple[Create, frozenset[str]]] = {
    "quickbooks": (quickbooks.create, quickbooks.FAULT_MODES),
    "qonto": (qonto.create, frozenset()),
    "xero": (xero.create, xero.FAULT_MODES),
    "freshbooks": (freshbooks.create, freshbooks.FAULT_MODES),
    "mailbox": (mailbox.create, mailbox.FAULT_MODES),
}
VIEWS: dict[str, View] = {
    "xero": xero.VIEW,
    "qonto": replace(qonto.VIEW, entry=entry_number),
}
"""Stand-ins that serve the books as a source, beside QuickBooks in whose words they are written."""
FROM_QONTO: dict[str, Create] = {
    "qonto": qonto.create_source,
    "quickbooks": quickbooks.create_target,
}
"""How these are made when Qonto is named first, and so is where the documents come from."""
Addresses = dict[str, dict[str, str]]
Bind = Callable[[int], socket]


class SandboxRefusedError(Exception):
    """The sandbox cannot be started as asked; the message is a sentence for the user."""


@dataclass(frozen=True)
class Books:
    """What a data folder remembers of its company."""

    bills: int
    seed: int
    today: date


def _read(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, OSError) as wrong:
        raise SandboxRefusedError(f"{path} cannot be read: {wrong}.") from wrong
    return known if isinstance(known, dict) else {}


def _write(path: Path, value: object) -> None:
    # Written beside and moved, so that a kill leaves the old or the new file, never half of one.
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    beside.replace(path)


def remembered_books(data: Path, bills: int, seed: int, today: date | None) -> Books:
    """The company of this folder, made with these figures when the folder is new.

    An existing company keeps its own day. SandboxRefusedError when it has another number of
    bills or another seed.
    """
    data.mkdir(parents=True, exist_ok=True)
    path = data / "books.json"
    known = _read(path)
    if not known:
        if bills < 1:
            raise SandboxRefusedError("A company needs at least one bill.")
        day = today or StandInClock().now().date()
        _write(path, {"bills": bills, "seed": seed, "today": day.isoformat()})
        return Books(bills, seed, day)
    if (known.get("bills"), known.get("seed")) != (bills, seed):
        raise SandboxRefusedError(
            f"{data} holds a company of {known.get('bills')} bills (seed {known.get('seed')}), not"
            f" {bills} (seed {seed}). Ask for the same figures or for another folder."
        )
    try:
        return Books(bills, seed, date.fromisoformat(str(known.get("today"))))
    except ValueError as wrong:
        raise SandboxRefusedError(f"{path} holds no valid day.") from wrong


def truth_file(data: Path, source: str = "quickbooks") -> Path:
    """Where a data folder keeps what ought to happen to each record of a source."""
    return data / ("truth.json" if source == "quickbooks" else f"truth-{source}.json")


class Sandbox:
    """The named stand-ins, served from a background thread between start() and stop().

    Of several, the first is the one that serves the company's books: `qonto freshbooks` makes Qonto
    a source, `quickbooks qonto` a target. `ports` maps "quickbooks", "quickbooks-admin" ... to
    fixed ports; without one, the port of the last run is taken again where it is free.
    """

    def __init__(
        self,
        names: Sequence[str],
        data: Path,
        bills: int = 600,
        seed: int = 1,
        ports: dict[str, int] | None = None,
        today: date | None = None,
    ) -> None:
        """Check the wishes; SandboxRefusedError says what is wrong with them."""
        unknown = [name for name in names if name not in STANDINS]
        if unknown or not names:
            known = ", ".join(sorted(STANDINS))
            raise SandboxRefusedError(f"No stand-in {', '.join(unknown)}: there are {known}.")
        self.names = list(dict.fromkeys(names))
        self._from_qonto = len(self.names) > 1 and self.names[0] == "qonto"
        self.data = data
        self.books = remembered_books(data, bills, seed, today)
        self.company: Company = LazyCompany(self._build)
        self.addresses: Addresses = {}
        self._ports = ports or {}
        self._states: list[State] = []
        self._mail: list[MailServer | NameServer] = []
        self._standins: dict[str, tuple[StandIn, Faults]] = {}
        self._listener: Listener | None = None

    def start(self) -> Addresses:
        """Fill what is empty, listen, and return the addresses of every stand-in."""
        known = _read(self.data / "ports.json")
        served: list[tuple[ASGIApp, socket]] = []
        taken: dict[str, int] = {}
        try:
            for name in self.names:
                api, admin = (self._bind(part, known) for part in (name, f"{name}-admin"))
                served += self._standin(name, api, admin)
                taken |= {name: api.getsockname()[1], f"{name}-admin": admin.getsockname()[1]}
                taken |= self._mail_port(name, known)
        except BaseException:
            for _, sock in served:
                sock.close()
            self._stop_mail()
            self._close_states()
            raise
        _write(self.data / "ports.json", known | taken)
        self._write_truth()
        self._listener = Listener(served)
        self._listener.start()
        for server in self._mail:
            server.start()
        return self.addresses

    def stop(self) -> None:
        """Stop listening and close the files. Harmless when not started."""
        if self._listener is not None:
            self._listener.stop()
            self._listener = None
        self._stop_mail()
        self._close_states()

    def truth(self, source: str = "quickbooks") -> dict[str, Any]:
        """What ought to happen to each record of a source; the product never sees it."""
        return _read(truth_file(self.data, source))

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def _build(self) -> Company:
        return build_world(self.books.bills, self.books.seed, self.books.today)

    def _write_truth(self) -> None:
        path = truth_file(self.data)
        if not path.exists():
            _write(path, self.company.truth())
        for name in self._told():
            path = truth_file(self.data, name)
            if not path.exists():
                _write(path, truth_as(VIEWS[name], self.company))

    def _told(self) -> list[str]:
        """The sources among the stand-ins whose truth has words of its own."""
        told = [name for name in self.names if name in VIEWS]
        return [name for name in told if name != "qonto" or self._from_qonto]

    def _stop_mail(self) -> None:
        for server in self._mail:
            server.stop()
        self._mail.clear()

    def _close_states(self) -> None:
        for state in self._states:
            state.close()
        self._states.clear()

    def _bind(self, part: str, known: dict[str, Any], bind: Bind = bind) -> socket:
        if part in self._ports:
            try:
                return bind(self._ports[part])
            except OSError as wrong:
                port = self._ports[part]
                raise SandboxRefusedError(f"Port {port} for {part} cannot be used.") from wrong
        last = known.get(part, 0)
        try:
            return bind(last if isinstance(last, int) else 0)
        except (OSError, OverflowError):
            return bind(0)

    def _standin(self, name: str, api: socket, admin: socket) -> list[tuple[ASGIApp, socket]]:
        create, modes = STANDINS[name]
        if self._from_qonto:
            create = FROM_QONTO.get(name, create)
        state = State(self.data / name / "state.sqlite")
        self._states.append(state)
        clock = StandInClock()
        faults = Faults(clock, modes)
        app = create(state, self.company, clock, faults, address(api))
        standin = standin_of(app)
        self._standins[name] = standin, faults
        self.addresses[name] = {
            **standin.addresses,
            "admin": address(admin),
            "client_id": standin.oauth.client_id,
            "client_secret": standin.oauth.client_secret,
        }
        return [(app, api), (Starlette(routes=admin_routes(standin, faults)), admin)]

    def _mail_port(self, name: str, known: dict[str, Any]) -> dict[str, int]:
        """The ports of the stand-in's mail server and name server, which are made here; empty when
        it has none."""
        standin, faults = self._standins[name]
        if standin.mailbox is None:
            return {}
        part = f"{name}-smtp"
        sock, folder = self._bind(part, known), self.data / name / "mail"
        port = sock.getsockname()[1]
        self._mail.append(mail_server(standin, sock, faults, folder))
        self.addresses[name] |= mail_addresses(standin, port, folder)
        return {part: port} | self._dns_port(name, standin.mailbox.state, known)

    def _dns_port(self, name: str, state: State, known: dict[str, Any]) -> dict[str, int]:
        """The port of the name server in which senders publish what proves them."""
        part = f"{name}-dns"
        sock = self._bind(part, known, bind_dns)
        port: int = sock.getsockname()[1]
        self._mail.append(NameServer(Zone(state), sock))
        self.addresses[name]["dns"] = f"{HOST}:{port}"
        return {part: port}


def serve(
    names: Sequence[str],
    data: Path,
    bills: int,
    seed: int,
    ports: dict[str, int] | None = None,
    today: date | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; one JSON line with the addresses says that all listen.

    SandboxRefusedError when the folder or the wishes do not allow it.
    """
    ended = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    with Sandbox(names, data, bills, seed, ports, today) as sandbox:
        sys.stdout.write(json.dumps(sandbox.addresses) + "\n")
        sys.stdout.flush()
        while not ended.wait(0.5):
            pass
