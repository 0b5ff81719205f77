"""Theme and keys as a person chose them, kept in cookies so that the first paint is right.

Invariant: any value that is not one of ours counts as the default; the cookies name nobody.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from well.web.words import Words

THEME_COOKIE = "well_theme"
KEYS_COOKIE = "well_keys"


@dataclass(frozen=True, slots=True)
class Theme:
    """One of the three; "auto" follows the device."""

    code: str
    word: Words
    icon: str


THEMES = (
    Theme("auto", _("As device"), "monitor"),
    Theme("light", _("Light"), "sun"),
    Theme("dark", _("Dark"), "moon"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """`keys` is "on" or "off"."""

    theme: str
    keys: str
    themes: tuple[Theme, ...] = THEMES


def look_of(request: HttpRequest) -> Look:
    """What the request's cookies say."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return Look(
        theme if any(theme == one.code for one in THEMES) else "auto",
        "off" if request.COOKIES.get(KEYS_COOKIE) == "off" else "on",
    )
