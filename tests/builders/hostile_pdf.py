"""PDFs made to harm, to hide or to break a reader, each small to make and small on disk.

Invariant: nothing here runs anything; the bombs are compressed and are never inflated here.
"""

import io
import zlib
from collections.abc import Callable

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from builders.invoice_files import Place, attach, cii, page
from builders.scans import picture

NUMBER, TOTAL = "F-2026-17", "120.00"
BILL: tuple[Place, ...] = (
    (50, 50, "Atelier Dupont SARL"),
    (50, 70, "VAT ID: FR40303265045"),
    (50, 120, "INVOICE"),
    (50, 140, "Invoice number: F-2026-17"),
    (50, 160, "Invoice date: 22/04/2026"),
    (50, 200, "Total excl. VAT: 100.00 EUR"),
    (50, 220, "VAT 20 %: 20.00 EUR"),
    (50, 240, "Total incl. VAT: 120.00 EUR"),
    (50, 280, "IBAN: FR76 3000 6000 0112 3456 7890 189"),
)


def bill(*more: Place) -> bytes:
    """The usual bill with other texts on it."""
    return page(*BILL, *more)


def altered(old: str, new: str) -> bytes:
    """The usual bill with a part of its texts replaced."""
    return page(*((x, y, text.replace(old, new)) for x, y, text in BILL))


def with_hidden(operators: bytes) -> bytes:
    """The bill with another total, painted after `operators`."""

    def add(pdf: pikepdf.Pdf) -> None:
        one = pdf.pages[0]
        one.Resources.Font.FH = pikepdf.Object.parse(
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
        )
        text = b"q BT /FH 10 Tf %s 50 500 Td (Total incl. VAT: 990.00 EUR) Tj ET Q" % operators
        one.contents_add(text, prepend=False)

    return changed(bill(), add)


def draw(paint: Callable[[Canvas], None]) -> bytes:
    """The usual bill, then what `paint` adds."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Helvetica", 10)
    for x, y, text in BILL:
        canvas.drawString(x, A4[1] - y, text)
    paint(canvas)
    canvas.save()
    return out.getvalue()


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """The PDF after `change`."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        out = io.BytesIO()
        opened.save(out)
        return out.getvalue()


