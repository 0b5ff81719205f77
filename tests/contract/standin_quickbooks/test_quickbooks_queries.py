"""The query language as the provider publishes it, over real HTTP.

Invariant: what is not published is an error and never a guess. Reading one object is elsewhere.
"""

import pytest

from builders.quickbooks_client import Client


def test_all_rows_come_with_their_page(shared: Client) -> None:
    found = shared.query("select * from Bill")
    assert [row["Id"] for row in found["Bill"]] == ["1001", "1002", "1003", "1004", "1005"]
    assert (found["startPosition"], found["maxResults"], found["totalCount"]) == (1, 5, 5)


def test_an_empty_result_has_no_rows_key(shared: Client) -> None:
    assert shared.query("select * from Bill where Id = '77'") == {}


def test_a_count_is_a_number_alone(shared: Client) -> None:
    assert shared.query("select count(*) from Bill") == {"totalCount": 5}


def test_chosen_fields_come_sparse(shared: Client) -> None:
    row = shared.query("select Id, DocNumber from Bill maxresults 1")["Bill"][0]
    assert row == {"Id": "1001", "DocNumber": "INV-1001", "domain": "QBO", "sparse": True}


def test_amounts_are_printed_digit_for_digit(shared: Client) -> None:
    text = shared.get("query", query="select * from Bill where Id = '1001'").text
    assert '"TotalAmt":10.10,' in text


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("TotalAmt = '20.1'", ["1002"]),
        ("TotalAmt > '40.10'", ["1005"]),
        ("totalamt >= 40.10", ["1004", "1005"]),
        ("TotalAmt < '20'", ["1001"]),
        ("TotalAmt <= '20.10' and TotalAmt > '10.10'", ["1002"]),
        ("DocNumber in ('INV-1001', 'INV-1003')", ["1001", "1003"]),
        ("DocNumber like '%-100_'", []),
        ("DocNumber like 'INV%4'", ["1004"]),
        ("VendorRef = '56'", ["1001", "1002", "1003", "1004", "1005"]),
        ("VendorRef = '57'", []),
        ("Id > '1003'", ["1004", "1005"]),
        ("Id = 'x'", []),
        ("MetaData.LastUpdatedTime > '1999-01-01'", ["1001", "1002", "1003", "1004", "1005"]),
        ("MetaData.LastUpdatedTime > '2200-01-01T00:00:00-07:00'", []),
    ],
)
def test_conditions_choose_the_rows(shared: Client, where: str, ids: list[str]) -> None:
    assert shared.ids(f"select * from Bill where {where}") == ids


def test_times_are_compared_as_instants_whatever_their_offset(shared: Client) -> None:
    time = shared.query("select * from Bill where Id = '1003'")["Bill"][0]["MetaData"]
    moment = time["LastUpdatedTime"]  # ends in Z
    hour = int(moment[11:13])
    elsewhere = f"{moment[:11]}{hour:02d}{moment[13:19]}+00:00"
    found = shared.ids(f"select * from Bill where MetaData.LastUpdatedTime = '{elsewhere}'")
    assert found == ["1003"]


@pytest.mark.parametrize("order", ["orderby TotalAmt desc", "ORDER BY TotalAmt DESC, Id asc"])
def test_rows_are_sorted_and_paged(shared: Client, order: str) -> None:
    rest = f"{order} startposition 2 maxresults 2"
    assert shared.ids(f"SELECT * FROM bill {rest}") == ["1004", "1003"]


def test_inactive_entities_appear_only_when_asked_for(shared: Client) -> None:
    assert shared.ids("select * from Vendor") == ["56", "57"]
    assert shared.ids("select * from Vendor where Active in (true,false)") == ["56", "57", "58"]
    assert shared.ids("select * from Vendor where Active = false") == ["58"]


def test_a_quote_is_escaped_with_a_backslash(shared: Client) -> None:
    name = 'L\\\'Atelier "Été" & Co 🦊'
    assert shared.ids(f"select * from Vendor where DisplayName = '{name}'") == ["57"]


def test_a_query_may_be_posted(shared: Client) -> None:
    address = f"/v3/company/{shared.realm}/query"
    headers = {"Content-Type": "application/text"}
    answer = shared.http.post(address, content="select count(*) from Vendor", headers=headers)
    assert answer.json()["QueryResponse"] == {"totalCount": 2}


def test_the_attachments_of_one_bill_are_found_by_their_reference(shared: Client) -> None:
    where = "AttachableRef.EntityRef.Type = 'bill' and AttachableRef.EntityRef.value = '1002'"
    assert shared.ids(f"select * from Attachable where {where}") == ["9002"]
    where = where.replace("bill", "purchase")
    assert shared.ids(f"select * from Attachable where {where}") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "select",
        "delete from Bill",
        "select * from Bill where TotalAmt = '1' or TotalAmt = '2'",
        "select * from Bill where not TotalAmt = '1'",
        "select * from Bill, Vendor",
        "select * from Bill b join Vendor v on b.VendorRef = v.Id",
        "select * from Bill group by VendorRef",
        "select * from Bill where TotalAmt <> '1'",
        "select * from Bill where TotalAmt",
        "select * from Bill where TotalAmt in ()",
        "select * from Bill where DocNumber = 'open",
        "select * from Bill where (Id = '1')",
        "select * from Bill maxresults",
        "select * from Bill maxresults -1",
        "select * from Bill; drop table object",
        "select * from Bill where DocNumber = INV",
        "select * from Bill orderby",
        "\x00",
    ],
)
def test_what_the_language_does_not_know_is_error_4000(shared: Client, text: str) -> None:
    answer = shared.get("query", query=text)
    fault = answer.json()["Fault"]
    assert (answer.status_code, fault["type"]) == (400, "ValidationFault")
    assert fault["Error"][0]["code"] == "4000"
    assert fault["Error"][0]["Detail"].startswith("QueryParserError: ")


@pytest.mark.parametrize(
    "text",
    [
        "select * from Dragon",
        "select * from Bill where Colour = 'red'",
        "select * from Bill orderby Colour",
        "select * from Bill maxresults 1001",
        "select * from Bill startposition 0",
        "select * from Bill where TxnDate > 'soon'",
        "select * from Bill where MetaData.LastUpdatedTime > 'soon'",
        "select * from Bill where MetaData.CreateTime > '0001-01-01T00:00:00+14:00'",
        "select * from Bill where TotalAmt = 'NaN'",
        "select * from Vendor where Active = 'maybe'",
        "select * from Attachable orderby AttachableRef.EntityRef.Type",
    ],
)
def test_what_makes_no_sense_in_the_language_is_error_4001(shared: Client, text: str) -> None:
    answer = shared.get("query", query=text)
    assert answer.status_code == 400
    assert answer.json()["Fault"]["Error"][0]["code"] == "4001"


def test_a_value_never_becomes_sql(shared: Client) -> None:
    assert shared.ids("select * from Bill where DocNumber = 'x\\' or 1=1 --'") == []
    assert shared.query("select count(*) from Bill") == {"totalCount": 5}
