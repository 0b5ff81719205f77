"""A JSON file to a bill, or the sentences that say what is wrong with it.

Invariant: every mistake is one sentence that begins with its path; a file of any bytes gives a
bill or sentences and never an error. It reads no file and prints nothing.
"""

import difflib
import json
from dataclasses import fields
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from well.documents.writing.bill import (
    CREDIT_NOTE,
    CREDIT_NOTES,
    INVOICE,
    Address,
    Adjustment,
    Bill,
    BillLine,
    Delivery,
    Note,
    Party,
    Payment,
    Preceding,
    References,
    Source,
    TaxGroup,
    Totals,
)
from well.documents.writing.json_model import AddressIn, AdjustmentIn, BillIn, LineIn, Strict
from well.documents.writing.units import unit_code

JSON_BYTES = 8 * 1024 * 1024
_FRENCH = ("FR", "MC")
_ADDRESS = tuple(AddressIn.model_fields)
_SHOWN_MAX = 50


class BadBill(Exception):
    """The file is no bill; `sentences` say why, each with the path of what is wrong."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


def bill_of_json(content: bytes) -> Bill:
    """The bill in a JSON file; BadBill when there is none. Also takes a line of `well read`."""
    data = _flat(_object(content))
    try:
        return _bill(BillIn.model_validate(data))
    except ValidationError as error:
        found = [_sentence(one) for one in error.errors(include_url=False)]
        raise BadBill(list(dict.fromkeys(found))[:_SHOWN_MAX]) from None


def _object(content: bytes) -> dict[str, Any]:
    if len(content) > JSON_BYTES:
        raise BadBill([f"file: it is larger than {JSON_BYTES // 1024 // 1024} MB"])
    try:
        data = json.loads(
            content.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_refuse,
            object_pairs_hook=_once,
        )
    except UnicodeDecodeError:
        raise BadBill(["file: it is not written in UTF-8"]) from None
    except RecursionError:
        raise BadBill(["file: it is nested too deeply"]) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise BadBill([f"file: it is not JSON ({error.msg} at {where})"]) from None
    except (ValueError, ArithmeticError) as error:
        raise BadBill([f"file: {str(error)[:200]}"]) from None
    if not isinstance(data, dict):
        raise BadBill(["file: it must be one JSON object"])
    return data


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a name that stands twice would hide one of its values."""
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for at, (name, _) in enumerate(pairs) if name in dict(pairs[:at]))
        raise ValueError(f"the name {twice[:80]!r} stands twice in one object")
    return found


def _flat(data: dict[str, Any]) -> dict[str, Any]:
    """Other spellings of the same file: a line of `well read`, party objects, loose addresses."""
    if isinstance(data.get("fields"), dict):
        kind = {"kind": data["kind"]} if data.get("kind") in ("invoice", "credit_note") else {}
        data = kind | data["fields"]
    flat = dict(data)
    for who in ("seller", "buyer"):
        if isinstance(flat.get(who), dict):
            flat |= {f"{who}_{name}": value for name, value in flat.pop(who).items()}
        loose = {k: flat.pop(f"{who}_{k}") for k in _ADDRESS if f"{who}_{k}" in flat}
        if loose and isinstance(flat.get(f"{who}_address", {}), dict):
            flat[f"{who}_address"] = flat.get(f"{who}_address", {}) | loose
    return flat


