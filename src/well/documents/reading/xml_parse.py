"""XML bytes to a tree, without entities, document types or network.

Invariant: no DOCTYPE is ever accepted, so nothing is expanded or fetched; size and depth are
bounded. It knows no invoice syntax.
"""

import re

from lxml import etree

from well.documents.reading.limits import XML_BYTES, Unreadable

# What was skipped is never tried in another way: `<?>` a thousand times has as many.
_PROLOG = re.compile(rb"(?:\s|(?><\?.*?\?>)|(?><!--.*?-->))*+<!DOCTYPE", re.DOTALL)
_BOM = b"\xef\xbb\xbf"

NOT_WELL_FORMED = "This XML file is damaged and cannot be read."
TOO_DEEP = "This XML file is nested too deeply to be an invoice."
TOO_LARGE = "This XML file is larger than 8 MB and was not read."
DOCTYPE = "This XML file declares a document type, which is refused for safety."


def parse(content: bytes) -> etree._Element:
    """Root element of `content`; Unreadable when it is refused or not well formed."""
    if len(content) > XML_BYTES:
        raise Unreadable(TOO_LARGE)
    content = content.removeprefix(_BOM).lstrip(b" \t\r\n")
    if _PROLOG.match(content[:65536].replace(b"\0", b"").removeprefix(b"\xff\xfe")):
        raise Unreadable(DOCTYPE)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        deep = "depth" in str(error).lower()
        raise Unreadable(TOO_DEEP if deep else NOT_WELL_FORMED) from None
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise Unreadable(DOCTYPE)
    return root


def local_name(element: etree._Element) -> str:
    """Name without its namespace; empty for what is not an element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def namespace(element: etree._Element) -> str:
    """Namespace address of an element, empty when it has none."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def nodes(start: etree._Element, path: str) -> list[etree._Element]:
    """Descendants along `path`: steps parted by "/", alternatives of a step by "|"."""
    found = [start]
    for step in path.split("/"):
        names = step.split("|")
        found = [child for parent in found for child in parent if local_name(child) in names]
    return found


def first(start: etree._Element, path: str) -> etree._Element | None:
    """The first node along `path`, if there is one."""
    return next(iter(nodes(start, path)), None)


def text(start: etree._Element, path: str) -> str | None:
    """Text of the first node along `path` that has any, without outer blanks."""
    for node in nodes(start, path):
        value = (node.text or "").strip()
        if value:
            return value
    return None
