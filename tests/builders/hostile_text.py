"""XML, pictures, e-mails and covers made to harm, to hide or to break a reader.

Invariant: nothing here is expanded or run; everything is made here.
"""

import base64
import io
import struct
import zipfile
import zlib

from builders.hostile_pdf import bill
from builders.invoice_files import cii, ubl
from builders.scans import mail

ISO = '<?xml version="1.0" encoding="UTF-8"?>'


def doctype(subset: str, use: str = "&x;") -> bytes:
    """The e-invoice with a document type; `use` stands in its number."""
    text = cii(number=use).decode().replace(ISO, f"{ISO}<!DOCTYPE x [{subset}]>")
    return text.encode()


def laughs() -> bytes:
    """Ten levels of ten entities each."""
    levels = "".join(f'<!ENTITY l{level + 1} "{f"&l{level};" * 10}">' for level in range(10))
    return doctype(f'<!ENTITY l0 "ha">{levels}', "&l10;")


def quadratic() -> bytes:
    """One long entity, used many times."""
    return doctype(f'<!ENTITY x "{"a" * 100_000}">', "&x;" * 20_000)


def around(before: str, after: str) -> bytes:
    """Texts inside the root element of the e-invoice."""
    text = cii().decode()
    head, end = text.index("<rsm:ExchangedDocument>"), text.rindex("</rsm:CrossIndustryInvoice>")
    return (text[:head] + before + text[head:end] + after + text[end:]).encode()


def deep(levels: int) -> bytes:
    """Elements within elements, inside the e-invoice."""
    return around("<a>" * levels + "</a>" * levels, "")


def many_attributes(count: int) -> bytes:
    """One element with as many attributes."""
    attributes = " ".join(f"a{number}=''" for number in range(count))
    return around(f"<a {attributes}/>", "")


def declared(text: bytes, name: str) -> bytes:
    """The XML with another encoding in its declaration, its bytes as they are."""
    return text.replace(b'encoding="UTF-8"', f'encoding="{name}"'.encode())


def encoded(codec: str, name: str) -> bytes:
    """The e-invoice written in an encoding and declared as `name`."""
    text = cii(seller="Société Générale de Travaux").decode()
    return text.replace('encoding="UTF-8"', f'encoding="{name}"').encode(codec)


def duplicate_totals() -> bytes:
    """Two totals of one kind in one summation, the second another one."""
    end = "</ram:GrandTotalAmount>"
    more = f"{end}<ram:GrandTotalAmount>990.00{end}"
    return cii().replace(end.encode(), more.encode(), 1)


def two_invoices() -> bytes:
    """Two documents in one file: a second root element."""
    return cii() + cii(number="OTHER").split(b"?>", 1)[1]


def cii_root_with_ubl() -> bytes:
    """A CII root element around a UBL body."""
    body = ubl().split(b"?>", 1)[1]
    text = cii()
    head, end = text.index(b"<rsm:ExchangedDocument>"), text.rindex(b"</rsm:CrossIndustryInvoice>")
    return text[:head] + body.strip() + text[end:]


def redefined_prefix() -> bytes:
    """The e-invoice with its usual prefixes swapped: rsm means ram and ram rsm."""
    text = cii().decode().replace("rsm:", "TEMP:").replace("ram:", "rsm:").replace("TEMP:", "ram:")
    return text.replace("xmlns:rsm", "xmlns:T").replace("xmlns:ram", "xmlns:rsm").replace(
        "xmlns:T", "xmlns:ram"
    ).encode()  # fmt: skip


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG with that header and those compressed rows."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def png_text_bomb() -> bytes:
    """A tiny picture with 256 MB of compressed text."""
    packer = zlib.compressobj(9)
    packed = b"".join([packer.compress(bytes(1 << 20)) for _ in range(256)]) + packer.flush()
    body = b"Comment\0\0" + packed
    part = struct.pack(">I", len(body)) + b"zTXt" + body
    part += struct.pack(">I", zlib.crc32(b"zTXt" + body))
    good = png(1, 1, zlib.compress(b"\0\xff\xff\xff"))
    return good[:33] + part + good[33:]


def tiff_loop() -> bytes:
    """A TIFF whose directory of the next page is itself."""
    tags = (
        (256, 4, 1),
        (257, 4, 1),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (279, 4, 1),
    )
    body = struct.pack("<H", len(tags))
    body += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<I", 8) + body + struct.pack("<I", 8)


def nested_mail(levels: int) -> bytes:
    """Multiparts within multiparts, the e-invoice innermost."""
    head = "From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    opened = "".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'
        for level in range(levels)
    )
    inner = "Content-Type: application/xml; name=bill.xml\r\nContent-Transfer-Encoding: base64\r\n"
    inner += "Content-Disposition: attachment; filename=bill.xml\r\n\r\n"
    closed = "".join(f"\r\n--b{level}--\r\n" for level in reversed(range(levels)))
    return (head + opened + inner + base64.encodebytes(cii()).decode() + closed).encode()


def many_parts(count: int) -> bytes:
    """As many attachments, the e-invoice the first one."""
    files = {"bill.xml": cii()} | {f"{number}.txt": b"x" for number in range(count - 1)}
    return mail(files)


def header_bomb() -> bytes:
    """A mail with 200,000 headers and one of 5 MB, then the e-invoice."""
    long = b"Subject: " + b"a" * 5_000_000 + b"\r\n"
    return b"From: a@example.com\r\n" + long + b"X-Y: z\r\n" * 200_000 + mail({"b.xml": cii()})


def base64_garbage() -> bytes:
    """A mail whose attachment is no base64."""
    return mail({"bill.pdf": bill()}).replace(b"JVBERi0", b"!!!=*\xff\x00")


def path_names() -> bytes:
    """A mail with names that lead elsewhere."""
    return mail({"../../../../etc/cron.d/bill.xml": cii(), "C:\\Windows\\x.txt": b"x"})


def pdf_and_zip() -> bytes:
    """A PDF with an archive behind it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("evil.exe", b"MZ")
    return bill() + out.getvalue()


def zip_bomb() -> bytes:
    """An archive of 100 MB of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("bill.pdf", bytes(100 << 20))
    return out.getvalue()
