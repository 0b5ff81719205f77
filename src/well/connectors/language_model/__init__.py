"""A language model behind an OpenAI-compatible address, asked only when somebody set one.

Invariant: one request for a document, to exactly the configured address, bounded in time and size;
whatever comes back or does not, the answer is a `Suggestion`. Its key is never printed.
"""

from well.connectors.http import Call, Door, TooLargeError, UnansweredError, to
from well.connectors.language_model.prompt import question, values
from well.domain.failure import Failed
from well.ports.clock import Clock
from well.ports.suggest import Suggest, Suggestion
from well.settings import LanguageModel

TITLE = "The language model"
SECONDS = 30.0
ANSWER_BYTES = 256 * 1024
SILENT = "The language model gave no answer, so only what Well read by itself is shown."
UNUSABLE = "The language model gave an answer that cannot be used, so nothing of it is shown."


class ChatModel:
    """The port Suggest over one address; safe to share between threads. `seconds` bound a call."""

    def __init__(self, model: LanguageModel, clock: Clock, seconds: float = SECONDS) -> None:
        self._url = f"{model.url}/chat/completions"
        self._name = model.name
        self._headers = {"Content-Type": "application/json"}
        if model.key:
            self._headers["Authorization"] = f"Bearer {model.key}"
        self._seconds = seconds
        self._door = Door(TITLE, (to(self._url, "POST", exact=True),), clock, tls=model.tls)

    def __call__(self, words: str) -> Suggestion:
        """What it takes the fields to be; a sentence in `trouble` when it cannot be used."""
        try:
            answer = self._door.send(self._call(words))
            if answer.status != 200:
                return Suggestion(trouble=SILENT)
            return Suggestion(values(answer.json()))
        except (Failed, UnansweredError):
            return Suggestion(trouble=SILENT)
        except (TooLargeError, ValueError, RecursionError):
            return Suggestion(trouble=UNUSABLE)

    def close(self) -> None:
        """Close idle connections."""
        self._door.close()

    def _call(self, words: str) -> Call:
        return Call(
            "POST",
            self._url,
            headers=self._headers,
            content=question(self._name, words),
            size_max=ANSWER_BYTES,
            seconds=self._seconds,
        )


def connect(model: LanguageModel, clock: Clock) -> Suggest | None:
    """The model that the settings name; None, the default, when they name none."""
    return ChatModel(model, clock) if model.url and model.name else None
