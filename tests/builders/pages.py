"""The pages of an office as a member's browser asks for them, and the words they show.

Invariant: no server and no network: Django's own client asks. It judges nothing.
"""

import re
from html import unescape
from typing import Any

from django.test import Client

from builders.office import Office


def as_(office: Office, role: str = "owner", **options: Any) -> Client:
    """A client that is signed in as the member with this role; `options` go to the client."""
    client = Client(headers={"host": "localhost"}, **options)
    client.force_login(office.people[role])
    return client


def at(office: Office, path: str) -> str:
    """The address of a page of the office's workspace."""
    return f"/w/{office.workspace}/{path}"


def text_of(response: Any) -> str:
    """What a page says, without its tags, each blank run as one blank."""
    body = re.sub(r"<[^>]+>", " ", unescape(response.content.decode()))
    return re.sub(r"\s+", " ", body)
