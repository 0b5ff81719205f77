"""The company itself, its chart of accounts, tax codes and exchange rates.

Invariant: every account number a trade names and every tax rate a document may carry exists here.
The company is invented; so are the rates between currencies (home currency: EUR).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from well.sandbox.world.checkdigits import fr_vat, iban, luhn

SIREN = luhn("90214477")
NAME = "Atelier Boréal SAS"
VAT = fr_vat(SIREN)
ADDRESS = ("18 rue de la Charité", "69002", "Lyon", "France")
IBAN = iban("FR", "30004008280001234567876")
HOME = "EUR"


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the chart. `bank` accounts are what the account trigger reads."""

    id: str
    number: str
    name: str
    type: str
    subtype: str
    classification: str
    currency: str = HOME


def _expense(id: str, number: str, name: str) -> Account:
    return Account(id, number, name, "Expense", "OtherMiscellaneousServiceCost", "Expense")


ACCOUNTS = (
    Account(
        "33", "4010", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable", "Liability"
    ),
    Account(
        "34",
        "4011",
        "Accounts Payable (A/P) - USD",
        "Accounts Payable",
        "AccountsPayable",
        "Liability",
        "USD",
    ),
    Account(
        "35",
        "4012",
        "Accounts Payable (A/P) - GBP",
        "Accounts Payable",
        "AccountsPayable",
        "Liability",
        "GBP",
    ),
    Account(
        "36",
        "4013",
        "Accounts Payable (A/P) - CHF",
        "Accounts Payable",
        "AccountsPayable",
        "Liability",
        "CHF",
    ),
    Account(
        "37",
        "4014",
        "Accounts Payable (A/P) - JPY",
        "Accounts Payable",
        "AccountsPayable",
        "Liability",
        "JPY",
    ),
    Account(
        "40",
        "4110",
        "Accounts Receivable (A/R)",
        "Accounts Receivable",
        "AccountsReceivable",
        "Asset",
    ),
    Account("41", "5121", "Compte courant Qonto", "Bank", "Checking", "Asset"),
    Account("42", "5122", "Compte épargne", "Bank", "Savings", "Asset"),
    Account("43", "5124", "Compte USD", "Bank", "Checking", "Asset", "USD"),
    Account("44", "5125", "Carte d'entreprise", "Credit Card", "CreditCard", "Liability"),
    Account("45", "7060", "Prestations de services", "Income", "ServiceFeeIncome", "Revenue"),
    Account("46", "44566", "TVA déductible", "Other Current Asset", "OtherCurrentAssets", "Asset"),
    Account(
        "47",
        "44571",
        "TVA collectée",
        "Other Current Liability",
        "OtherCurrentLiabilities",
        "Liability",
    ),
    _expense("61", "6156", "6156 Logiciels et recherche"),
    _expense("62", "6135", "6135 Hébergement et locations mobilières"),
    _expense("63", "6262", "6262 Télécommunications"),
    _expense("64", "6132", "6132 Locations immobilières"),
    _expense("65", "6155", "6155 Entretien et nettoyage"),
    _expense("66", "6226", "6226 Honoraires"),
    _expense("67", "6231", "6231 Annonces et insertions"),
    _expense("68", "6251", "6251 Voyages et déplacements"),
    _expense("69", "6257", "6257 Réceptions"),
    _expense("70", "6064", "6064 Fournitures administratives"),
    _expense("71", "6061", "6061 Énergie"),
    _expense("72", "6236", "6236 Catalogues et imprimés"),
    _expense("73", "6333", "6333 Formation"),
    _expense("74", "6241", "6241 Transports sur achats"),
    _expense("75", "6228", "6228 Rémunérations diverses"),
    _expense("76", "6022", "6022 Fournitures consommables"),
    _expense("77", "6270", "6270 Services bancaires"),
)
BY_NUMBER = {account.number: account for account in ACCOUNTS}
PAYABLE = {a.currency: a for a in ACCOUNTS if a.type == "Accounts Payable"}
BANK = BY_NUMBER["5121"]
CARD = BY_NUMBER["5125"]


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax code and its one rate; `percent` in hundredths of a percent."""

    code: str
    rate_id: str
    name: str
    percent: int
    description: str


RATES = (
    Rate("4", "7", "TVA 20 %", 2000, "Taux normal"),
    Rate("5", "8", "TVA 10 %", 1000, "Taux intermédiaire"),
    Rate("6", "9", "TVA 5,5 %", 550, "Taux réduit"),
    Rate("7", "10", "TVA 0 %", 0, "Exonéré"),
    Rate("8", "11", "Autoliquidation UE", 0, "Prestations intracommunautaires"),
    Rate("9", "12", "USt 19 %", 1900, "Allemagne"),
    Rate("10", "13", "IVA 21 %", 2100, "Espagne, Pays-Bas, Belgique"),
    Rate("11", "14", "TVA 2,1 %", 210, "Taux super réduit"),
)
_BY_PERCENT = {rate.percent: rate for rate in reversed(RATES)}
EU = frozenset({"DE", "ES", "NL", "IE", "BE"})


def rate_for(percent: int, country: str) -> Rate:
    """The tax code for a rate charged by a supplier of `country`."""
    if percent == 0 and country in EU:
        return RATES[4]
    return _BY_PERCENT[percent]


_BASE = {"EUR": "1", "USD": "0.9215", "GBP": "1.1682", "CHF": "1.0455", "JPY": "0.00614"}


def exchange_rate(currency: str, day: date) -> Decimal:
    """Euros for one unit on `day`: invented, drifting by less than 3 % over a year."""
    base = Decimal(_BASE[currency])
    if currency == HOME:
        return base
    swing = Decimal((day.toordinal() * 7919) % 601 - 300).scaleb(-4)
    return (base * (1 + swing / 3)).quantize(Decimal("0.000001"))