def _sentence(error: Any) -> str:
    names = [x for x in error["loc"] if isinstance(x, int) or x.isidentifier()]
    where = "".join(f"[{x}]" if isinstance(x, int) else f".{x}" for x in names).lstrip(".")
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        name = str(error["loc"][-1])[:80]
        near = difflib.get_close_matches(name, _known(), 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"{where or repr(name)}: there is no such field{hint}"
    if kind == "missing":
        return f"{where}: it must be given"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return f"{where}: it must be an object"
    if kind == "list_type":
        return f"{where}: it must be a list"
    if kind == "too_long":
        return f"{where}: it must have at most {context['max_length']} entries"
    if kind == "value_error":
        return f"{where}: {context.get('error', error['msg'])}"
    words = error["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return f"{where}: it must be {words}"


def _known() -> list[str]:
    models: tuple[type[Strict], ...] = (BillIn, LineIn, AdjustmentIn, AddressIn)
    return [name for model in models for name in model.model_fields]


def _bill(given: BillIn) -> Bill:
    country = given.seller_address.country if given.seller_address else None
    number = given.invoice_number or "without number"
    source = given.source
    notes = [Note(given.note)] if given.note else []
    notes += [Note(one.text, one.subject) for one in given.notes or [] if one.text]
    return Bill(
        source=Source((source and source.label) or "", (source and source.id) or number),
        type_code=_type_code(given),
        number=given.invoice_number,
        issue_date=given.issue_date,
        due_date=given.due_date,
        currency=given.currency,
        tax_currency=given.tax_currency,
        process=given.business_process,
        language=given.language or ("fr" if country in _FRENCH else "en"),
        seller=_party(given, "seller"),
        buyer=_party(given, "buyer"),
        delivery=_delivery(given),
        payment=_payment(given),
        references=_references(given),
        lines=tuple(_line(line) for line in given.lines or []),
        adjustments=_adjustments(given),
        taxes=tuple(TaxGroup(**dict(tax)) for tax in given.taxes or []),
        totals=_totals(given),
        notes=tuple(notes),
        exemption_reason=given.exemption_reason,
        exemption_code=given.exemption_code,
    )


def _type_code(given: BillIn) -> str:
    if given.type_code is None:
        return CREDIT_NOTE if given.kind == "credit_note" else INVOICE
    if given.kind == "credit_note" and given.type_code not in CREDIT_NOTES:
        raise BadBill([f"type_code: {given.type_code} is no code of a credit note"])
    return given.type_code


def _party(given: BillIn, who: str) -> Party:
    values: dict[str, Any] = {
        one.name: getattr(given, f"{who}_{one.name}", None) for one in fields(Party)
    }
    values["address"] = _address(values["address"]) or Address()
    for name in ("vat_id", "legal_id"):
        values[name] = "".join(values[name].split()) if values[name] else None
    return Party(**values)


def _address(given: AddressIn | None) -> Address | None:
    return Address(**dict(given)) if given else None


def _delivery(given: BillIn) -> Delivery:
    return Delivery(
        given.delivery_date,
        given.period_start,
        given.period_end,
        given.delivery_name,
        _address(given.delivery_address),
    )


def _payment(given: BillIn) -> Payment:
    return Payment(
        iban="".join(given.iban.split()).upper() if given.iban else None,
        bic="".join(given.bic.split()).upper() if given.bic else None,
        account_name=given.account_name,
        means=given.payment_means,
        means_text=given.payment_means_text,
        reference=given.payment_reference,
        terms=given.payment_terms,
    )


def _references(given: BillIn) -> References:
    preceding = [
        Preceding(one.number, one.issue_date)
        for one in given.preceding_invoices or []
        if one.number
    ]
    return References(
        given.buyer_reference,
        given.contract,
        given.purchase_order,
        given.sales_order,
        tuple(preceding),
    )


def _line(given: LineIn) -> BillLine:
    values = dict(given)
    values.pop("allowances"), values.pop("charges")
    values |= {"description": given.description or "", "unit": unit_code(given.unit)}
    return BillLine(**values, adjustments=_adjustments(given))


def _adjustments(given: BillIn | LineIn) -> tuple[Adjustment, ...]:
    discounts = [Adjustment(charge=False, **dict(one)) for one in given.allowances or []]
    charges = [Adjustment(charge=True, **dict(one)) for one in given.charges or []]
    return (*discounts, *charges)


def _totals(given: BillIn) -> Totals:
    return Totals(
        given.line_total,
        given.allowance_total,
        given.charge_total,
        given.net_total,
        given.tax_total,
        given.tax_total_accounting,
        given.gross_total,
        given.prepaid,
        given.rounding,
        given.due_payable,
    )
