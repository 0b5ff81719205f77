"""What a child process answers about one file.

Invariant: a reading, and how many pages of it only an optical reader could read. It decides
nothing: the parent asks the optical child when there are such pages.
"""

from dataclasses import dataclass, replace

from well.documents.reading.limits import unreadable
from well.domain.invoice import Finding
from well.ports.reader import Reading

NO_OPTICS = "This is a scan, and scans cannot be read on this installation."


@dataclass(frozen=True, slots=True)
class Answer:
    """`scans` is 0 when every page that matters was read.

    `words` are what a language model may be asked about, none when nothing is missing.
    """

    reading: Reading
    scans: int = 0
    words: str = ""


def refusal(sentence: str) -> Answer:
    """The answer about a file that is not read; the sentence is for the user."""
    return Answer(unreadable(sentence))


def settle(answer: Answer) -> Reading:
    """The reading when nobody is left to ask: scans that wait say that they cannot be read."""
    reading = answer.reading
    if not answer.scans:
        return reading
    if reading.invoice is None:
        return unreadable(NO_OPTICS)
    missed = Finding("scans_not_read", NO_OPTICS, stops_auto_post=True)
    return replace(reading, findings=(*reading.findings, missed))


def noted(reading: Reading, sentence: str) -> Reading:
    """The reading with what kept the language model from helping."""
    trouble = Finding("language_model", sentence)
    return replace(reading, findings=(*reading.findings, trouble))
