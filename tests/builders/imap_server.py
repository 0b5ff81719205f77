"""A small IMAP server on loopback: real TLS, several connections, a mailbox that grows, and IDLE.

Invariant: it is told what to hold and how to fail; every command is noted, without the password.
It lets a mailbox be read and nothing else. Ends with its `with`.
"""

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from builders.certificates import Authority

HOST = "127.0.0.1"
TICK = 0.02


@dataclass
class Box:
    """What the server holds: UID, date and bytes of each mail; and how it behaves."""

    mails: list[tuple[int, str, bytes]] = field(default_factory=list)
    validity: int = 7
    password: str = "p"
    idle: bool = True
    refuses_idle: bool = False
    late: list[tuple[int, str, bytes]] = field(default_factory=list)
    """These arrive between the last look and the answer to DONE."""
    noise: bytes = b""
    """Sent while a client waits."""
    says_no: set[str] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)
    """UIDs that are not given out."""
    commands: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    cuts: int = 0
    """Connections that wait are cut until this is 0."""
    over: threading.Event = field(default_factory=threading.Event)
    idling: threading.Event = field(default_factory=threading.Event)

    def arrive(self, *mails: tuple[int, str, bytes]) -> None:
        """Mails come; who waits is told."""
        with self.lock:
            self.mails += mails

    def said(self, word: str) -> list[str]:
        """The commands that hold a word."""
        with self.lock:
            return [one for one in self.commands if word in one]


class _Talk:
    """One connection."""

    def __init__(self, box: Box, line: ssl.SSLSocket) -> None:
        self.box = box
        self.line = line
        self.rest = b""

    def run(self) -> None:
        """Until the client leaves or the server ends."""
        self.line.sendall(b"* OK ready\r\n")
        while (words := self.next()) is not None:
            tag, _, command = words.partition(" ")
            with self.box.lock:
                self.box.commands.append(re.sub(r"(LOGIN \S+) .*", r"\1 ***", command))
            verb = command.upper().removeprefix("UID ").split(" ")[0]
            if verb in self.box.says_no:
                self.line.sendall(f"{tag} NO [INUSE] not now\r\n".encode())
                continue
            answer = getattr(self, f"on_{verb.lower()}", self.on_other)(command)
            if answer is None:
                return
            if verb == "IDLE" and answer == "BAD":
                self.line.sendall(f"{tag} BAD no idle\r\n".encode())
                continue
            self.line.sendall(f"{tag} {answer} done\r\n".encode())
            if verb == "LOGOUT":
                return

    def next(self) -> str | None:
        """The next command; None when there is none any more."""
        while b"\r\n" not in self.rest:
            if not self.more():
                return None
        line, _, self.rest = self.rest.partition(b"\r\n")
        return line.decode("ascii", "replace")

    def more(self) -> bool:
        """Wait for more of the client, up to the end of everything."""
        while not self.box.over.is_set():
            self.line.settimeout(TICK)
            try:
                found = self.line.recv(4096)
            except TimeoutError:
                continue
            self.rest += found
            return bool(found)
        return False

    def on_other(self, _: str) -> str:
        return "OK"

    def on_capability(self, _: str) -> str:
        idle = " IDLE" if self.box.idle else ""
        self.line.sendall(f"* CAPABILITY IMAP4rev1{idle}\r\n".encode())
        return "OK"

    def on_login(self, command: str) -> str:
        return "OK" if command.endswith(f'"{self.box.password}"') else "NO"

    def on_logout(self, _: str) -> str:
        self.line.sendall(b"* BYE see you\r\n")
        return "OK"

    def on_select(self, _: str) -> str:
        raise AssertionError("the mailbox is only read")

    def on_examine(self, _: str) -> str:
        box = self.box
        held = f"* {len(box.mails)} EXISTS\r\n* OK [UIDVALIDITY {box.validity}] fine\r\n"
        self.line.sendall(held.encode())
        return "OK [READ-ONLY]"

    def on_search(self, command: str) -> str:
        first = re.search(r"UID (\d+):\*", command.removeprefix("UID"))
        with self.box.lock:
            uids = [uid for uid, _, _ in self.box.mails]
        wanted = [uid for uid in uids if first is None or uid >= int(first[1])]
        found = wanted or uids[-1:]
        self.line.sendall(f"* SEARCH {' '.join(map(str, found))}".rstrip().encode() + b"\r\n")
        return "OK"

    def on_fetch(self, command: str) -> str:
        uid = int(command.split(" ")[2])
        if uid in self.box.withheld:
            return "NO [SERVERBUG]"
        with self.box.lock:
            held = [one for one in self.box.mails if one[0] == uid]
        for _, at, body in held:
            head = f'UID {uid} INTERNALDATE "{at}" BODY[]<0> {{{len(body)}}}'
            self.line.sendall(f"* 1 FETCH ({head}\r\n".encode() + body + b")\r\n")
        return "OK"

    def on_idle(self, _: str) -> str | None:
        box = self.box
        if box.refuses_idle:
            return "BAD"
        self.line.sendall(b"+ idling\r\n")
        if box.cuts:
            box.cuts -= 1
            return None
        if box.noise:
            self.line.sendall(box.noise)
        known = len(box.mails)
        box.idling.set()
        self.line.settimeout(TICK)
        while not box.over.is_set():
            if len(box.mails) > known:
                known = len(box.mails)
                self.line.sendall(f"* {known} EXISTS\r\n".encode())
            try:
                self.rest += self.line.recv(4096)
            except TimeoutError:
                continue
            if self.rest.startswith(b"DONE\r\n"):
                self.rest = self.rest[6:]
                if box.late:
                    box.arrive(*box.late)
                    box.late = []
                    self.line.sendall(f"* {len(box.mails)} EXISTS\r\n".encode())
                return "OK"
            if not self.rest:
                return None
        self.line.sendall(b"* BYE the server ends\r\n")
        return None


@contextmanager
def imap_server(authority: Authority, box: Box) -> Iterator[int]:
    """The port of a running server."""
    listening = socket.create_server((HOST, 0))
    listening.settimeout(TICK)
    context = authority.context()
    threads: list[threading.Thread] = []

    def talk(raw: socket.socket) -> None:
        try:
            raw.settimeout(5)
            with context.wrap_socket(raw, server_side=True) as line:
                _Talk(box, line).run()
        except OSError:
            return
        finally:
            raw.close()

    def listen() -> None:
        while not box.over.is_set():
            try:
                raw, _ = listening.accept()
            except OSError:
                continue
            threads.append(threading.Thread(target=talk, args=(raw,), daemon=True))
            threads[-1].start()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        box.over.set()
        listener.join(timeout=5)
        for thread in threads:
            thread.join(timeout=5)
        listening.close()
