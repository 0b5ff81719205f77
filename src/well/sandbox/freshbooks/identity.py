"""Who the account is: the three ids, the person of the token, the address that takes documents.

Invariant: invented once and remembered, so a restart has the same ids. One membership has no
account, as the provider allows: a client has to step over it. A second business, where it is
asked for, has empty books.
"""

import secrets
from uuid import NAMESPACE_URL, uuid5

from well.sandbox.freshbooks.wire import Body
from well.sandbox.kit.own_names import email_of
from well.sandbox.kit.state import State

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
DOMAIN = "receipts.freshbooks.example"
SECOND = "Atelier Boréal Conseil"


def remembered(state: State, name: str, made: str) -> str:
    """The value kept under this name, which is `made` at first."""
    if state.note(name) is None:
        with state.transaction():
            state.remember(name, made)
    return state.note(name) or made


def account_id(state: State, name: str = "account_id") -> str:
    """The short id that the accounting paths carry, remembered under `name`."""
    made = "".join(secrets.choice(_LETTERS) for _ in range(6))
    return remembered(state, name, f"{made[:3]}{secrets.randbelow(900) + 100}{made[3:]}")


def inbox_address(state: State) -> str:
    """Where documents are mailed to; its form is nobody's business, so it is drawn."""
    return remembered(state, "inbox", f"receipts-{secrets.token_hex(5)}@{DOMAIN}")


def me(account: str, company: Body) -> Body:
    """The answer of users/me: a membership without an account, and the company's."""
    name = str(company.get("CompanyName") or "The company")
    address = company.get("CompanyAddr") or {}
    business = {
        "id": 439_000,
        "business_uuid": str(uuid5(NAMESPACE_URL, f"business/{account}")),
        "name": name,
        "account_id": account,
        "date_format": "dd/mm/yyyy",
        "address": {
            "id": 74_595,
            "street": address.get("Line1"),
            "city": address.get("City"),
            "province": None,
            "country": "France",
            "postal_code": address.get("PostalCode"),
        },
        "phone_number": None,
        "business_clients": [],
    }
    other = business | {"id": 438_999, "name": "A closed trial", "account_id": None}
    return {
        "id": 12_345,
        "identity_id": 12_345,
        "identity_uuid": str(uuid5(NAMESPACE_URL, f"identity/{account}")),
        "first_name": "Camille",
        "last_name": "Boréal",
        "email": email_of(company),
        "business_memberships": [
            {"id": 140_129, "role": "owner", "business": other},
            {"id": 140_130, "role": "owner", "business": business},
        ],
        "roles": [{"id": 6_682, "role": "admin", "accountid": account, "userid": 1}],
    }


def with_second(answer: Body, account: str) -> Body:
    """The answer of users/me of a person who also manages a business with that account."""
    memberships = answer["business_memberships"]
    business = memberships[-1]["business"] | {
        "id": 439_001,
        "business_uuid": str(uuid5(NAMESPACE_URL, f"business/{account}")),
        "name": SECOND,
        "account_id": account,
    }
    more = {"id": 140_131, "role": "manager", "business": business}
    return answer | {"business_memberships": [*memberships, more]}
