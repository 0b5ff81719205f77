"""The list of hostile files, by what they attack.

Invariant: names are unique; each line is a file and its one right outcome. How outcomes are told
stands in `hostile`, how files are made in `hostile_pdf` and `hostile_text`.
"""

from collections.abc import Callable
from functools import partial

from builders import hostile_pdf as pdf
from builders import hostile_text as text
from builders.hostile import EMPTY, RIGHT, Hostile, Outcome, noticed, refused
from builders.invoice_files import attach, cii, cropped, encrypted, endless_tree
from builders.scans import mail
from well.documents.reading import mail as mails
from well.documents.reading import picture, xml_parse
from well.documents.reading.pdf_file import DAMAGED, ENCRYPTED, ENDLESS

_Case = tuple[str, Callable[[], bytes], Outcome]
GIB = 1 << 30
HIDDEN = noticed("hidden_text", gross_total=pdf.TOTAL)
STOPPED = refused("stopped")
"""Too much memory or time: the child ended and said so."""
TOP_HALF, LOW_TOTAL = (0, 400, 595, 842), (50, 700, "Total incl. VAT: 990.00 EUR")
OTHER_TOTAL = (50, 500, "Total incl. VAT: 990.00 EUR")
GOOD = pdf.bill()


def _hidden(operators: bytes) -> Callable[[], bytes]:
    return partial(pdf.with_hidden, operators)


