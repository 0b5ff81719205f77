"""The words of the page in English and French, and how it writes numbers and dates.

Invariant: both languages have the same words; a label is one that our own reader knows, and each
value stands beside its label. Data and formats only.
"""

from datetime import date
from decimal import Decimal
from typing import Final

_SPACE = "\u00a0"


WORDS: Final[dict[str, tuple[str, str]]] = {
    "invoice": ("Invoice", "Facture"),
    "credit_note": ("Credit note", "Avoir"),
    "invoice_number": ("Invoice number", "Numéro de facture"),
    "credit_note_number": ("Credit note number", "Numéro d’avoir"),
    "issue_date": ("Issue date", "Date d’émission"),
    "due_date": ("Due date", "Date d’échéance"),
    "delivery_date": ("Delivery date", "Date de livraison"),
    "period": ("Billing period", "Période de facturation"),
    "currency": ("Currency", "Devise"),
    "purchase_order": ("Purchase order", "Bon de commande"),
    "sales_order": ("Sales order", "Commande"),
    "contract": ("Contract number", "Numéro de contrat"),
    "buyer_reference": ("Customer reference", "Votre référence"),
    "preceding": ("Original invoice", "Facture d’origine"),
    "supplier": ("Supplier", "Fournisseur"),
    "customer": ("Customer", "Client"),
    "vat_id": ("VAT id", "N° TVA"),
    "customer_vat_id": ("Customer VAT id", "N° TVA client"),
    "tax_number": ("Tax number", "Numéro fiscal"),
    "company_id": ("Company number", "N° d’entreprise"),
    "siren": ("SIREN", "SIREN"),
    "contact": ("Contact", "Contact"),
    "phone": ("Phone", "Téléphone"),
    "email": ("E-mail", "E-mail"),
    "website": ("Website", "Site"),
    "country": ("Country", "Pays"),
    "delivery": ("Delivered to", "Adresse de livraison"),
    "description": ("Description", "Désignation"),
    "quantity": ("Quantity", "Quantité"),
    "unit_price": ("Unit price", "Prix unitaire"),
    "vat_rate": ("VAT %", "TVA %"),
    "net_amount": ("Net amount", "Montant HT"),
    "discount": ("Discount", "Remise"),
    "charge": ("Charge", "Frais"),
    "lines_total": ("Total of the lines", "Total des lignes"),
    "net_total": ("Total without VAT", "Total HT"),
    "tax_total": ("Total VAT", "Total TVA"),
    "gross_total": ("Total with VAT", "Total TTC"),
    "prepaid": ("Paid", "Déjà payé"),
    "rounding": ("Rounding", "Arrondi"),
    "payable": ("Amount outstanding", "Reste à payer"),
    "tax_accounting": ("VAT in accounting currency", "TVA en devise comptable"),
    "vat_on": ("VAT", "TVA"),
    "on": ("on", "sur"),
    "iban": ("IBAN", "IBAN"),
    "bic": ("BIC", "BIC"),
    "account_name": ("Account holder", "Titulaire du compte"),
    "payment_terms": ("Payment terms", "Conditions de paiement"),
    "payment_reference": ("Payment reference", "Référence de paiement"),
    "note": ("Note", "Note"),
    "from": ("from", "du"),
    "to": ("to", "au"),
    "per": ("per", "par"),
    "exempt": ("VAT not charged", "TVA non facturée"),
}


def word(name: str, language: str) -> str:
    """The word of a label in "fr" or, for any other language, English."""
    english, french = WORDS[name]
    return french if language == "fr" else english


def number(value: Decimal | None, language: str) -> str:
    """A quantity or rate with the decimals it has, without idle zeros."""
    if value is None:
        return ""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return _marked(text, language)


def amount(value: Decimal | None, language: str, decimals: int = 2) -> str:
    """An amount with `decimals` decimals, or with more where it has more."""
    if value is None:
        return ""
    has = max(decimals, -int(value.normalize().as_tuple().exponent))
    return _marked(f"{value:.{has}f}", language)


def day(value: date | None, language: str) -> str:
    """ISO in English, where day and month change places by country; DD/MM/YYYY in French."""
    if value is None:
        return ""
    return value.strftime("%d/%m/%Y") if language == "fr" else value.isoformat()


def _marked(text: str, language: str) -> str:
    sign = "-" if text.startswith("-") else ""
    whole, _, part = text.removeprefix("-").partition(".")
    groups = f"{int(whole):,}".replace(",", _SPACE if language == "fr" else ",")
    mark = "," if language == "fr" else "."
    return f"{sign}{groups}{mark}{part}" if part else f"{sign}{groups}"
