"""PDF/A-3 by structure: what can be proved without drawing a page (ISO 19005-3).

Invariant: each check is one clause with an id of our own; a clean answer does not replace a full
validator, which also looks at content streams, colours and glyph widths. It knows no invoice.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pikepdf
from lxml import etree
from pikepdf import Name

from well.documents.checking.violation import Violation
from well.documents.reading.limits import Unreadable
from well.documents.reading.xml_parse import parse

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PDFA_ID = "http://www.aiim.org/pdfa/ns/id/"
_OBJECTS_MAX = 200_000
_WARNINGS_MAX = 10
_CONTENT_BYTES = 100_000
_DEVICE = {
    "rg": "/DefaultRGB",
    "RG": "/DefaultRGB",
    "g": "/DefaultGray",
    "G": "/DefaultGray",
    "k": "/DefaultCMYK",
    "K": "/DefaultCMYK",
}
"""Operators of device colours, and the resource that makes them independent of a device."""
_FORBIDDEN_ACTIONS = {
    "/Launch",
    "/Sound",
    "/Movie",
    "/ResetForm",
    "/ImportData",
    "/Hide",
    "/SetOCGState",
    "/Rendition",
    "/Trans",
    "/GoTo3DView",
    "/JavaScript",
}
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_FORBIDDEN_NOTES = ("/3D", "/Sound", "/Screen", "/Movie")


def pdf_violations(pdf: pikepdf.Pdf, content: bytes) -> list[Violation]:
    """What breaks PDF/A-3 in an open file and its bytes."""
    objects = [x for x in islice(pdf.objects, _OBJECTS_MAX) if _is_dictionary(x)]
    return [
        *_file(pdf, content),
        *_metadata(pdf),
        *_output_intent(pdf),
        *_catalog(pdf),
        *(violation for one in objects for violation in _object(one)),
        *_embedded(objects),
        *_repairs(pdf),
    ]


def xmp(pdf: pikepdf.Pdf) -> etree._Element | None:
    """The metadata packet, None when there is none that can be read."""
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return None
    try:
        return parse(stream.read_bytes())
    except Unreadable:
        return None


def _is_dictionary(one: object) -> bool:
    return isinstance(one, pikepdf.Dictionary | pikepdf.Stream)


def entries(node: Any, name: str) -> Any:
    """The dictionary under a key; an empty one where a damaged file has something else."""
    found = node.get(name) if _is_dictionary(node) else None
    return found if _is_dictionary(found) else {}


def items(node: Any, name: str) -> list[Any]:
    """The dictionaries in the array under a key."""
    found = node.get(name) if _is_dictionary(node) else None
    return [x for x in found if _is_dictionary(x)] if isinstance(found, pikepdf.Array) else []


def _file(pdf: pikepdf.Pdf, content: bytes) -> Iterator[Violation]:
    first, _, rest = content[:64].partition(b"\n")
    version = first.strip()
    if not (version.startswith(b"%PDF-1.") and version[7:8] in b"1234567" and len(version) == 8):
        shown = version[:12].decode("latin-1")
        yield Violation("PDFA3-HEADER", "file", f"the file begins with {shown!r}, not %PDF-1.n")
    if not (rest[:1] == b"%" and len(rest) > 4 and all(byte > 127 for byte in rest[1:5])):
        yield Violation("PDFA3-BINARY", "file", "no binary comment follows the header")
    if not content.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield Violation("PDFA3-EOF", "file", "something stands behind %%EOF")
    if pdf.is_encrypted:
        yield Violation("PDFA3-ENCRYPT", "trailer", "the file is encrypted")
    if "/ID" not in pdf.trailer:
        yield Violation("PDFA3-ID", "trailer", "the trailer has no /ID")


def _metadata(pdf: pikepdf.Pdf) -> Iterator[Violation]:
    packet = xmp(pdf)
    if packet is None:
        yield Violation("PDFA3-XMP", "/Metadata", "there are no readable XMP metadata")
        return
    blocks = list(packet.iter(f"{{{RDF}}}RDF"))
    if len(blocks) != 1:
        yield Violation("PDFA3-RDF", "/Metadata", f"there are {len(blocks)} rdf:RDF blocks, not 1")
    part, level = xmp_value(packet, PDFA_ID, "part"), xmp_value(packet, PDFA_ID, "conformance")
    if part != "3":
        yield Violation("PDFA3-PART", "/Metadata", f"pdfaid:part is {part}, not 3")
    if level not in ("A", "B", "U"):
        yield Violation("PDFA3-CONFORMANCE", "/Metadata", f"pdfaid:conformance is {level}")
    if level == "A":
        yield from _tagged(pdf)


def xmp_value(packet: etree._Element, space: str, name: str) -> str | None:
    """A simple property, written as an element or as an attribute."""
    for description in packet.iter(f"{{{RDF}}}Description"):
        value = description.get(f"{{{space}}}{name}") or description.findtext(f"{{{space}}}{name}")
        if value and value.strip():
            return str(value.strip())
    return None


def _tagged(pdf: pikepdf.Pdf) -> Iterator[Violation]:
    mark = entries(pdf.Root, "/MarkInfo")
    if mark.get("/Marked") is not True or "/StructTreeRoot" not in pdf.Root:
        yield Violation("PDFA3-TAGS", "catalog", "level A asks for tags and there are none")
    if "/Lang" not in pdf.Root:
        yield Violation("PDFA3-LANG", "catalog", "level A asks for a language and there is none")


def _output_intent(pdf: pikepdf.Pdf) -> Iterator[Violation]:
    mine = [x for x in items(pdf.Root, "/OutputIntents") if x.get("/S") == Name.GTS_PDFA1]
    if not mine and (page := _device_coloured(pdf)):
        sentence = "there is no PDF/A output intent, but a page has colours of a device"
        yield Violation("PDFA3-INTENT", f"page {page}", sentence)
    for one in mine:
        profile = one.get("/DestOutputProfile")
        if not isinstance(profile, pikepdf.Stream) or profile.get("/N") not in (1, 3, 4):
            yield Violation("PDFA3-PROFILE", "/OutputIntents", "it holds no colour profile")


def _device_coloured(pdf: pikepdf.Pdf) -> int | None:
    """The first page whose colours mean nothing without an output intent.

    Only first pages within a budget of bytes are looked at: a content stream may be a bomb.
    """
    left = _CONTENT_BYTES
    for number, page in enumerate(pdf.pages, 1):
        contents = page.obj.get("/Contents")
        streams = contents if isinstance(contents, pikepdf.Array) else [contents]
        left -= sum(len(x.read_raw_bytes()) for x in streams if isinstance(x, pikepdf.Stream))
        if left < 0:
            return None
        spaces = entries(page.resources, "/ColorSpace")
        for command in pikepdf.parse_content_stream(page, " ".join(_DEVICE)):
            if _DEVICE[str(command.operator)] not in spaces:
                return number
    return None


def _catalog(pdf: pikepdf.Pdf) -> Iterator[Violation]:
    names = entries(pdf.Root, "/Names")
    form = entries(pdf.Root, "/AcroForm")
    if "/JavaScript" in names:
        yield Violation("PDFA3-SCRIPT", "/Names", "the file carries scripts")
    if "/AA" in pdf.Root:
        yield Violation("PDFA3-ACTIONS", "catalog", "the catalog has additional actions")
    if "/XFA" in form or form.get("/NeedAppearances") is True:
        yield Violation("PDFA3-FORM", "/AcroForm", "the form is XFA or has no appearances")
    if "/Requirements" in pdf.Root:
        yield Violation("PDFA3-REQUIREMENTS", "catalog", "the catalog has /Requirements")
    for number, page in enumerate(pdf.pages, 1):
        if "/AA" in page.obj:
            yield Violation("PDFA3-ACTIONS", f"page {number}", "the page has additional actions")


def _object(one: Any) -> Iterator[Violation]:
    where = f"object {one.objgen[0]}"
    if isinstance(one, pikepdf.Stream):
        yield from _stream(one, where)
    if one.get("/Type") == Name.Font:
        yield from _font(one, where)
    if str(one.get("/S", "")) in _FORBIDDEN_ACTIONS and one.get("/Type") != Name.StructElem:
        yield Violation("PDFA3-ACTIONS", where, f"the action {one.S} is forbidden")
    if one.get("/Type") == Name.Annot:
        yield from _annotation(one, where)
    if one.get("/Type") == Name.ExtGState and ("/TR" in one or "/HTP" in one):
        yield Violation("PDFA3-GSTATE", where, "a transfer function is forbidden")


def _stream(one: Any, where: str) -> Iterator[Violation]:
    filters = one.get("/Filter", [])
    names = [str(x) for x in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if "/LZWDecode" in names:
        yield Violation("PDFA3-LZW", where, "LZW compression is forbidden")
    if "/Crypt" in names:
        yield Violation("PDFA3-CRYPT", where, "a crypt filter is forbidden")
    if {"/F", "/FFilter", "/FDecodeParms"} & set(one.keys()):
        yield Violation("PDFA3-EXTERNAL", where, "a stream points to a file outside")
    kind = one.get("/Subtype")
    if kind == Name.Image and (one.get("/Interpolate") is True or "/Alternates" in one):
        yield Violation("PDFA3-IMAGE", where, "an image is interpolated or has alternates")
    if "/OPI" in one or kind == Name.PS or one.get("/Subtype2") == Name.PS:
        yield Violation("PDFA3-XOBJECT", where, "PostScript and OPI are forbidden")
    if kind == Name.Form and "/Ref" in one:
        yield Violation("PDFA3-XOBJECT", where, "a reference XObject is forbidden")


def _font(font: Any, where: str) -> Iterator[Violation]:
    if font.get("/Subtype") in (Name.Type0, Name.Type3):
        return  # A Type0 font is embedded by its descendant, and a Type3 font by its glyphs.
    descriptor = entries(font, "/FontDescriptor")
    if not any(program in descriptor for program in _PROGRAMS):
        name = font.get("/BaseFont", "without name")
        yield Violation("PDFA3-FONT", where, f"the font {name} is not embedded")


def _annotation(note: Any, where: str) -> Iterator[Violation]:
    if str(note.get("/Subtype")) in _FORBIDDEN_NOTES:
        yield Violation("PDFA3-ANNOTATION", where, f"an annotation {note.Subtype} is forbidden")
    flags = int(note.get("/F", 0))
    hidden = flags & 0b100011 or not flags & 0b100
    if hidden and note.get("/Subtype") != Name.Popup:
        yield Violation("PDFA3-ANNOTATION", where, "an annotation is hidden or is not printed")


def _repairs(pdf: pikepdf.Pdf) -> Iterator[Violation]:
    """What the library had to guess while it looked at the objects."""
    for warning in pdf.get_warnings()[:_WARNINGS_MAX]:
        sentence = " ".join(str(warning).split())[:200]
        yield Violation("PDFA3-SYNTAX", "file", f"the file is damaged: {sentence}")


def _embedded(objects: list[Any]) -> Iterator[Violation]:
    """Files inside: each with names, relationship and type, and associated with something."""
    associated = {x.objgen for one in objects for x in items(one, "/AF")}
    for one in objects:
        if "/EF" not in one or one.get("/Type") not in (Name.Filespec, None):
            continue
        where = f"file {one.get('/UF', one.get('/F', '?'))}"
        if "/F" not in one or "/UF" not in one:
            yield Violation("PDFA3-FILE-NAME", where, "an embedded file needs /F and /UF")
        if "/AFRelationship" not in one:
            yield Violation("PDFA3-AFRELATIONSHIP", where, "there is no /AFRelationship")
        if one.objgen not in associated:
            yield Violation("PDFA3-AF", where, "no /AF names the embedded file")
        held = entries(one, "/EF")
        file = held.get("/F", held.get("/UF"))
        if not isinstance(file, pikepdf.Stream) or "/Subtype" not in file:
            yield Violation("PDFA3-MIME", where, "the embedded file has no type (/Subtype)")
        elif "/ModDate" not in entries(file, "/Params"):
            yield Violation("PDFA3-MODDATE", where, "the embedded file has no date (/ModDate)")
