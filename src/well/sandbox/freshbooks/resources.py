"""The resources of the read API: their addresses, scopes, filters and defaults.

Invariant: a filter that is not in a resource's table does not exist, and so is ignored as the
provider ignores it. It holds facts of the reference, no behaviour.
"""

from dataclasses import dataclass

EXPENSE_FILTERS = {
    "date_min": "day >= ?",
    "date_max": "day <= ?",
    "updated_min": "updated_day >= ?",
    "updated_max": "updated_day <= ?",
    "clientid": "client = ?",
    "categoryid": "category = ?",
    "projectid": "project = ?",
    "amount_min": "cast(amount as real) >= cast(? as real)",
    "amount_max": "cast(amount as real) <= cast(? as real)",
    "vendor": "party = ?",
    "has_receipt": "receipt = ?",
    "vis_state": "vis = ?",
}
BILL_FILTERS = {"vendorid": "party = ?", "currency_code": "currency = ?", "vis_state": "vis = ?"}
LISTS = {"statuses": "status", "ids": "id"}


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of object. `lists`: whether `search[statuses][]` and the like work on it.

    `new_errors`: whether its errors come in the newer form. `per_page`: when none is asked.
    `extras`: what is only told when it is asked for by `include[]`.
    """

    path: str
    kind: str
    plural: str
    scope: str
    filters: dict[str, str]
    per_page: int
    lists: bool = False
    new_errors: bool = False
    extras: frozenset[str] = frozenset()


RESOURCES = (
    Resource(
        "expenses/expenses",
        "expense",
        "expenses",
        "user:expenses:read",
        EXPENSE_FILTERS,
        15,
        extras=frozenset({"attachment", "category"}),
    ),
    Resource("expenses/categories", "category", "categories", "user:expenses:read", {}, 15),
    Resource(
        "bills/bills",
        "bill",
        "bills",
        "user:bills:read",
        BILL_FILTERS,
        30,
        lists=True,
        new_errors=True,
        extras=frozenset({"lines", "vendor", "attachment"}),
    ),
    Resource(
        "bill_vendors/bill_vendors",
        "bill_vendor",
        "bill_vendors",
        "user:bill_vendors:read",
        {},
        30,
        new_errors=True,
    ),
    Resource(
        "bill_payments/bill_payments",
        "bill_payment",
        "bill_payments",
        "user:bill_payments:read",
        {},
        30,
        new_errors=True,
    ),
)
SCOPES = (
    "user:profile:read",
    "user:expenses:read",
    "user:bills:read",
    "user:bill_vendors:read",
    "user:bill_payments:read",
    "user:taxes:read",
    "user:uploads:read",
)