def raw(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of objects as they are, numbered from 1, with a right table of their places."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(out))
    return out + table + end


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """The body of a stream object."""
    return b"<</Length %d%s>>stream\n" % (len(data), entries) + data + b"\nendstream "


def one_page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """A page with that content stream; further objects are numbered from 5."""
    return raw(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>"
        % resources,
        content,
        *more,
    )


def deflated(size: int, unit: bytes = b"0 0 m 9 9 l S\n") -> bytes:
    """`size` bytes of repeated operators, compressed piece by piece."""
    packer = zlib.compressobj(9)
    piece = unit * (1 << 16)
    parts = [packer.compress(piece) for _ in range(max(size // len(piece), 1))]
    return b"".join((*parts, packer.flush()))


def flate_bomb(size: int) -> bytes:
    """A content stream of `size` bytes behind one filter."""
    return one_page(stream(deflated(size), b"/Filter/FlateDecode"))


def nested_filters(times: int) -> bytes:
    """Content packed many times over."""
    data = deflated(1 << 28)
    for _ in range(times - 1):
        data = zlib.compress(data)
    return one_page(stream(data, b"/Filter[" + b"/FlateDecode" * times + b"]"))


def lzw_bomb() -> bytes:
    """A picture of nothing but clear codes behind LZW, behind Flate."""
    data = zlib.compress(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01" * 4_000_000)
    return one_page(stream(data, b"/Filter[/FlateDecode/LZWDecode]"))


def image_bomb(width: int, height: int) -> bytes:
    """A page that shows a picture of that size."""
    data = zlib.compress(bytes(1 << 20))
    entries = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB"
        b"/BitsPerComponent 8/Filter/FlateDecode" % (width, height)
    )
    return one_page(
        stream(b"500 0 0 800 0 0 cm /I Do"),
        stream(data, entries),
        resources=b"/XObject<</I 5 0 R>>",
    )


def form_loop() -> bytes:
    """A form that draws itself twice."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>"
    return one_page(
        stream(b"/F Do"), stream(b"/F Do /F Do", form), resources=b"/XObject<</F 5 0 R>>"
    )


def form_tree(depth: int) -> bytes:
    """Forms that each draw the next one ten times: 10 ** depth drawings."""
    forms = [
        stream(
            b"/F Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>"
            % (6 + at),
        )
        for at in range(depth)
    ]
    last = stream(b"0 0 m 9 9 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return one_page(stream(b"/F Do"), *forms, last, resources=b"/XObject<</F 5 0 R>>")


def object_stream_loop() -> bytes:
    """An object stream that says it stands in itself."""
    body = stream(
        b"1 0 2 30 <</Type/Catalog/Pages 2 0 R>>", b"/Type/ObjStm/N 2/First 9/Extends 4 0 R"
    )
    return raw(b"<</Type/Catalog/Pages 4 0 R>>", b"4 0 R", b"2 0 R", body)


def xref_loop() -> bytes:
    """A table of places whose forerunner is itself."""
    made = raw(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")
    place = made.index(b"xref\n")
    return made.replace(b"/Size 3", b"/Size 3/Prev %d" % place)


def deep_pages(depth: int) -> bytes:
    """Page trees within each other."""
    nodes = [
        b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (at + 3, at + 1)
        for at in range(depth)
    ]
    return raw(b"<</Type/Catalog/Pages 2 0 R>>", *nodes, b"<</Type/Page/MediaBox[0 0 9 9]>>")


def many_pages(count: int) -> bytes:
    """As many pages as wanted, all of them one and the same."""
    kids = b" ".join([b"3 0 R"] * count)
    return raw(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )


def many_characters(count: int) -> bytes:
    """A page with so many letters."""
    text = b"BT /F 8 Tf 9 800 Td " + b"(" + b"a1 " * (count // 3) + b") Tj ET"
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    return one_page(stream(zlib.compress(text), b"/Filter/FlateDecode"), resources=font)


def deep_outline(depth: int) -> bytes:
    """Bookmarks within bookmarks, the last of which leads to the first."""
    marks = [
        b"<</Title(x)/Parent %d 0 R/First %d 0 R/Last %d 0 R/Count 1>>"
        % (at + 3, *(2 * (4 + (at + 1) % depth,)))
        for at in range(depth)
    ]
    return raw(
        b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        *marks,
    )


def font_bomb() -> bytes:
    """A page whose font program inflates to 256 MB."""
    program = deflated(1 << 28, b"\0" * 16)
    font = (
        b"/Font<</F<</Type/Font/Subtype/TrueType/BaseFont/X/FirstChar 65/LastChar 65/Widths[500]"
        b"/FontDescriptor<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 5 0 R>>>>>>"
    )
    return one_page(
        stream(b"BT /F 8 Tf 9 9 Td (AAAA) Tj ET"),
        stream(program, b"/Filter/FlateDecode"),
        resources=font,
    )


def attachment_bomb() -> bytes:
    """The bill with an attached XML that inflates to 512 MB."""
    body = deflated(1 << 29, b"<a></a>\n")

    def add(pdf: pikepdf.Pdf) -> None:
        made = pikepdf.Stream(pdf, b"")
        made.write(body, filter=pikepdf.Name.FlateDecode, type_check=False)
        spec = pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec, F="factur-x.xml", UF="factur-x.xml",
            EF=pikepdf.Dictionary(F=pdf.make_indirect(made)),
        )  # fmt: skip
        names = pikepdf.Array(["factur-x.xml", pdf.make_indirect(spec)])
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=names))

    return changed(bill(), add)


def with_action(action: str) -> bytes:
    """The bill that does something when it is opened, as far as a viewer lets it."""

    def add(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Object.parse(action.encode())

    return changed(bill(), add)


def covered_by_picture() -> bytes:
    """The bill under a white picture that shows another one."""
    shown = picture("INVOICE", "Invoice number: X-1", "Total: 9.00 EUR")

    def cover(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(shown), 0, 0, A4[0], A4[1])

    return draw(cover)


def covered_by_shape(place: Place) -> bytes:
    """The bill with a text that a white rectangle was laid over."""

    def cover(canvas: Canvas) -> None:
        x, y, text = place
        canvas.drawString(x, A4[1] - y, text)
        canvas.setFillGray(1)
        canvas.rect(x - 5, A4[1] - y - 5, 300, 20, stroke=0, fill=1)

    return draw(cover)


def switched_off(place: Place, as_form: bool = False) -> bytes:
    """The bill with a text in a layer that is not shown, in the page's content or as a form."""
    x, y, text = place
    shown = b"BT /F1 10 Tf %d %d Td (%s) Tj ET" % (x, A4[1] - y, text.encode())

    def add(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="x"))
        pdf.Root.OCProperties = pikepdf.Dictionary(
            OCGs=pikepdf.Array([layer]),
            D=pikepdf.Dictionary(OFF=pikepdf.Array([layer]), Order=pikepdf.Array([layer])),
        )
        one = pdf.pages[0]
        if as_form:
            form = pikepdf.Stream(
                pdf, shown, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                BBox=pikepdf.Array([0, 0, *map(int, A4)]), OC=layer,
                Resources=pikepdf.Dictionary(Font=one.Resources.Font),
            )  # fmt: skip
            one.Resources.XObject = pikepdf.Dictionary(Layer=form)
            content = b"/Layer Do"
        else:
            one.Resources.Properties = pikepdf.Dictionary(L0=layer)
            content = b"/OC /L0 BDC " + shown + b" EMC"
        one.contents_add(pikepdf.Stream(pdf, b"q " + content + b" Q"))

    return changed(bill(), add)


def endless_page() -> bytes:
    """The bill on a page whose height is a number of 120 digits; its table of places is wrong."""
    return bill().replace(b"841.8898", b"8" * 120 + b".5")


def annotated(text: str) -> bytes:
    """The bill with a note drawn over it as an annotation."""

    def add(pdf: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText,
            Rect=pikepdf.Array([50, 400, 400, 430]), Contents=text, DA="/Helv 10 Tf 0 g",
        )  # fmt: skip
        pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect(note)])

    return changed(bill(), add)


def recursive(depth: int) -> bytes:
    """PDFs attached to each other, an e-invoice at the bottom."""
    made = attach(bill(), {"factur-x.xml": cii()})
    for level in range(depth):
        made = attach(page((50, 50, "See the attached file")), {f"{level}.pdf": made})
    return made


def many_attachments(count: int) -> bytes:
    """The bill with as many small files, the e-invoice the last one."""
    files = {f"{number:04}.txt": b"x" for number in range(count - 1)}
    return attach(bill(), files | {"factur-x.xml": cii()})
