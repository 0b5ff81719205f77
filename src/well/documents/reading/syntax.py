"""Which e-invoice syntax an XML tree is written in.

Invariant: a syntax is named by its root and namespace; only the first three are read, the others
are named so that the user knows what the file is.
"""

from lxml import etree

from well.documents.reading.xml_parse import local_name, namespace

CII = "CII"
UBL = "UBL"
ZUGFERD_1 = "ZUGFeRD-1"
READ = (CII, UBL, ZUGFERD_1)

_BY_ROOT = {
    "CrossIndustryInvoice": CII,
    "CrossIndustryDocument": ZUGFERD_1,
    "FatturaElettronica": "FatturaPA",
    "SCRDMCCBDACIOMessageStructure": "Order-X",
    "CrossIndustryOrder": "Order-X",
    "M_INVOIC": "EDIFACT-XML",
    "Facturae": "Facturae",
    "Finvoice": "Finvoice",
    "Faktura": "KSeF",
    "CrossIndustryDespatchAdvice": "Despatch advice",
}
_BY_NAMESPACE = (
    ("ebinterface.at", "ebInterface"),
    ("fatturapa", "FatturaPA"),
    ("urn:sfti:documents", "Svefaktura"),
    ("oioxml", "OIOXML"),
    ("urn:oasis:names:specification:ubl", "UBL document that is no invoice"),
)


def syntax_of(root: etree._Element) -> str | None:
    """Name of the syntax, None when it is no known business document."""
    name, space = local_name(root), namespace(root)
    if name in ("Invoice", "CreditNote") and _is_ubl(root, space):
        return UBL
    if name in _BY_ROOT:
        return _BY_ROOT[name]
    if name.startswith("M_"):
        return "EDIFACT-XML"
    return next((syntax for part, syntax in _BY_NAMESPACE if part in space.lower()), None)


def _is_ubl(root: etree._Element, space: str) -> bool:
    if space:
        return "ubl" in space.lower()
    names = {local_name(child) for child in root}
    return {"ID", "IssueDate", "LegalMonetaryTotal"} <= names
