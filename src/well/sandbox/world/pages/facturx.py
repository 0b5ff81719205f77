"""Factur-X: the invoice as CII XML (EN 16931 profile), and its embedding in a PDF.

Invariant: the XML's sums follow EN 16931 (lines, net, tax by rate, total) from the same paper as
the page, but for the one shift that a scenario asks for. Written by hand from the published
names; it is a supplier's document, not the product's writer.
"""

from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape

import pikepdf

from well.sandbox.world import ledger
from well.sandbox.world.model import money, places, tax_of
from well.sandbox.world.paper import Paper, PaperLine

RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
PROFILE = "urn:cen.eu:en16931:2017"
FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"


def tag(name: str, content: str, **attributes: str) -> str:
    """An element of the aggregate name space; `content` is XML."""
    extra = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<ram:{name}{extra}>{content}</ram:{name}>"


def _date(name: str, day: date) -> str:
    return tag(name, f'<udt:DateTimeString format="102">{day:%Y%m%d}</udt:DateTimeString>')


def _amount(minor: int, currency: str) -> str:
    return str(money(minor, currency))


def _percent(rate: int) -> str:
    return f"{rate // 100}.{rate % 100:02d}"


def _category(paper: Paper, rate: int) -> str:
    """The tax category: standard, reverse charge in the Union, or outside its scope."""
    if rate:
        return "S"
    return "AE" if paper.seller.country in ledger.EU else "Z"


def _line(paper: Paper, number: int, line: PaperLine) -> str:
    currency = paper.currency
    settlement = tag(
        "ApplicableTradeTax",
        tag("TypeCode", "VAT")
        + tag("CategoryCode", _category(paper, line.rate))
        + tag("RateApplicablePercent", _percent(line.rate)),
    ) + tag(
        "SpecifiedTradeSettlementLineMonetarySummation",
        tag("LineTotalAmount", _amount(line.net, currency)),
    )
    return tag(
        "IncludedSupplyChainTradeLineItem",
        tag("AssociatedDocumentLineDocument", tag("LineID", str(number)))
        + tag("SpecifiedTradeProduct", tag("Name", escape(line.text)))
        + tag(
            "SpecifiedLineTradeAgreement",
            tag("NetPriceProductTradePrice", tag("ChargeAmount", _amount(line.unit, currency))),
        )
        + tag(
            "SpecifiedLineTradeDelivery",
            tag("BilledQuantity", str(line.quantity), unitCode="C62"),
        )
        + tag("SpecifiedLineTradeSettlement", settlement),
    )


def _party(
    name: str,
    name_of: str,
    register: str,
    street: str,
    postcode: str,
    city: str,
    country: str,
    vat: str | None,
) -> str:
    legal = (
        tag("ID", escape(register), schemeID="0002")
        if country == "FR"
        else tag("ID", escape(register))
    )
    address = (
        tag("PostcodeCode", escape(postcode))
        + tag("LineOne", escape(street))
        + tag("CityName", escape(city))
        + tag("CountryID", country)
    )
    tax = tag("SpecifiedTaxRegistration", tag("ID", vat, schemeID="VA")) if vat else ""
    return tag(
        name,
        tag("Name", escape(name_of))
        + tag("SpecifiedLegalOrganization", legal)
        + tag("PostalTradeAddress", address)
        + tax,
    )


def _agreement(paper: Paper) -> str:
    seller = paper.seller
    street, postcode, city, _ = ledger.ADDRESS
    return tag(
        "ApplicableHeaderTradeAgreement",
        _party(
            "SellerTradeParty",
            seller.name,
            seller.register,
            seller.street,
            seller.postcode,
            seller.city,
            seller.country,
            seller.vat,
        )
        + _party(
            "BuyerTradeParty", ledger.NAME, ledger.SIREN, street, postcode, city, "FR", ledger.VAT
        ),
    )


