"""Schema and schematrons over one e-invoice.

Invariant: each rule set is compiled once and serves many files; warnings do not count. Runs only
in the limited child process, because the processor keeps much memory. It knows no PDF.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor, PyXsltExecutable

from well.documents.checking.rule_book import RuleBook, RuleSet, rule_book
from well.documents.checking.violation import Violation
from well.documents.reading.xml_parse import local_name, nodes, text

_SVRL_MAX = 64 * 1024 * 1024
_STEP = re.compile(r"(?:\*:|Q\{[^}]*\}|[\w-]+:)?([\w@-]+)(?:\[namespace-uri\(\)='[^']*'\])?")
_INDEX_ONE = re.compile(r"\[1\](?=/|$)")
_NOT_CEN = re.compile(r"EXT|^BR-FR|^CII-FR|^FX-")
_LEADING_ID = re.compile(r"^\[[\w.-]+\]\s*[-:]?\s*")
_PROCESSOR = PySaxonProcessor(license=False)
NO_RULES = "there are no rules here for this kind of file"


def xml_violations(
    root: etree._Element, french: bool | None = None
) -> tuple[list[Violation], list[str]]:
    """What is wrong with an e-invoice, and the names of the rule sets that were applied."""
    book = rule_book(root, french)
    if book is None:
        return [Violation("SYNTAX", f"/{local_name(root)}", NO_RULES)], []
    found = _schema_violations(root, book)
    source = etree.tostring(root, encoding="unicode")
    for rules in book.rules:
        found += _rule_violations(source, rules)
    return _once(found), ["XSD", *(rules.name for rules in book.rules)]


def _schema_violations(root: etree._Element, book: RuleBook) -> list[Violation]:
    schema = _schema(book.schema)
    if schema.validate(root):
        return []
    log: Any = schema.error_log
    return [
        Violation("XSD", f"line {error.line}", " ".join(error.message.split())) for error in log
    ]


def _rule_violations(source: str, rules: RuleSet) -> list[Violation]:
    try:
        node = _PROCESSOR.parse_xml(xml_text=source)
        answer = _compiled(rules.path).transform_to_string(xdm_node=node)
    except PySaxonApiError as error:
        # The rules assume the schema: a file that breaks it may stop them.
        reason = " ".join(str(error).split())[:200]
        return [Violation("SCHEMATRON", "/", f"{rules.name} could not be applied: {reason}")]
    if answer is None or len(answer) > _SVRL_MAX:
        return [Violation("SCHEMATRON", "/", f"{rules.name} gave no answer")]
    failed = nodes(etree.fromstring(answer.encode()), "failed-assert")
    found = [_violation(node) for node in failed if node.get("flag") not in ("warning", "info")]
    return [x for x in found if not (rules.cen_only and _NOT_CEN.search(x.rule))]


def _violation(node: etree._Element) -> Violation:
    words = " ".join((text(node, "text") or "").split())
    return Violation(
        node.get("id") or "RULE",
        _short(node.get("location") or "/"),
        _LEADING_ID.sub("", words)[:500],
    )


def _short(location: str) -> str:
    """A path of local names; an index stays only where it is not one."""
    names = "/".join(_STEP.sub(r"\1", step) for step in _steps(location))
    return _INDEX_ONE.sub("", names) or "/"


def _steps(location: str) -> list[str]:
    """The steps of a path whose namespaces hold slashes of their own."""
    plain = re.sub(r"\[namespace-uri\(\)='[^']*'\]", "", location)
    return re.sub(r"Q\{[^}]*\}", "", plain).split("/")


def _once(violations: list[Violation]) -> list[Violation]:
    """Each (rule, place) once: two rule sets share many rules."""
    return list({(x.rule, x.where): x for x in reversed(violations)}.values())[::-1]


@cache
def _schema(path: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(path)))


@cache
def _compiled(path: Path) -> PyXsltExecutable:
    return _PROCESSOR.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(path))
