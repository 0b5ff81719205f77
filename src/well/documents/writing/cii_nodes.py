"""Elements of a CII file: one function that adds an element, and the texts of its values.

Invariant: an element without a value is not written; texts are escaped by the XML library. It
knows no order of elements.
"""

from datetime import date
from decimal import Decimal

from lxml import etree

_UNECE = "urn:un:unece:uncefact:data:standard"
NAMESPACES = {
    "rsm": f"{_UNECE}:CrossIndustryInvoice:100",
    "ram": f"{_UNECE}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UNECE}:UnqualifiedDataType:100",
    "qdt": f"{_UNECE}:QualifiedDataType:100",
}
Node = etree._Element


def qualified(name: str) -> str:
    """`ram:Name` as the XML library wants it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def group(parent: Node, *names: str) -> Node:
    """A chain of new elements below `parent`; the innermost one."""
    for name in names:
        parent = etree.SubElement(parent, qualified(f"ram:{name}"))
    return parent


def put(parent: Node, name: str, value: object, **attributes: str | None) -> None:
    """Add `ram:name` with a text, unless there is none. A path `A/B` makes a new A each time."""
    if value in (None, ""):
        return
    *outer, last = name.split("/")
    node = group(group(parent, *outer), last)
    node.text = plain(value) if isinstance(value, Decimal) else str(value)
    for key, attribute in attributes.items():
        if attribute:
            node.set(key, attribute)


def put_date(parent: Node, name: str, day: date | None, type: str = "udt") -> None:
    """Add a date as YYYYMMDD (UNTDID 2379 format 102)."""
    if day is None:
        return
    text = etree.SubElement(group(parent, *name.split("/")), qualified(f"{type}:DateTimeString"))
    text.set("format", "102")
    text.text = day.strftime("%Y%m%d")


def put_flag(parent: Node, name: str, flag: bool) -> None:
    """Add an indicator."""
    node = etree.SubElement(group(parent, name), qualified("udt:Indicator"))
    node.text = "true" if flag else "false"


def plain(amount: Decimal) -> str:
    """Decimal text without exponent; zeros behind the second decimal are dropped."""
    text = format(amount, "f")
    if "." not in text:
        return text
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"
