"""Labels, numbers and dates as suppliers of each language print them.

Invariant: a supplier always uses the same labels and formats. Amounts are formatted from minor
units by whole-number arithmetic.
"""

from dataclasses import dataclass
from datetime import date

from well.sandbox.world.model import places

LABELS: dict[str, dict[str, tuple[str, ...]]] = {
    "fr": {
        "invoice": ("Facture", "FACTURE", "Facture", "FACTURE", "Facture", "Facture"),
        "credit": ("Avoir", "AVOIR", "Facture d'avoir", "AVOIR", "Avoir", "Note de crédit"),
        "number": (
            "Facture n°",
            "N° de facture",
            "Numéro de facture",
            "Référence facture",
            "Facture N°",
            "N° facture",
        ),
        "credit_number": (
            "Avoir n°",
            "N° d'avoir",
            "Numéro d'avoir",
            "Avoir n°",
            "Avoir N°",
            "N° avoir",
        ),
        "issued": (
            "Date de facture",
            "Date d'émission",
            "Date",
            "Émise le",
            "Date de facturation",
            "Date facture",
        ),
        "due": (
            "Échéance",
            "Date d'échéance",
            "À régler avant le",
            "Payable le",
            "Date limite de paiement",
            "Échéance",
        ),
        "net": (
            "Total HT",
            "Montant HT",
            "Total hors taxes",
            "Sous-total HT",
            "Total HT",
            "Total net HT",
        ),
        "tax": ("TVA", "Montant TVA", "TVA", "TVA", "Total TVA", "TVA"),
        "total": (
            "Total TTC",
            "Net à payer",
            "Montant TTC",
            "Total à payer",
            "Total TTC",
            "Net à payer TTC",
        ),
        "customer": ("Client", "Facturé à", "Destinataire", "Client", "Adressée à", "Client"),
        "account": ("N° client",) * 6,
        "order": ("Votre commande", "Réf. commande", "Commande") * 2,
        "text": ("Désignation", "Description", "Libellé") * 2,
        "quantity": ("Qté", "Quantité", "Qté") * 2,
        "unit": ("PU HT", "Prix unitaire", "P.U. HT") * 2,
        "amount": ("Montant HT", "Total HT", "Montant") * 2,
        "iban": ("IBAN", "IBAN", "Coordonnées bancaires - IBAN", "IBAN", "Virement IBAN", "IBAN"),
        "vat": ("TVA intracommunautaire", "N° TVA", "N° TVA intracom.") * 2,
        "register": ("SIREN",) * 6,
        "thanks": ("Nous vous remercions de votre confiance.",) * 6,
        "dear": ("Madame, Monsieur,",) * 6,
        "letter": ("Veuillez trouver ci-dessous le détail de nos prestations.",) * 6,
        "reverse": ("Autoliquidation : TVA due par le preneur.",) * 6,
        "page": ("Page 1/1",) * 6,
        "delivery": ("Bon de livraison",) * 6,
    },
    "en": {
        "invoice": ("Invoice", "INVOICE", "Tax invoice", "INVOICE", "Invoice", "Invoice"),
        "credit": (
            "Credit note",
            "CREDIT NOTE",
            "Credit memo",
            "CREDIT NOTE",
            "Credit note",
            "Credit note",
        ),
        "number": (
            "Invoice number",
            "Invoice No.",
            "Invoice #",
            "Invoice no",
            "Invoice ID",
            "Invoice",
        ),
        "credit_number": (
            "Credit note number",
            "Credit note No.",
            "Credit memo #",
            "Credit note no",
            "Credit note ID",
            "Credit note",
        ),
        "issued": ("Invoice date", "Date of issue", "Date", "Issued", "Issue date", "Invoice date"),
        "due": ("Due date", "Payment due", "Due", "Pay by", "Due date", "Date due"),
        "net": ("Subtotal", "Net amount", "Subtotal", "Total excl. VAT", "Net total", "Subtotal"),
        "tax": ("VAT", "VAT", "Tax", "VAT", "VAT", "Tax"),
        "total": (
            "Total",
            "Total due",
            "Amount due",
            "Total incl. VAT",
            "Invoice total",
            "Grand total",
        ),
        "customer": ("Bill to", "Customer", "Billed to", "Sold to", "Bill to", "To"),
        "account": ("Customer no",) * 6,
        "order": ("Your order", "PO number", "Purchase order") * 2,
        "text": ("Description", "Item", "Details") * 2,
        "quantity": ("Qty", "Quantity", "Units") * 2,
        "unit": ("Unit price", "Rate", "Price") * 2,
        "amount": ("Amount", "Line total", "Amount") * 2,
        "iban": ("IBAN", "Bank account (IBAN)", "IBAN") * 2,
        "vat": ("VAT number", "VAT ID", "VAT reg. no") * 2,
        "register": ("Company no",) * 6,
        "thanks": ("Thank you for your business.",) * 6,
        "dear": ("Dear customer,",) * 6,
        "letter": ("Please find below the account of our services.",) * 6,
        "reverse": ("Reverse charge: VAT to be accounted for by the recipient.",) * 6,
        "page": ("Page 1 of 1",) * 6,
        "delivery": ("Delivery note",) * 6,
    },
    "de": {
        "invoice": ("Rechnung", "RECHNUNG", "Rechnung", "RECHNUNG", "Rechnung", "Rechnung"),
        "credit": (
            "Gutschrift",
            "GUTSCHRIFT",
            "Rechnungskorrektur",
            "GUTSCHRIFT",
            "Gutschrift",
            "Gutschrift",
        ),
        "number": (
            "Rechnungsnummer",
            "Rechnungs-Nr.",
            "Rechnung Nr.",
            "Belegnummer",
            "Rechnungsnummer",
            "Rechnungs-Nr.",
        ),
        "credit_number": ("Gutschriftnummer", "Gutschrift-Nr.", "Gutschrift Nr.") * 2,
        "issued": ("Rechnungsdatum", "Datum", "Ausgestellt am") * 2,
        "due": ("Fällig am", "Zahlbar bis", "Fälligkeitsdatum") * 2,
        "net": ("Nettobetrag", "Summe netto", "Zwischensumme") * 2,
        "tax": ("USt.", "MwSt.", "Umsatzsteuer") * 2,
        "total": ("Gesamtbetrag", "Rechnungsbetrag", "Zu zahlender Betrag") * 2,
        "customer": ("Kunde", "Rechnung an", "Empfänger") * 2,
        "account": ("Kundennummer",) * 6,
        "order": ("Ihre Bestellung", "Bestellnummer", "Bestellung") * 2,
        "text": ("Bezeichnung", "Leistung", "Beschreibung") * 2,
        "quantity": ("Menge",) * 6,
        "unit": ("Einzelpreis", "Preis", "E-Preis") * 2,
        "amount": ("Betrag", "Gesamt", "Netto") * 2,
        "iban": ("IBAN",) * 6,
        "vat": ("USt-IdNr.", "USt-ID", "Umsatzsteuer-ID") * 2,
        "register": ("Handelsregister",) * 6,
        "thanks": ("Vielen Dank für Ihren Auftrag.",) * 6,
        "dear": ("Sehr geehrte Damen und Herren,",) * 6,
        "letter": ("wir erlauben uns, unsere Leistungen wie folgt zu berechnen.",) * 6,
        "reverse": ("Steuerschuldnerschaft des Leistungsempfängers.",) * 6,
        "page": ("Seite 1 von 1",) * 6,
        "delivery": ("Lieferschein",) * 6,
    },
}
MONTHS = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
}
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
SEPARATORS = {"fr": ("\N{NO-BREAK SPACE}", ","), "de": (".", ","), "en": (",", ".")}


