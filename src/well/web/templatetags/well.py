"""Tags and filters of the templates: icons, bars, and values through `web.formats`.

Invariant: every tag returns text that was escaped; a bar has a width by an SVG attribute, because
the page allows no inline style.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from well.domain.money import Money
from well.web import formats, words
from well.web.look import Look, look_of
from well.web.security import nonce_of

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One icon of the vendored sprite; decoration only, the word stands beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("vendor/lucide-1.62.0.svg"),
        name,
    )


@register.simple_tag
def bar(value: float | None, tone: str = "", size: str = "") -> SafeString:
    """A share in [0,1] as a bar; the number is shown beside it, so it is hidden from readers."""
    width = max(0.0, min(1.0, value or 0.0)) * 100
    return format_html(
        '<svg class="bar {} {}" aria-hidden="true"><rect class="track" width="100%" height="100%" '
        'rx="4"/><rect class="fill" width="{}%" height="100%" rx="4"/></svg>',
        tone,
        size,
        f"{width:.1f}",
    )


@register.simple_tag(takes_context=True)
def nonce(context: dict[str, Any]) -> str:
    """The nonce of this page's scripts and htmx attributes."""
    request = context.get("request")
    return nonce_of(request) if isinstance(request, HttpRequest) else ""


@register.simple_tag(takes_context=True)
def look(context: dict[str, Any]) -> Look | None:
    """Theme and keys of this request."""
    request = context.get("request")
    return look_of(request) if isinstance(request, HttpRequest) else None


@register.simple_tag
def sign(state: str) -> SafeString:
    """A state as icon and word."""
    return _chip(words.state_sign(state))


@register.simple_tag
def connection_sign(state: str) -> SafeString:
    """A connection's state as icon and word."""
    return _chip(words.CONNECTIONS.get(state, words.Sign(state, "circle-help", "plain")))


@register.simple_tag
def posting_sign(state: str) -> SafeString:
    """A posting's state as icon and word."""
    return _chip(words.POSTINGS.get(state, words.Sign(state, "circle-help", "plain")))


@register.simple_tag
def delivery_sign(state: str) -> SafeString:
    """What became of a mail as icon and word."""
    return _chip(words.DELIVERIES.get(state, words.Sign(state, "circle-help", "plain")))


def _chip(found: words.Sign) -> SafeString:
    return format_html(
        '<span class="chip {}">{} {}</span>', found.tone, icon(found.icon), found.word
    )


@register.filter
def money(value: Money | None) -> str:
    """An amount with its currency."""
    return formats.money(value)


@register.filter
def day(value: date | None) -> str:
    """A calendar day."""
    return formats.day(value)


@register.filter
def when(value: datetime | None) -> SafeString | str:
    """A moment as `<time>`."""
    if value is None:
        return formats.NOTHING
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(timespec="seconds"), formats.moment(value)
    )


@register.filter
def share(value: float | None) -> str:
    """A probability in percent."""
    return formats.share(value)


@register.filter
def number(value: int | Decimal) -> str:
    """A count."""
    return formats.number(value)


@register.filter
def filesize(value: int) -> str:
    """Bytes as kB or MB."""
    return formats.size(value)


@register.filter
def bits(value: float) -> str:
    """Signed weight of evidence, `+3.2`; a real minus sign."""
    return f"{value:+.1f}".replace("-", "−")


@register.filter
def plain(code: str) -> str:
    """A provider's or our own code made readable."""
    return words.plain(code)


@register.filter
def kind_word(value: str) -> words.Words:
    """One record of this kind in words."""
    return words.ONE_KIND.get(value, value)