PDF_BOMBS: list[_Case] = [
    ("content of 1 GiB", lambda: pdf.flate_bomb(GIB), STOPPED),
    ("filters in filters", lambda: pdf.nested_filters(3), STOPPED),
    ("LZW behind Flate", pdf.lzw_bomb, EMPTY),
    ("picture of 60000 x 60000", lambda: pdf.image_bomb(60000, 60000), EMPTY),
    ("font of 256 MB", pdf.font_bomb, STOPPED),
    ("attachment of 512 MB", pdf.attachment_bomb, STOPPED),
    ("3 million letters", lambda: pdf.many_characters(3_000_000), EMPTY),
    ("forms ten to the eighth", lambda: pdf.form_tree(8), STOPPED),
    ("20,000 pages", lambda: pdf.many_pages(20_000), refused(ENDLESS)),
]
PDF_LOOPS: list[_Case] = [
    ("page tree in a loop", endless_tree, refused(DAMAGED)),
    ("page trees 10,000 deep", lambda: pdf.deep_pages(10_000), refused(DAMAGED)),
    ("object streams in a loop", pdf.object_stream_loop, EMPTY),
    ("cross references in a loop", pdf.xref_loop, refused(DAMAGED)),
    ("form that draws itself", pdf.form_loop, STOPPED),
    ("bookmarks 5,000 deep", lambda: pdf.deep_outline(5_000), EMPTY),
    ("PDFs in PDFs", lambda: pdf.recursive(20), EMPTY),
]
PDF_BROKEN: list[_Case] = [
    ("encrypted", lambda: encrypted(GOOD), refused(ENCRYPTED)),
    ("encrypted with an empty password", lambda: encrypted(GOOD, user=""), RIGHT),
    *[
        (f"cut off at {share} %", lambda share=share: GOOD[: len(GOOD) * share // 100], outcome)
        for share, outcome in (
            (5, refused(DAMAGED)),
            (50, refused(DAMAGED)),
            (95, refused(DAMAGED)),
        )
    ],
    ("page without end", pdf.endless_page, refused(DAMAGED)),
    ("header only", lambda: b"%PDF-1.7\n", refused(DAMAGED)),
    ("header behind 900 bytes", lambda: b"x" * 900 + GOOD, RIGHT),
    ("header behind 2,000 bytes", lambda: b"x" * 2000 + GOOD, refused("neither")),
    ("PDF and archive", text.pdf_and_zip, RIGHT),
    ("more than 20 MB", lambda: GOOD + b" " * (20 << 20), refused("20 MB")),
]
PDF_ACTIONS: list[_Case] = [
    ("JavaScript", lambda: pdf.with_action("<</S/JavaScript/JS(app.alert\\(1\\))>>"), RIGHT),
    ("launch action", lambda: pdf.with_action("<</S/Launch/F(/bin/sh)>>"), RIGHT),
    ("address to open", lambda: pdf.with_action("<</S/URI/URI(http://127.0.0.1:9/)>>"), RIGHT),
    ("program attached", lambda: attach(GOOD, {"bill.exe": b"MZ\x90" + bytes(999)}), RIGHT),
    (
        "name that leads elsewhere",
        lambda: attach(GOOD, {"../../../etc/factur-x.xml": cii()}),
        RIGHT,
    ),
    ("500 attachments", lambda: pdf.many_attachments(500), RIGHT),
    ("XML bomb inside", lambda: attach(GOOD, {"factur-x.xml": text.laughs()}), noticed(
        "embedded_xml", number=pdf.NUMBER)),
    ("two e-invoices inside", lambda: attach(GOOD, {"factur-x.xml": cii(), "b.xml": cii(
        net="825.00", tax="165.00", gross="990.00", line="825.00")}), noticed("two_xmls")),
    ("another total inside", lambda: attach(GOOD, {"factur-x.xml": cii(
        net="825.00", tax="165.00", gross="990.00", line="825.00")}), noticed("page_total")),
    ("another account inside", lambda: attach(GOOD, {"factur-x.xml": cii(
        iban="DE89370400440532013000")}), noticed("page_iban")),
]  # fmt: skip
PDF_TRICKS: list[_Case] = [
    ("white text", _hidden(b"1 1 1 rg"), HIDDEN),
    ("text of 1 point", _hidden(b"/FH 1 Tf"), HIDDEN),
    ("invisible text", _hidden(b"3 Tr"), HIDDEN),
    ("clipping text", _hidden(b"7 Tr"), HIDDEN),
    ("almost white text", _hidden(b".97 .97 .97 rg"), HIDDEN),
    ("text in a corner", lambda: pdf.bill((700, 300, OTHER_TOTAL[2])), noticed("hidden_text")),
    ("outside the crop box", lambda: cropped(pdf.bill(LOW_TOTAL), TOP_HALF),
     HIDDEN),
    ("covered by a picture", pdf.covered_by_picture, EMPTY),
    ("covered by a white shape", lambda: pdf.covered_by_shape(OTHER_TOTAL), HIDDEN),
    ("layer that is switched off", lambda: pdf.switched_off(OTHER_TOTAL), HIDDEN),
    ("form in a layer that is switched off", lambda: pdf.switched_off(OTHER_TOTAL, as_form=True),
     HIDDEN),
    ("another total as a note", lambda: pdf.annotated(OTHER_TOTAL[2]),
     noticed("annotation", gross_total=pdf.TOTAL)),
    ("two totals one on the other", lambda: pdf.bill((50, 240, "Total incl. VAT: 990.00 EUR")),
     noticed("overlapping_text")),
    ("letters of other scripts in the account", lambda: pdf.altered("IBAN: FR76", "IBAN: FR7б"),
     Outcome(fields={"seller.iban": None})),
]  # fmt: skip
XML_TRICKS: list[_Case] = [
    ("entity of a file", lambda: text.doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'),
     refused(xml_parse.DOCTYPE)),
    ("entity of an address", lambda: text.doctype('<!ENTITY x SYSTEM "http://127.0.0.1:9/">'),
     refused(xml_parse.DOCTYPE)),
    ("billion laughs", text.laughs, refused(xml_parse.DOCTYPE)),
    ("quadratic blow-up", text.quadratic, refused(xml_parse.DOCTYPE)),
    ("empty document type", lambda: text.doctype("", "1"), refused(xml_parse.DOCTYPE)),
    ("document type behind a long comment", lambda: text.doctype("", "1").replace(
        b"<!DOCTYPE", b"<!--" + b"x" * 70_000 + b"--><!DOCTYPE"), refused(xml_parse.DOCTYPE)),
    ("instructions without end", lambda: text.ISO.encode() + b"<?>\n" * 16_000 + cii(),
     refused(xml_parse.NOT_WELL_FORMED)),
    ("comments without end", lambda: b"<!---->" * 9_000 + b"<!--",
     refused(xml_parse.NOT_WELL_FORMED)),
    ("10,000 levels", lambda: text.deep(10_000), refused(xml_parse.TOO_DEEP)),
    ("200,000 attributes", lambda: text.many_attributes(200_000), RIGHT),
    ("50 MB", lambda: text.around("<a>" + "x" * (50 << 20) + "</a>", ""), refused("20 MB")),
    ("8 MB", lambda: text.around("<a>" + "x" * (9 << 20) + "</a>", ""), refused("8 MB")),
    ("UTF-7", lambda: text.declared(cii(), "UTF-7"), RIGHT),
    ("UTF-16 with a mark", lambda: text.encoded("utf-16", "UTF-16"), RIGHT),
    ("UTF-16 without a mark", lambda: text.encoded("utf-16-le", "UTF-16"), RIGHT),
    ("UTF-32", lambda: text.encoded("utf-32", "UTF-32"), RIGHT),
    ("EBCDIC", lambda: text.encoded("cp037", "IBM037"), refused("neither")),
    ("Latin-1 that says UTF-8", lambda: text.encoded("latin-1", "UTF-8"),
     refused(xml_parse.NOT_WELL_FORMED)),
    ("UTF-8 that says Latin-1", lambda: text.encoded("utf-8", "ISO-8859-1"), RIGHT),
    ("two encodings", lambda: cii(seller="Société").replace(b"Buyer", b"Soci\xe9t\xe9"),
     refused(xml_parse.NOT_WELL_FORMED)),
    ("NUL in a text", lambda: cii(seller="A\0B"), refused(xml_parse.NOT_WELL_FORMED)),
    ("XInclude", lambda: text.around('<x:include xmlns:x="http://www.w3.org/2001/XInclude" '
     'href="file:///etc/passwd" parse="text"/>', ""), RIGHT),
    ("processing instructions", lambda: text.around(
        '<?php system("id") ?><?xml-stylesheet href="http://127.0.0.1:9/"?>', ""), RIGHT),
    ("prefixes swapped", text.redefined_prefix, RIGHT),
    ("two totals of one kind", text.duplicate_totals, noticed("repeated_value")),
    ("two invoices in one", text.two_invoices, refused(xml_parse.NOT_WELL_FORMED)),
    ("CII root, UBL body", text.cii_root_with_ubl, EMPTY),
    *[
        (f"total of {name}", lambda value=value: cii(gross=value),
         Outcome(fields={"number": pdf.NUMBER, "gross_total": None}))
        for name, value in (("1e30", "1e30"), ("NaN", "NaN"), ("infinity", "INF"),
                            ("10^400", "1" + "0" * 400), ("comma", "120,00"))
    ],
    ("total of minus nothing", lambda: cii(gross="-0.00"), noticed("sum_of_totals")),
    ("wrong sum", lambda: cii(gross="990.00"), noticed("sum_of_totals")),
    *[
        (f"date {name}", lambda value=value: cii(issued=value),
         Outcome(fields={"number": pdf.NUMBER, "issue_date": None}))
        for name, value in (("30 February", "20260230"), ("year 0", "00000101"))
    ],
    ("year 9999", lambda: cii(issued="99991231"), noticed("date_far")),
    ("zero width signs in the account", lambda: cii(iban="FR76\u200b3000\u200b6000011234567890189"),
     Outcome(fields={"seller.iban": "FR7630006000011234567890189"})),
    ("right-to-left in the number", lambda: cii(number="F-\u202e71-6202"),
     noticed("control_signs")),
]  # fmt: skip
PICTURES: list[_Case] = [
    ("picture of 60000 x 60000 in its header", lambda: text.png(60000, 60000),
     refused(picture.TOO_MANY_PIXELS)),
    ("picture of 2^31 x 2^31", lambda: text.png(2**31 - 1, 2**31 - 1),
     refused(picture.TOO_MANY_PIXELS)),
    ("picture cut off", lambda: text.png(50, 50)[:40], refused(picture.DAMAGED)),
    ("256 MB of text in a picture", text.png_text_bomb, refused(picture.DAMAGED)),
    ("TIFF in a loop", text.tiff_loop, Outcome()),
]  # fmt: skip
MAILS: list[_Case] = [
    ("100 levels", lambda: text.nested_mail(100), Outcome()),
    ("5,000 levels", lambda: text.nested_mail(5_000), refused(mails.BROKEN)),
    ("1,000 parts", lambda: text.many_parts(1_000), RIGHT),
    ("headers of 7 MB", text.header_bomb, RIGHT),
    ("no base64", text.base64_garbage, EMPTY),
    ("names that lead elsewhere", text.path_names, RIGHT),
    ("XML bomb attached", lambda: mail({"bill.xml": text.laughs()}), EMPTY),
]
COVERS: list[_Case] = [
    ("archive of 100 MB", text.zip_bomb, refused("archive")),
    ("web page", lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>",
     refused(xml_parse.DOCTYPE)),
    ("program", lambda: b"MZ\x90" + bytes(2000), refused("neither")),
    ("only zeros", lambda: bytes(4096), refused("neither")),
    ("nothing", lambda: b"", refused("empty")),
]  # fmt: skip
GROUPS = {
    "bomb": PDF_BOMBS, "loop": PDF_LOOPS, "broken": PDF_BROKEN, "action": PDF_ACTIONS,
    "trick": PDF_TRICKS, "xml": XML_TRICKS, "picture": PICTURES, "mail": MAILS, "cover": COVERS,
}  # fmt: skip


def cases() -> list[Hostile]:
    """All of them."""
    return [
        Hostile(f"{group}: {name}", make, outcome)
        for group, rows in GROUPS.items()
        for name, make, outcome in rows
    ]
