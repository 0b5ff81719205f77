"""Which businesses a FreshBooks login may see, and which one a connection is for.

Invariant: only a business with an account of its own can be read; one whose account is missing is
passed over. It asks for nothing by itself.
Source: `GET /auth/api/v1/users/me`, read 2026-11-21.
"""

import re
from collections.abc import Sequence
from typing import Any

from well.connectors.failures import rejected
from well.connectors.freshbooks.limits import TITLE
from well.connectors.jsontext import mapping, sequence, text
from well.domain.failure import WayOut
from well.ports.connector import Company

_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,40}")
BUSINESSES_MAX = 100
ROLE_MAX = 40
OWNER = "owner"


def businesses(me: Any) -> tuple[Company, ...]:
    """The readable businesses of an answer, owned ones first, else in the order told.

    `account` is the id in the accounting addresses, `remark` the login's role.
    """
    found: dict[str, Company] = {}
    for item in sequence(mapping(me).get("business_memberships"))[:BUSINESSES_MAX]:
        membership = mapping(item)
        business = mapping(membership.get("business"))
        account = business.get("account_id")
        if isinstance(account, str) and _ACCOUNT.fullmatch(account):
            name = text(business.get("name")) or account
            role = text(membership.get("role")) or ""
            found.setdefault(account, Company(account, name, remark=role[:ROLE_MAX]))
    return tuple(sorted(found.values(), key=lambda one: one.remark != OWNER))


def chosen(known: Sequence[Company], wanted: str) -> Company:
    """The business named `wanted` (its account id; "" takes the first). `Failed` without one."""
    match = [one for one in known if wanted in ("", one.account)]
    if not match and not known:
        sentence = f"This {TITLE} login has no business whose expenses can be read."
        raise rejected(sentence, way_out=WayOut.RECONNECT)
    if not match:
        sentence = f"This {TITLE} login does not belong to the business that was chosen."
        raise rejected(sentence, way_out=WayOut.RECONNECT)
    return match[0]
