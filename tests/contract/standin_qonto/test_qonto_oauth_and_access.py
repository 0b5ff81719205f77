"""Contract: who may call the Qonto stand-in, and how an app gets and loses its tokens."""

from typing import Any

import httpx
import pytest


def _codes(answer: httpx.Response) -> list[str]:
    return [error["code"] for error in answer.json()["errors"]]


def test_a_grant_with_pkce_gives_an_hour_of_access_and_a_refresh_token(qonto: Any) -> None:
    answer = qonto.grant()
    assert answer["token_type"] == "bearer" and answer["expires_in"] == 3600
    assert "supplier_invoice.write" in answer["scope"] and answer["refresh_token"]


def test_a_wrong_code_verifier_is_refused(qonto: Any) -> None:
    back = qonto.consent(code_challenge="A" * 43, code_challenge_method="S256")
    answer = qonto.exchange(code=back["code"], code_verifier="wrong" * 12)
    assert answer.status_code in (400, 401) and answer.json()["error"] == "invalid_grant"


def test_without_offline_access_there_is_no_refresh_token(qonto: Any) -> None:
    assert "refresh_token" not in qonto.grant("organization.read")


def test_a_scope_the_app_does_not_have_comes_back_as_invalid_scope(qonto: Any) -> None:
    back = qonto.consent("offline_access payment.write")
    assert back["error"] == "invalid_scope" and back["state"] == "s-1"


def test_denying_comes_back_as_access_denied(qonto: Any) -> None:
    assert qonto.consent(decision="deny")["error"] == "access_denied"


def test_each_refresh_rotates_and_the_old_one_ends_the_whole_family(qonto: Any) -> None:
    first = qonto.grant()
    second = qonto.exchange(refresh_token=first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    again = qonto.exchange(refresh_token=first["refresh_token"])
    assert again.status_code in (400, 401) and again.json()["error"] == "invalid_grant"
    dead = qonto.exchange(refresh_token=second["refresh_token"])
    assert dead.json()["error"] == "invalid_grant"
    assert qonto.get("/v2/organization", token=second["access_token"]).status_code == 401


def test_revoking_ends_access(qonto: Any) -> None:
    grant = qonto.grant()
    form = {"client_id": qonto.client_id, "client_secret": qonto.client_secret}
    gone = qonto.http.post(qonto.addresses["revoke"], data=form | {"token": grant["refresh_token"]})
    assert gone.status_code == 200
    assert qonto.get("/v2/organization", token=grant["access_token"]).status_code == 401


def test_an_expired_token_is_401_in_the_providers_form(qonto: Any) -> None:
    qonto.later(3601)
    answer = qonto.get("/v2/organization")
    assert answer.status_code == 401 and _codes(answer) == ["unauthorized"]


def test_a_missing_scope_is_403_and_names_it(qonto: Any) -> None:
    token = qonto.grant("organization.read")["access_token"]
    for answer in (
        qonto.get("/v2/supplier_invoices", token=token),
        qonto.bulk(("a.pdf", b"%PDF-"), token=token),
        qonto.get("/v2/attachments/aaaaaaaa-1111-4111-8111-111111111111", token=token),
    ):
        assert answer.status_code == 403
        assert "missing required OAuth scope" in answer.json()["errors"][0]["detail"]


def test_the_organization_is_told_to_a_token_and_to_an_api_key(qonto: Any) -> None:
    told = qonto.get("/v2/organization").json()["organization"]
    assert (told["name"], told["legal_name"]) == ("Épi Bleu", "Épi Bleu SAS")
    key = {"Authorization": qonto.addresses["api_key"]}
    assert qonto.http.get(f"{qonto.api}/v2/organization", headers=key).json() == {
        "organization": told
    }
    wrong = {"Authorization": qonto.addresses["api_key"] + "x"}
    assert qonto.http.get(f"{qonto.api}/v2/organization", headers=wrong).status_code == 401


def test_the_staging_token_is_demanded_when_switched_on(qonto: Any) -> None:
    qonto.settings(staging_token=1)
    assert qonto.get("/v2/organization").status_code == 401
    qonto.http.headers["X-Qonto-Staging-Token"] = qonto.addresses["staging_token"]
    assert qonto.get("/v2/organization").status_code == 200
    assert qonto.grant()["access_token"]


def test_the_rate_limit_answers_429_with_a_retry_after_every_other_time(qonto: Any) -> None:
    qonto.settings(requests_per_10_seconds=3)
    answers = [qonto.get("/v2/organization") for _ in range(12)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 5
    assert {"retry-after" in answer.headers for answer in refused} == {True, False}


def test_too_many_401_within_an_hour_close_the_door(qonto: Any) -> None:
    qonto.settings(unauthorized_per_hour=2)
    for _ in range(3):
        assert qonto.get("/v2/organization", token="no").status_code == 401
    assert qonto.get("/v2/organization").status_code == 429
    qonto.later(3700)
    assert qonto.get("/v2/organization").status_code == 401


@pytest.mark.parametrize("path", ["/v2/nothing", "/v2/supplier_invoices/none", "/v2/attachments/x"])
def test_what_is_not_there_is_404_in_the_providers_form(qonto: Any, path: str) -> None:
    answer = qonto.get(path)
    assert answer.status_code == 404 and _codes(answer) == ["not_found"]
