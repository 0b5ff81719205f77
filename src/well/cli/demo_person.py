"""A person at the pages, without a browser: signs in, approves at the providers, makes a flow.

Invariant: only what a person could do: it opens pages, fills their forms and follows redirects;
it knows no secret and calls no function of the product.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx

_WHOLE = '<code class="whole">([^<]*)</code>'
PAGES_MAX = 200
"""Pages of the queue that a person looks through."""


@dataclass
class Form:
    """One form of a page: where it goes and what it holds."""

    action: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects the forms of a page; of a select, its chosen or first option."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
        if not self.forms:
            return
        fields = self.forms[-1].fields
        if tag == "input" and "name" in values and values.get("type") != "submit":
            fields[values["name"]] = values.get("value", "")
        if tag == "select":
            self._select = values.get("name", "")
        if (
            tag == "option"
            and self._select
            and ("selected" in values or self._select not in fields)
        ):
            fields[self._select] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """A tag ends."""
        if tag == "select":
            self._select = ""


class Person:
    """`base` is the address of the pages."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._browser = httpx.Client(follow_redirects=True, timeout=60)

    def sign_in(self, link: str) -> None:
        """Open a one-time link and press its button."""
        page = self._open(link)
        self._submit(page, "")

    def connect(self, workspace: str, connector: str) -> None:
        """Press Connect, approve at the provider, come back."""
        page = self._open(f"{self.base}/w/{workspace}/connections/")
        consent = self._submit(page, f"/connections/{connector}/connect")
        self._submit(consent, "", decision="approve")

    def mail_to(self, workspace: str, inbox: str, sender: str) -> str:
        """Say where the connection's documents are mailed and from whom; the page of it."""
        page = self._open(f"{self.base}/w/{workspace}/connections/")
        where = re.search(rf'href="(/w/{workspace}/connections/[^/"]+/mail)"', page.text)
        if where is None:
            raise RuntimeError("no connection of the workspace is fed by e-mail")
        form = self._open(self.base + where[1])
        self._submit(form, "", inbox=inbox, sender=sender, way="")
        return self.base + where[1]

    def records_to_publish(self, page: str) -> list[tuple[str, str]]:
        """Names and values that the card of the sender's domain asks for."""
        pairs = re.findall(
            rf"<dt>Name</dt><dd>{_WHOLE}</dd><dt>To publish</dt><dd>{_WHOLE}</dd>",
            self._open(f"{page}/domain").text,
        )
        return [(unescape(name), unescape(value)) for name, value in pairs]

    def mail_test(self, page: str) -> None:
        """Look again at what was published, then mail the test."""
        self._submit(self._submit(self._open(page), "/mail/domain"), "/mail/test")

    def it_arrived(self, page: str) -> None:
        """Say that the test is there."""
        self._submit(self._open(page), "/mail/arrived")

    def create_flow(self, workspace: str) -> None:
        """Join the two connections by the flow that the page offers, and start its first sync."""
        page = self._open(f"{self.base}/w/{workspace}/connections/")
        self._submit(self._submit(page, "/flows/new"), "/start")

    def sync_now(self, workspace: str) -> None:
        """Press "sync now" of the first flow."""
        listing = self._open(f"{self.base}/w/{workspace}/flows/")
        where = re.search(rf'href="(/w/{workspace}/flows/[^/"]+/)"', listing.text)
        if where is None:
            raise RuntimeError("the workspace has no flow yet")
        self._submit(self._open(self.base + where[1]), "/sync")

    def asked(self, workspace: str) -> Iterator[httpx.Response]:
        """Pages in the review queue that ask whether a mailed document is there."""
        queue = f"{self.base}/w/{workspace}/queue/"
        seen: set[str] = set()
        for number in range(1, PAGES_MAX):
            text = self._browser.get(queue, params={"page": number}).text
            found = set(re.findall(rf'href="(/w/{workspace}/review/[^/"?]+/)', text)) - seen
            if not found:
                return
            seen |= found
            for where in sorted(found):
                page = self._open(self.base + where)
                if self._form_for(page, "seen") is not None:
                    yield page

    def answer(self, page: httpx.Response, verdict: str) -> None:
        """Press the button of this verdict."""
        form = self._form_for(page, verdict)
        if form is None:
            raise RuntimeError(f"{page.url} has no button {verdict}")
        self._send(page, form, {})

    def _form_for(self, page: httpx.Response, verdict: str) -> Form | None:
        parser = _Forms()
        parser.feed(page.text)
        return next((f for f in parser.forms if f.fields.get("verdict") == verdict), None)

    def notices(self, workspace: str) -> str:
        """The page of notices, as text."""
        return self._open(f"{self.base}/w/{workspace}/notices/").text

    def _open(self, address: str) -> httpx.Response:
        return self._browser.get(address).raise_for_status()

    def _submit(self, page: httpx.Response, action: str, **more: str) -> httpx.Response:
        """Send the first form whose address ends in `action` ("": the page's own address).

        RuntimeError when there is none.
        """
        parser = _Forms()
        parser.feed(page.text)
        for form in parser.forms:
            here = form.action in ("", page.url.path)
            if form.method == "post" and (form.action.endswith(action) if action else here):
                return self._send(page, form, more)
        raise RuntimeError(f"{page.url} has no form for {action or 'its button'}")

    def _send(self, page: httpx.Response, form: Form, more: dict[str, str]) -> httpx.Response:
        where = urljoin(str(page.url), form.action) if form.action else str(page.url)
        # Browsers name the page they come from; Django's check of forms wants it.
        headers = {"Referer": str(page.url)}
        answer = self._browser.post(where, data=form.fields | more, headers=headers)
        return answer.raise_for_status()
