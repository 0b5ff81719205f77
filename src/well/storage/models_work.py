"""Tables of one region's data database: what was made of the records.

Invariant: every key and index begins with the workspace; columns are a projection of the sealed
`body` made in one place (`rows_of.py`). See models.py.
"""

from typing import ClassVar

from django.db import models

from well.storage.tenant import TenantModel


class CaseRow(TenantModel):
    """One record's way through one flow, for lists; the whole case is read through the store.

    `record` is a record id, `confidence` the decision's (0 while undecided), `reason` the
    sentence of its state, `failure` the sentence for the user or "". Amounts are minor units of
    `currency`. `sort_date` is the issue date, or the first day of the calendar without one.
    """

    pk = models.CompositePrimaryKey("workspace_id", "id")
    id = models.CharField(max_length=36)
    flow = models.TextField()
    record = models.CharField(max_length=36)
    connection = models.TextField()
    stream = models.TextField()
    source_id = models.TextField()
    kind = models.CharField(max_length=32)
    version = models.IntegerField()
    state = models.CharField(max_length=16)
    step = models.CharField(max_length=16)
    reason = models.TextField()
    failure = models.TextField()
    by = models.TextField()
    confidence = models.FloatField()
    outcome = models.CharField(max_length=16)
    number = models.TextField()
    supplier = models.TextField()
    issue_date = models.DateField(null=True)
    sort_date = models.DateField()
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    credit_note = models.BooleanField()
    entry = models.TextField()
    counterparty = models.TextField()
    document = models.CharField(max_length=64)
    duplicate_key = models.TextField()
    updated_at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        db_table = "case_row"
        indexes: ClassVar = [
            models.Index(fields=["workspace_id", "flow", "record"], name="case_record"),
            models.Index(
                fields=["workspace_id", "flow", "state", "step", "-sort_date"], name="case_line"
            ),
            models.Index(
                fields=["workspace_id", "flow", "state", "-confidence", "id"], name="case_sure"
            ),
            models.Index(
                fields=["workspace_id", "flow", "state", "-updated_at", "id"], name="case_recent"
            ),
            models.Index(fields=["workspace_id", "flow", "entry"], name="case_entry"),
            models.Index(fields=["workspace_id", "flow", "duplicate_key"], name="case_like"),
            models.Index(fields=["workspace_id", "counterparty"], name="case_party"),
        ]


class PostingRow(TenantModel):
    """One intended write; `case` is a case id, `priority` the confidence that planned it,
    `document` the digest of the original file or "", `delivery` what became of its mail: a
    DeliveryState, "asked" where a person has to say whether it is there, or ""."""

    pk = models.CompositePrimaryKey("workspace_id", "id")
    id = models.CharField(max_length=36)
    case = models.CharField(max_length=36)
    flow = models.TextField()
    target = models.TextField()
    state = models.CharField(max_length=16)
    priority = models.FloatField()
    file_name = models.TextField()
    planned_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    attempts = models.IntegerField()
    entry = models.TextField()
    document = models.CharField(max_length=64, default="")
    delivery = models.CharField(max_length=16, default="")
    body = models.BinaryField()

    class Meta:
        db_table = "posting"
        indexes: ClassVar = [
            models.Index(
                fields=["workspace_id", "flow", "state", "-priority", "id"], name="posting_due"
            ),
            models.Index(fields=["workspace_id", "case"], name="posting_case"),
            models.Index(fields=["workspace_id", "target", "entry"], name="posting_entry"),
            models.Index(fields=["workspace_id", "target", "file_name"], name="posting_name"),
            models.Index(fields=["workspace_id", "target", "document"], name="posting_document"),
        ]


class PartyRow(TenantModel):
    """A counterparty under its preferred name."""

    pk = models.CompositePrimaryKey("workspace_id", "id")
    id = models.TextField()
    name = models.TextField()
    body = models.BinaryField()

    class Meta:
        db_table = "counterparty"
        indexes: ClassVar = [models.Index(fields=["workspace_id", "name"], name="party_name")]


class EntryRow(TenantModel):
    """An entry of a target, as last read back; columns are for searching one by a person.

    `rules` is the version of those that made the keys it is found under.
    """

    pk = models.CompositePrimaryKey("workspace_id", "connection", "id")
    connection = models.TextField()
    id = models.TextField()
    file_name = models.TextField()
    status = models.TextField()
    number = models.TextField()
    supplier = models.TextField()
    issue_date = models.DateField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    link = models.TextField()
    updated_at = models.DateTimeField()
    rules = models.TextField(default="")
    body = models.BinaryField()

    class Meta:
        db_table = "target_entry"
        indexes: ClassVar = [
            models.Index(fields=["workspace_id", "connection", "number"], name="entry_number"),
            models.Index(fields=["workspace_id", "connection", "supplier"], name="entry_supplier"),
            models.Index(fields=["workspace_id", "connection", "rules"], name="entry_rules"),
        ]


class BlockKeyRow(TenantModel):
    """`target` (a counterparty or entry id) is found under `key` (a digest) in `space`."""

    pk = models.CompositePrimaryKey("workspace_id", "space", "key", "target")
    space = models.TextField()
    key = models.CharField(max_length=32)
    target = models.TextField()

    class Meta:
        db_table = "block_key"
        indexes: ClassVar = [
            models.Index(fields=["workspace_id", "space", "target"], name="key_target")
        ]


class TrailRow(TenantModel):
    """One event; `seq` counts from 1 in its workspace, `previous` and `digest` are the chain's.

    `body` is the sealed detail. A person reads the trail through the store.
    """

    pk = models.CompositePrimaryKey("workspace_id", "seq")
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField()
    verb = models.TextField()
    subject = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        db_table = "trail"
        indexes: ClassVar = [
            models.Index(fields=["workspace_id", "subject", "seq"], name="trail_subject")
        ]


class TrailHead(TenantModel):
    """The last link of a workspace's chain: locked while events are added."""

    workspace_id = models.CharField(max_length=64, primary_key=True)
    seq = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "trail_head"


class JudgementRow(TenantModel):
    """What a person said about a case; the newest one of a case counts."""

    pk = models.CompositePrimaryKey("workspace_id", "case", "at")
    case = models.CharField(max_length=36)
    at = models.DateTimeField()
    flow = models.TextField(default="")
    by = models.TextField()
    verdict = models.CharField(max_length=16)
    entry = models.TextField()
    agreed = models.BooleanField(null=True)
    body = models.BinaryField()

    class Meta:
        db_table = "judgement"
        indexes: ClassVar = [models.Index(fields=["workspace_id", "flow", "at"], name="judged_at")]