def _taxes(paper: Paper) -> str:
    found = ""
    for rate, net in paper.groups:
        category = _category(paper, rate)
        reason = tag("ExemptionReason", "Reverse charge") if category == "AE" else ""
        found += tag(
            "ApplicableTradeTax",
            tag("CalculatedAmount", _amount(tax_of(rate, net), paper.currency))
            + tag("TypeCode", "VAT")
            + reason
            + tag("BasisAmount", _amount(net, paper.currency))
            + tag("CategoryCode", category)
            + tag("RateApplicablePercent", _percent(rate)),
        )
    return found


def _settlement(paper: Paper) -> str:
    currency, shift = paper.currency, paper.xml_shift
    tax = paper.total - paper.net
    account = (
        tag("PayeePartyCreditorFinancialAccount", tag("IBANID", paper.iban)) if paper.iban else ""
    )
    means = tag("SpecifiedTradeSettlementPaymentMeans", tag("TypeCode", "58") + account)
    sums = tag(
        "SpecifiedTradeSettlementHeaderMonetarySummation",
        tag("LineTotalAmount", _amount(paper.net + shift, currency))
        + tag("TaxBasisTotalAmount", _amount(paper.net + shift, currency))
        + tag("TaxTotalAmount", _amount(tax, currency), currencyID=currency)
        + tag("GrandTotalAmount", _amount(paper.total + shift, currency))
        + tag("DuePayableAmount", _amount(paper.total + shift, currency)),
    )
    terms = tag("SpecifiedTradePaymentTerms", _date("DueDateDateTime", paper.due))
    return tag(
        "ApplicableHeaderTradeSettlement",
        tag("InvoiceCurrencyCode", currency)
        + (means if paper.iban else "")
        + _taxes(paper)
        + terms
        + sums,
    )


def cii(paper: Paper) -> bytes:
    """The invoice as CII XML. Prices of zero-decimal currencies have no decimals."""
    assert places(paper.currency) in (0, 2)
    kind = "381" if paper.credit else "380"
    lines = "".join(_line(paper, i, line) for i, line in enumerate(paper.lines, 1))
    delivery = tag(
        "ApplicableHeaderTradeDelivery",
        tag("ActualDeliverySupplyChainEvent", _date("OccurrenceDateTime", paper.issued)),
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rsm:CrossIndustryInvoice xmlns:rsm="{RSM}"'
        f' xmlns:ram="{RAM}" xmlns:udt="{UDT}"><rsm:ExchangedDocumentContext>'
        + tag("GuidelineSpecifiedDocumentContextParameter", tag("ID", PROFILE))
        + "</rsm:ExchangedDocumentContext><rsm:ExchangedDocument>"
        + tag("ID", escape(paper.number or "-"))
        + tag("TypeCode", kind)
        + _date("IssueDateTime", paper.issued)
        + "</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>"
        + lines
        + _agreement(paper)
        + delivery
        + _settlement(paper)
        + "</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>\n"
    )
    return body.encode()


XMP = f"""<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:fx="{FX}">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>
<fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def embed(page: bytes, xml: bytes) -> bytes:
    """The PDF with the XML attached as factur-x.xml and named in its metadata."""
    out = BytesIO()
    with pikepdf.open(BytesIO(page)) as pdf:
        stream = pdf.make_stream(xml)
        stream.Type, stream.Subtype = pikepdf.Name.EmbeddedFile, pikepdf.Name("/text/xml")
        spec = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Filespec,
                F="factur-x.xml",
                UF="factur-x.xml",
                AFRelationship=pikepdf.Name.Data,
                EF=pikepdf.Dictionary(F=stream, UF=stream),
            )
        )
        names = pikepdf.Array([pikepdf.String("factur-x.xml"), spec])
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=names))
        pdf.Root.AF = pikepdf.Array([spec])
        metadata = pdf.make_stream(XMP.encode())
        metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = metadata
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()
