"""Contract: the bad days that Well must survive: errors and cuts before and after the write."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

BULK = "/v2/supplier_invoices/bulk"


def _names(qonto: Any) -> list[str]:
    return sorted(invoice["file_name"] for invoice in qonto.listed())


def test_a_500_after_the_write_hides_an_entry_that_the_list_shows(qonto: Any, paper: Any) -> None:
    qonto.fault(mode="error_after", path=BULK, method="POST")
    key = str(uuid4())
    answer = qonto.bulk(("a.pdf", paper("A-1")), keys=[key])
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["code"] == "internal_server_error"
    assert "a.pdf" in _names(qonto)
    qonto.bulk(("a.pdf", paper("A-1")), keys=[key])
    assert _names(qonto).count("a.pdf") == 1


def test_a_cut_after_the_write_hides_an_entry_that_the_list_shows(qonto: Any, paper: Any) -> None:
    qonto.fault(mode="cut_after", path=BULK, method="POST")
    with pytest.raises(httpx.TransportError):
        qonto.bulk(("a.pdf", paper("A-1")))
    assert "a.pdf" in _names(qonto)


def test_a_blind_resend_after_thirty_minutes_doubles_the_entry(qonto: Any, paper: Any) -> None:
    key = str(uuid4())
    qonto.fault(mode="cut_after", path=BULK)
    with pytest.raises(httpx.TransportError):
        qonto.bulk(("a.pdf", paper("A-1")), keys=[key])
    qonto.later(1801)
    assert qonto.bulk(("a.pdf", paper("A-1")), keys=[key]).status_code == 200
    assert _names(qonto).count("a.pdf") == 2


def test_a_500_or_a_cut_before_the_write_leaves_nothing(qonto: Any, paper: Any) -> None:
    qonto.fault(mode="error_before", path=BULK)
    assert qonto.bulk(("a.pdf", paper("A-1"))).status_code == 500
    qonto.fault(mode="cut_before", path=BULK)
    with pytest.raises(httpx.TransportError):
        qonto.bulk(("a.pdf", paper("A-1")))
    assert "a.pdf" not in _names(qonto)


def test_a_storm_of_429_has_the_providers_form(qonto: Any) -> None:
    qonto.fault(mode="rate_limit", count=1, retry_after=7)
    answer = qonto.get("/v2/organization")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["errors"][0]["code"] == "too_many_requests"
    assert qonto.get("/v2/organization").status_code == 200


def test_a_token_revoked_in_the_middle_stays_revoked(qonto: Any) -> None:
    qonto.fault(mode="token_revoked")
    assert qonto.get("/v2/supplier_invoices").status_code == 401
    assert qonto.get("/v2/supplier_invoices").status_code == 401
