"""Names the e-invoice inside a PDF in the PDF's own metadata, as Factur-X asks.

Invariant: there is one rdf:RDF, and the extension schema is described inside it (ISO 19005-3,
6.6.2.3); the same file gives the same bytes. Source of the names: Factur-X 1.0, chapter 6.2.
"""

import io

import pikepdf
from lxml import etree

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
NAME, LEVEL = "factur-x.xml", "EN 16931"
_PROPERTIES = {
    "DocumentFileName": "The name of the embedded XML document",
    "DocumentType": "The type of the hybrid document in capital letters",
    "Version": "The version of the standard applying to the embedded XML document",
    "ConformanceLevel": "The conformance level of the embedded XML document",
}
_VALUES = {
    "DocumentType": "INVOICE",
    "DocumentFileName": NAME,
    "Version": "1.0",
    "ConformanceLevel": LEVEL,
}


def name_e_invoice(content: bytes) -> bytes:
    """The PDF with the Factur-X fields in its metadata."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        stream = pdf.Root.Metadata
        stream.write(_named(stream.read_bytes()))
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _named(metadata: bytes) -> bytes:
    """The XMP packet with the schema and the four values added."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    packet = etree.fromstring(metadata, parser)
    rdf = packet.find(f".//{{{RDF}}}RDF")
    assert rdf is not None, "our page maker writes one rdf:RDF"
    bag = rdf.find(f".//{{{_EXTENSION}}}schemas/{{{RDF}}}Bag")
    assert bag is not None, "our page maker describes its own extensions"
    _describe(bag)
    description = etree.SubElement(rdf, f"{{{RDF}}}Description", nsmap={"fx": FX})
    description.set(f"{{{RDF}}}about", "")
    for name, value in _VALUES.items():
        etree.SubElement(description, f"{{{FX}}}{name}").text = value
    return etree.tostring(packet.getroottree(), encoding="UTF-8")


def _describe(bag: etree._Element) -> None:
    """Add the description of the Factur-X schema to the bag of extension schemas."""
    item = _resource(bag)
    for name, value in (
        ("schema", "Factur-X PDFA Extension Schema"),
        ("namespaceURI", FX),
        ("prefix", "fx"),
    ):
        etree.SubElement(item, f"{{{_SCHEMA}}}{name}", nsmap={"pdfaSchema": _SCHEMA}).text = value
    properties = etree.SubElement(item, f"{{{_SCHEMA}}}property", nsmap={"pdfaSchema": _SCHEMA})
    sequence = etree.SubElement(properties, f"{{{RDF}}}Seq")
    for name, meaning in _PROPERTIES.items():
        one = _resource(sequence)
        for key, value in (
            ("name", name),
            ("valueType", "Text"),
            ("category", "external"),
            ("description", meaning),
        ):
            node = etree.SubElement(one, f"{{{_PROPERTY}}}{key}", nsmap={"pdfaProperty": _PROPERTY})
            node.text = value


def _resource(parent: etree._Element) -> etree._Element:
    item = etree.SubElement(parent, f"{{{RDF}}}li")
    item.set(f"{{{RDF}}}parseType", "Resource")
    return item
