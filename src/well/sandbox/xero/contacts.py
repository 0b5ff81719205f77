"""Contacts, accounts, tax rates and tracking categories, as Xero writes them.

Invariant: each is made of one body of the company's books (vendor, customer, account, rate) or is
fixed; supplier and customer are both contacts. Pure.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from well.sandbox.kit.company import Body
from well.sandbox.world import ledger
from well.sandbox.xero.kinds import guid

CODES = {account.id: account.number for account in ledger.ACCOUNTS}
TYPES = {
    "Accounts Payable": ("CURRLIAB", "LIABILITY", "CREDITORS"),
    "Accounts Receivable": ("CURRENT", "ASSET", "DEBTORS"),
    "Bank": ("BANK", "ASSET", ""),
    "Credit Card": ("BANK", "LIABILITY", ""),
    "Income": ("REVENUE", "REVENUE", ""),
    "Other Current Asset": ("CURRENT", "ASSET", ""),
    "Other Current Liability": ("CURRLIAB", "LIABILITY", "GST"),
    "Expense": ("EXPENSE", "EXPENSE", ""),
}
TAXES = {
    "4": "INPUT2",
    "5": "TAX002",
    "6": "TAX003",
    "7": "NONE",
    "8": "RRINPUT",
    "9": "TAX005",
    "10": "TAX006",
    "11": "TAX007",
}
TAX_OF_RATE = {rate.rate_id: TAXES[rate.code] for rate in ledger.RATES}
RATE_OF = {rate.code: rate.percent for rate in ledger.RATES}
SALES_TAX = "OUTPUT2"
TRACKING = {"Region": ("EU", "World"), "Department": ("Atelier", "Studio", "Office")}


def contact_id(entity: str, key: str) -> str:
    """The ContactID of a vendor or customer of the books."""
    return guid("Contact", entity, key)


def contact(entity: str, body: Body) -> Body:
    """A vendor or customer as a Contact."""
    supplier = entity == "Vendor"
    bank = body.get("VendorPaymentBankDetail") or {}
    optional = {
        "TaxNumber": body.get("TaxIdentifier"),
        "Website": (body.get("WebAddr") or {}).get("URI"),
        "BankAccountDetails": bank.get("BankAccountNumber"),
    }
    return {
        "ContactID": contact_id(entity, str(body["Id"])),
        "ContactStatus": "ACTIVE" if body.get("Active", True) else "ARCHIVED",
        "Name": body["DisplayName"],
        "EmailAddress": (body.get("PrimaryEmailAddr") or {}).get("Address", ""),
        **{name: value for name, value in optional.items() if value},
        "Addresses": _addresses(body.get("BillAddr") or {}),
        "Phones": _phones((body.get("PrimaryPhone") or {}).get("FreeFormNumber", "")),
        "IsSupplier": supplier,
        "IsCustomer": not supplier,
        "DefaultCurrency": (body.get("CurrencyRef") or {}).get("value", ledger.HOME),
        "ContactGroups": [],
        "ContactPersons": [],
        "HasAttachments": False,
        "HasValidationErrors": False,
    }


def _addresses(given: Mapping[str, Any]) -> list[Body]:
    filled = {
        "AddressLine1": given.get("Line1", ""),
        "City": given.get("City", ""),
        "PostalCode": given.get("PostalCode", ""),
        "Country": given.get("Country", ""),
    }
    street = {"AddressType": "STREET", "City": "", "PostalCode": "", "Country": ""}
    return [street, {"AddressType": "POBOX"} | filled]


def _phones(number: str) -> list[Body]:
    return [
        {
            "PhoneType": kind,
            "PhoneNumber": number if kind == "DEFAULT" else "",
            "PhoneAreaCode": "",
            "PhoneCountryCode": "",
        }
        for kind in ("DDI", "DEFAULT", "FAX", "MOBILE")
    ]


def merged(into: Body) -> Body:
    """A contact that was merged into another long ago: archived, and it says where it went."""
    return into | {
        "ContactID": guid("Contact", "merged", into["ContactID"]),
        "ContactStatus": "ARCHIVED",
        "Name": f"{into['Name']} (old)",
        "MergedToContactID": into["ContactID"],
    }


def account(body: Body) -> Body:
    """A line of the chart."""
    kind, of_class, system = TYPES.get(str(body.get("AccountType")), ("EXPENSE", "EXPENSE", ""))
    made = {
        "AccountID": account_id(str(body["Id"])),
        "Code": account_code(str(body["Id"])),
        "Name": body["Name"],
        "Status": "ACTIVE" if body.get("Active", True) else "ARCHIVED",
        "Type": kind,
        "TaxType": "INPUT2" if kind == "EXPENSE" else "NONE",
        "Class": of_class,
        "EnablePaymentsToAccount": kind == "BANK",
        "ShowInExpenseClaims": False,
        "ReportingCode": "",
        "HasAttachments": False,
    }
    if system:
        made["SystemAccount"] = system
    if kind == "BANK":
        card = body.get("AccountType") == "Credit Card"
        number = ledger.IBAN if body["Id"] == ledger.BANK.id else f"{int(body['Id']):010d}"
        made["BankAccountNumber"] = number
        made["BankAccountType"] = "CREDITCARD" if card else "BANK"
        made["CurrencyCode"] = (body.get("CurrencyRef") or {}).get("value", ledger.HOME)
    return made


def account_id(key: str) -> str:
    """The AccountID of an account of the books."""
    return guid("Account", key)


def account_code(key: str) -> str:
    """The account's number; of one that the chart does not have, its id."""
    return CODES.get(key, key)


def tax_rate(body: Body) -> Body:
    """A rate for purchases."""
    rate = Decimal(body.get("RateValue", 0))
    return _rate(TAX_OF_RATE.get(str(body["Id"]), f"TAX{body['Id']}"), body["Name"], rate)


def sales_rate() -> Body:
    """The one rate that sales carry."""
    return _rate(SALES_TAX, "TVA collectée 20 %", Decimal("20.00"))


def _rate(kind: str, name: str, rate: Decimal) -> Body:
    sales = kind == SALES_TAX
    component = {"Name": "TVA", "Rate": rate, "IsCompound": False, "IsNonRecoverable": False}
    return {
        "Name": name,
        "TaxType": kind,
        "ReportTaxType": "OUTPUT" if sales else "INPUT",
        "CanApplyToAssets": True,
        "CanApplyToEquity": False,
        "CanApplyToExpenses": not sales,
        "CanApplyToLiabilities": True,
        "CanApplyToRevenue": sales,
        "DisplayTaxRate": rate,
        "EffectiveRate": rate,
        "Status": "ACTIVE",
        "TaxComponents": [component],
    }


def tracking_categories() -> Iterator[Body]:
    """The two categories by which lines are tracked."""
    for name, options in TRACKING.items():
        yield {
            "TrackingCategoryID": guid("TrackingCategory", name),
            "Name": name,
            "Status": "ACTIVE",
            "Options": [
                {
                    "TrackingOptionID": guid("TrackingOption", name, option),
                    "Name": option,
                    "Status": "ACTIVE",
                }
                for option in options
            ],
        }


def tracked(key: str) -> list[Body]:
    """The tracking of a line: none, one or both categories, fixed by its id."""
    chosen = int(key[:8], 16)
    found = []
    for at, (name, options) in enumerate(TRACKING.items()):
        if chosen >> at & 1:
            option = options[chosen // 7 % len(options)]
            known = guid("TrackingCategory", name)
            found.append({"Name": name, "Option": option, "TrackingCategoryID": known})
    return found
