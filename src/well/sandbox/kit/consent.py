"""The pages a person sees at a provider: consent, and the refusal of a broken link.

Invariant: whatever stands in the address is shown as text, never as markup. It decides nothing.
"""

from collections.abc import Iterable, Mapping
from html import escape

from starlette.responses import HTMLResponse

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
}
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:12vh auto;padding:0 1rem}"
    "button{font:inherit;padding:.5rem 1.2rem;margin-right:.6rem}small{color:#555}"
)


def _page(title: str, body: str, status: int) -> HTMLResponse:
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return HTMLResponse(html, status, headers=HEADERS)


def _choice(companies: Mapping[str, str]) -> str:
    """A list to choose one company of several from; nothing for one."""
    if len(companies) < 2:
        return ""
    options = "".join(
        f'<option value="{escape(key)}">{escape(name)}</option>' for key, name in companies.items()
    )
    return f'<p><label>Company <select name="company">{options}</select></label></p>'


def consent_page(
    provider: str,
    app: str,
    company: str,
    scopes: Iterable[str],
    fields: Mapping[str, str],
    companies: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Ask whether the app may act on the company; Approve and Deny post the fields back.

    `companies` (id to name) are offered for choice under the name `company`.
    """
    asked = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in scopes)
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    body = (
        f"<p><strong>{escape(app)}</strong> asks to connect to"
        f" <strong>{escape(company)}</strong> with:</p><ul>{asked}</ul>"
        f'<form method="post">{hidden}{_choice(companies or {})}'
        '<button name="decision" value="approve">Approve</button>'
        '<button name="decision" value="deny">Deny</button></form>'
        f"<p><small>A stand-in of {escape(provider)} on this machine.</small></p>"
    )
    return _page(f"Connect to {provider}", body, 200)


def refusal_page(provider: str, sentence: str) -> HTMLResponse:
    """The link is broken in a way that must not lead back to the app."""
    return _page(f"{provider} cannot go on", f"<p>{escape(sentence)}</p>", 400)
