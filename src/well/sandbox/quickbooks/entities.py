"""The entities that can be asked for, and what each may be filtered and sorted by.

Invariant: a query reaches the tables only through an expression of this table, so no text of a
client ever becomes SQL. It does not know what the bodies mean.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "number", "time", "date", "flag", "link"]


@dataclass(frozen=True)
class Field:
    """One queryable property: its name, the SQL expression that yields it, and how it compares."""

    name: str
    sql: str
    kind: Kind


@dataclass(frozen=True)
class Entity:
    """One entity. `listed` ones can be inactive and then are hidden; others can be deleted."""

    name: str
    listed: bool
    fields: dict[str, Field]
    changes: bool = True


def _field(name: str, kind: Kind, sql: str = "") -> Field:
    return Field(name, sql or f"json_extract(body, '$.{name}')", kind)


def _ref(name: str, sql: str = "") -> Field:
    return Field(name, sql or f"json_extract(body, '$.{name}.value')", "text")


COMMON = (
    _field("Id", "id", "num"),
    _field("SyncToken", "text"),
    _field("MetaData.CreateTime", "time", "created"),
    _field("MetaData.LastUpdatedTime", "time", "updated"),
)
TRANSACTION = (
    _field("TxnDate", "date", "txn_date"),
    _field("DocNumber", "text", "doc_number"),
    _field("TotalAmt", "number", "amount"),
    _ref("CurrencyRef"),
)
OPEN = (_field("DueDate", "date"), _field("Balance", "number"))
VENDOR = (_ref("VendorRef", "party"),)
CUSTOMER = (_ref("CustomerRef", "party"),)
LISTED = (_field("Active", "flag", "active"),)
NAMED = (*LISTED, _field("Name", "text", "name"))
PERSON = (
    *LISTED,
    _field("DisplayName", "text", "name"),
    *(_field(name, "text") for name in ("CompanyName", "GivenName", "FamilyName")),
    _field("PrintOnCheckName", "text"),
    _field("Balance", "number"),
)
ATTACHED = (
    *(_field(name, "text") for name in ("FileName", "ContentType", "Category", "Note")),
    _field("Size", "number"),
    _field("AttachableRef.EntityRef.Type", "link", "type"),
    _field("AttachableRef.EntityRef.Value", "link", "value"),
)
ACCOUNT = tuple(
    _field(name, "text")
    for name in ("FullyQualifiedName", "AccountType", "AccountSubType", "Classification", "AcctNum")
)


def _entity(name: str, *groups: tuple[Field, ...], listed: bool, changes: bool = True) -> Entity:
    fields = [field for group in (COMMON, *groups) for field in group]
    return Entity(name, listed, {field.name.lower(): field for field in fields}, changes)


def _transaction(name: str, *groups: tuple[Field, ...]) -> Entity:
    return _entity(name, TRANSACTION, *groups, listed=False)


def _named(name: str, *groups: tuple[Field, ...], changes: bool = True) -> Entity:
    return _entity(name, NAMED, *groups, listed=True, changes=changes)


_ALL = (
    _transaction("Bill", OPEN, VENDOR, (_ref("APAccountRef"), _ref("SalesTermRef"))),
    _transaction("VendorCredit", VENDOR, (_field("Balance", "number"),)),
    _transaction("Purchase", (_field("PaymentType", "text"), _ref("AccountRef"))),
    _transaction("PurchaseOrder", VENDOR, (_field("POStatus", "text"), _field("DueDate", "date"))),
    _transaction("BillPayment", VENDOR, (_field("PayType", "text"),)),
    _transaction("Invoice", OPEN, CUSTOMER),
    _transaction("SalesReceipt", CUSTOMER, (_field("Balance", "number"),)),
    _transaction("CreditMemo", CUSTOMER, (_field("Balance", "number"),)),
    _transaction("Payment", CUSTOMER, (_field("UnappliedAmt", "number"),)),
    *(
        _transaction(name)
        for name in ("Deposit", "Estimate", "JournalEntry", "RefundReceipt", "Transfer")
    ),
    _entity("Vendor", PERSON, listed=True),
    _entity("Customer", PERSON, (_field("FullyQualifiedName", "text"),), listed=True),
    _entity("Employee", PERSON, listed=True),
    _named("Account", ACCOUNT, (_field("CurrentBalance", "number"),)),
    _named("TaxCode", changes=False),
    _named("TaxRate", changes=False),
    *(_named(name) for name in ("Item", "Class", "Department", "Term", "PaymentMethod")),
    _entity("TaxAgency", listed=False, changes=False),
    _entity("TimeActivity", listed=False, changes=False),
    _entity("JournalCode", listed=False, changes=False),
    _entity("Attachable", ATTACHED, listed=False),
    _entity("CompanyInfo", listed=False),
)
ENTITIES: dict[str, Entity] = {entity.name.lower(): entity for entity in _ALL}
