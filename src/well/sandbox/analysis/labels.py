"""The words printed beside the values, in English, French and German (a few more for numbers).

Invariant: patterns match folded text (lower case, no accents) from the start of a cell; the lower
the rank, the surer the label. Data only.
"""

import re
from dataclasses import dataclass

_END = r"(?![a-z0-9])"


@dataclass(frozen=True, slots=True)
class Label:
    """`below`: the value may stand under the label; `box`: even at the far edge of a box."""

    pattern: re.Pattern[str]
    rank: int
    below: bool = True
    box: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The labels of one field; `gate` matches where any of them does, to pass by quickly."""

    labels: tuple[Label, ...]
    gate: re.Pattern[str]


def table(*labels: Label) -> Table:
    """A table with its gate."""
    return Table(labels, re.compile("|".join(label.pattern.pattern for label in labels)))


def _label(pattern: str, rank: int, *, below: bool = True, box: bool = False) -> Label:
    return Label(re.compile(f"(?:{pattern}){_END}"), rank, below, box)


_NO = r"(?:number|num\.?|no\.?|nr\.?|n°|nº|n\.º|#|id)"
_DOC = r"(?:tax )?(?:invoice|credit note|credit memo|bill|receipt|document)"
_PIECE = r"(?:facture|l'avoir|avoir|piece|document)"
NUMBER = table(
    _label(rf"{_DOC}\s?{_NO}", 0),
    _label(rf"(?:numero|n°|no\.?|nº|ref\.?|reference)(?: d[eu])?(?: la)? ?(?:d')?{_PIECE}", 0),
    _label(rf"{_PIECE}(?: d'avoir)? ?(?:n°|nº|no\.?|nr\.?|numero|#)", 0),
    _label(r"(?:rechnung|gutschrift|beleg)s?[- ]?(?:nr\.?|nummer|no\.?|#)", 0),
    _label(rf"factura {_NO}|numero de factura|factuur(?:nummer|nr\.?)", 0),
    _label(rf"{_DOC} (?:ref\.?|reference)|our (?:ref\.?|reference)|notre ref(?:erence|\.)?", 1),
    _label(r"(?:tax )?invoice|credit note|facture d'avoir|facture|avoir", 2, below=False),
    _label(r"rechnung|gutschrift|factura|factuur", 2, below=False),
    _label(r"n°|nº|no\.|nr\.", 3, below=False),
)
ISSUE = table(
    _label(r"(?:invoice|issue|issuing|billing|bill|document|credit note|tax point) date", 0),
    _label(r"date of (?:issue|invoice)|(?:date )?issued(?: on)?|invoiced on", 0),
    _label(rf"date d'emission|date de (?:la )?(?:facturation|emission|{_PIECE})", 0),
    _label(r"date facture|date d'avoir|emise? le|facture du", 0),
    _label(
        r"ausgestellt am|rechnungs-?datum|ausstellungs-?datum|beleg-?datum|gutschrifts-?datum", 0
    ),
    _label(r"fecha(?: de (?:factura|emision))?|factuurdatum", 0),
    _label(r"date|datum|dated", 1),
    _label(rf"(?:\w*rechnung|gutschrift|{_DOC}|{_PIECE})\b.{{0,40}}? (?:vom|du|of|dated)", 1),
)
DUE = table(
    _label(r"(?:payment )?due(?: date| by| on)?|date due|pay(?:able|ment)? (?:by|before|until)", 0),
    _label(r"(?:date d'|date )?echeance(?: le)?|date limite(?: de (?:paiement|reglement))?", 0),
    _label(r"(?:a (?:payer|regler)|payable|reglement)(?: avant)?(?: le)", 0),
    _label(r"fallig(?:keit(?:sdatum)?)?(?: am| bis)?|faellig(?:keit)?(?: am)?", 0),
    _label(r"zahlbar(?: bis)?(?: zum)?|zu zahlen bis|zahlungsziel|vencimiento|vervaldatum", 0),
)
_WITH = r"(?:with|including|incl\.?|inc\.?)"
_WITHOUT = r"(?:without|excluding|excl\.?|ex\.?|before)"
_VAT = r"(?:vat|tax(?:es)?|gst|tva|mwst\.?|ust\.?)"
GROSS = table(
    _label(
        rf"(?:grand |invoice )?total(?: amount)? {_WITH} {_VAT}|grand total|invoice total",
        0,
        box=True,
    ),
    _label(
        r"(?:montant )?total (?:ttc|toutes taxes comprises)|montant ttc|total general(?: ttc)?",
        0,
        box=True,
    ),
    _label(r"gesamt(?:betrag|summe)(?: brutto)?(?: inkl\. (?:mwst\.?|ust\.?))?", 0, box=True),
    _label(
        r"(?:rechnungs|brutto|end|gutschrifts)-?(?:betrag|summe)|summe brutto|brutto", 0, box=True
    ),
    _label(
        r"(?:total |amount |balance )(?:due|payable|to pay)|total a payer|net a payer(?: ttc)?",
        1,
        box=True,
    ),
    _label(
        r"montant (?:total )?a payer|montant du|zu zahlen(?:der betrag)?|zahl-?betrag", 1, box=True
    ),
    _label(r"total credit|credit total|total avoir|total de l'avoir", 1, box=True),
    _label(r"(?:montant )?total|total amount|gesamt|summe|totale|totaal", 2, below=False),
)
NET = table(
    _label(
        rf"total(?: amount)? {_WITHOUT} {_VAT}|sub-?\s?total|net (?:amount|total)|total net(?! ht)",
        0,
    ),
    _label(
        r"(?:montant )?total (?:ht|hors taxes?)|montant ht|sous-total(?: ht)?|net ht|base ht", 0
    ),
    _label(r"netto-?(?:betrag|summe)|zwischensumme|summe netto|gesamt netto|netto", 0),
    _label(r"rechnungssumme ohne ust\.?|total net ht", 0),
)
_RATE = r"(?: ?\(?(?:@ ?)?\d{1,2}(?:[.,]\d{1,2})? ?%\)?)?"
TAX = table(
    _label(rf"(?:total |montant |dont |zzgl\. |montant (?:de la |total de la ))?{_VAT}{_RATE}", 0),
    _label(rf"(?:vat|tax|sales tax)(?: amount| total)?{_RATE}|total (?:vat|tax)", 0),
    _label(rf"\d{{1,2}}(?:[.,]\d{{1,2}})? ?% {_VAT}", 0),
    _label(rf"(?:mehrwert|umsatz)steuer{_RATE}|(?:mwst|ust|steuer)\.?-?betrag|taxes?", 0),
)
CURRENCY = table(
    _label(r"currency|devise|wahrung|waehrung|monnaie|moneda|valuta", 0),
)
VAT_ID = table(
    _label(rf"{_VAT} (?:reg(?:istration)?\.? ?)?(?:id|number|no\.?|nr\.?|n°|reg\.?)", 0),
    _label(r"n° (?:de )?tva(?: intracom(?:munautaire|\.)?)?|(?:id\. ?)?tva intracom(?:\w*|\.)", 0),
    _label(r"numero de tva|ust-?\.?-?id(?:-?nr\.?| nr\.?)?|umsatzsteuer-id\w*|nif|cif|btw", 0),
    _label(r"vat|tva|tax id", 1),
)
SUPPLIER = table(
    _label(r"supplier(?: name)?|vendor(?: name)?|seller|issued by|billed by|sold by", 0),
    _label(r"fournisseur|vendeur|emetteur|emise? par|societe emettrice", 0),
    _label(r"lieferant|verkaufer|rechnungssteller|absender|leistungserbringer", 0),
    _label(r"from|de|von", 1),
)
HOLDER = table(
    _label(r"account (?:holder|name)|beneficiary|payable to|titulaire(?: du compte)?", 0),
    _label(r"beneficiaire|kontoinhaber|zahlungsempfanger|empfanger", 0),
)
OTHER = re.compile(
    r"(?:bill(?:ed)? to|sold to|ship to|customer|client|kunde|to|a l'attention|adresse|rechnung an|"
    r"country|pays|land|page|seite|nummer|number|datum|date|betrag|amount|name|description|designation|beschreibung|qty|quantity|quantite|menge|siret|siren|rcs|"
    r"tel|phone|e-?mail|www|http|bic|swift|bank|banque|purchase order|commande|bestellung)\b"
)
CREDIT = re.compile(
    r"(?:credit (?:note|memo)|supplier credit|vendor credit|facture d'avoir|avoir|note de credit|"
    r"gutschrift|storno-?rechnung|rechnungskorrektur|creditnota|nota de credito)(?![a-z])"
)
TITLE = re.compile(
    r"(?:tax )?(?:invoice|credit note|facture|avoir|rechnung|gutschrift|statement|receipt|original|"
    r"duplicata?|copy|copie|rendition|bill|quittung|recu)(?![a-z])"
)
LEGAL_FORM = re.compile(
    r"(?<![\w])(?:sasu?|sarl|s\.a\.r\.l\.?|eurl|s\.?a\.?|sca|snc|gmbh(?: & co\.? kg)?|ag|ug|kg|ohg|"
    r"e\.?k\.?|ltd\.?|limited|llp|llc|plc|inc\.?|corp\.?|s\.?l\.?u?\.?|b\.?v\.?|n\.?v\.?|dac|se|oy|"
    r"s\.?r\.?l\.?|s\.?p\.?a\.?|ab|aps|a/s)(?![\w])"
)