def grouped(minor: int, currency: str, lang: str) -> str:
    """An amount without its currency, in the manner of `lang`."""
    thousands, point = SEPARATORS[lang]
    digits = places(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    text = f"{whole:,}".replace(",", thousands)
    text += f"{point}{rest:0{digits}d}" if digits else ""
    return f"-{text}" if minor < 0 else text


@dataclass(frozen=True, slots=True)
class Words:
    """One supplier's way of writing: its language, label choice and country."""

    lang: str
    style: int
    country: str
    currency: str

    def label(self, name: str) -> str:
        """The supplier's label for a field."""
        return LABELS[self.lang][name][self.style]

    def amount(self, minor: int) -> str:
        """An amount with its currency."""
        number = grouped(minor, self.currency, self.lang)
        sign = SIGNS.get(self.currency)
        if sign is None or self.style % 3 == 2:
            return f"{number} {self.currency}"
        if self.lang == "en":
            return f"{sign}{number}"
        return f"{number} {sign}"

    def bare(self, minor: int) -> str:
        """An amount inside a table that names its currency elsewhere."""
        return grouped(minor, self.currency, self.lang)

    def percent(self, hundredths: int) -> str:
        """A tax rate: `20 %`, `5,5 %`, `20%`."""
        point = "." if self.lang == "en" else ","
        whole, rest = divmod(hundredths, 100)
        text = f"{whole}" + (f"{point}{rest:02d}".rstrip("0") if rest else "")
        return f"{text}%" if self.lang == "en" else f"{text} %"

    def day(self, day: date) -> str:
        """A date in local form; half of the suppliers write the month as a word."""
        month = MONTHS[self.lang][day.month - 1]
        if self.lang == "fr":
            return f"{day.day} {month} {day.year}" if self.style % 3 == 1 else f"{day:%d/%m/%Y}"
        if self.lang == "de":
            return f"{day.day}. {month} {day.year}" if self.style % 3 == 1 else f"{day:%d.%m.%Y}"
        if self.country == "US":
            return f"{month} {day.day}, {day.year}" if self.style % 2 else f"{day:%m/%d/%Y}"
        if self.style % 3 == 2:
            return f"{day:%Y-%m-%d}"
        return f"{day.day} {month} {day.year}" if self.style % 3 == 1 else f"{day:%d/%m/%Y}"
