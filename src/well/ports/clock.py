"""Time as a port: the pipeline never asks the machine for it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """`now` is aware and UTC; `sleep` waits that many seconds (or moves a fake clock)."""

    def now(self) -> datetime: ...

    def sleep(self, seconds: float) -> None: ...
