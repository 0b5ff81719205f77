"""The demo's score: what the product did, against the truth of the stand-ins.

Invariant: reads the product's own states and the target's own entries; the truth comes from the
stand-ins' file and reaches nothing but this score.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx

from well.bootstrap import well
from well.sandbox.world import score
from well.storage.states import record_states

ENTITIES = {
    "bills": "Bill",
    "vendor_credits": "VendorCredit",
    "purchases": "Purchase",
    "vendors": "Vendor",
    "customers": "Customer",
    "accounts": "Account",
    "tax_codes": "TaxCode",
    "tax_rates": "TaxRate",
    "attachments": "Attachable",
    "purchase_orders": "PurchaseOrder",
    "invoices": "Invoice",
    "sales_receipts": "SalesReceipt",
    "credit_memos": "CreditMemo",
    "payments": "Payment",
    "bill_payments": "BillPayment",
}


def score_demo(
    addresses: dict[str, Any], data: Path, workspace: str, entries_before: int
) -> dict[str, Any]:
    """Everything the JSON line tells but seconds and memory."""
    truth = json.loads((data / "standins" / "truth.json").read_text())
    answer = httpx.get(f"{addresses['qonto']['admin']}/_admin/entries", timeout=60)
    entries = answer.raise_for_status().json()
    states = (asdict(row) for row in record_states(well().tenant(workspace)))
    return score(truth, outcomes_of(states), entries, entries_before, act=2)


def outcomes_of(states: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `well status --records` in the words of the truth."""
    return [
        {
            "entity": ENTITIES[row["stream"]],
            "id": row["source_id"],
            "state": row["state"],
            "by": row["by"],
            "entry": row["entry"] or None,
        }
        for row in states
    ]


def broken_promises(result: dict[str, Any]) -> list[str]:
    """What the demo must hold, else it exits non-zero."""
    broken = []
    if result["duplicates"]:
        broken.append(f"{result['duplicates']} entries were doubled at the target.")
    if result["lost"]:
        broken.append(f"{result['lost']} records are not in exactly one state, or never arrived.")
    if sum(result["by_outcome"].values()) != result["source_records"]:
        broken.append("The counts of the states do not add up to the records.")
    if result["auto_precision"] < 0.99:
        broken.append("Less than 99 % of what was posted or linked alone is right.")
    return broken
