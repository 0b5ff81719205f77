"""Tables of one region's data database: what was read, and how far.

Invariant: every key and index begins with the workspace. Columns are only what is looked up,
filtered, sorted or listed; `body` holds the whole value (deflated JSON) sealed with the key of the
workspace,
bound to its row. No code outside `storage` writes here, and no query is made but through
`scope.rows`.
"""

from typing import ClassVar

from django.db import models

from well.storage.models_learning import FlowMemoryRow, LayoutRow, SpotCheckRow
from well.storage.models_work import (
    BlockKeyRow,
    CaseRow,
    EntryRow,
    JudgementRow,
    PartyRow,
    PostingRow,
    TrailHead,
    TrailRow,
)
from well.storage.tenant import TenantModel

__all__ = [
    "AttachmentLink",
    "BlockKeyRow",
    "CaseRow",
    "ConnectionRow",
    "DocumentFile",
    "DocumentRow",
    "EntryRow",
    "FlowMemoryRow",
    "FlowRow",
    "FlowVersion",
    "GrantRow",
    "JudgementRow",
    "LayoutRow",
    "MarkerRow",
    "PartyRow",
    "PostingRow",
    "RecordRow",
    "RecordVersion",
    "SliceRow",
    "SpotCheckRow",
    "TrailHead",
    "TrailRow",
    "WorkspaceKey",
]


class RecordRow(TenantModel):
    """The newest version of a source record. `id` is RecordKey.record_id, `body` sealed bytes;
    `parents` is JSON text of (stream, source id) pairs; `kept_at` when this version was stored."""

    pk = models.CompositePrimaryKey("workspace_id", "id")
    id = models.CharField(max_length=36)
    connection = models.TextField()
    stream = models.TextField()
    source_id = models.TextField()
    kind = models.CharField(max_length=32)
    digest = models.TextField()
    version = models.IntegerField()
    deleted = models.BooleanField()
    changed_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    parents = models.TextField(default="[]")
    body = models.BinaryField()

    class Meta:
        db_table = "source_record"
        indexes: ClassVar = [
            models.Index(fields=["workspace_id", "connection", "stream"], name="record_stream")
        ]


class RecordVersion(TenantModel):
    """A former version of a record, as it was; `id` is the record's."""

    pk = models.CompositePrimaryKey("workspace_id", "id", "version")
    id = models.CharField(max_length=36)
    version = models.IntegerField()
    digest = models.TextField()
    deleted = models.BooleanField()
    changed_at = models.DateTimeField()
    kept_at = models.DateTimeField()
    parents = models.TextField(default="[]")
    body = models.BinaryField()

    class Meta:
        db_table = "record_version"


class AttachmentLink(TenantModel):
    """`attachment` (a record id) belongs to `parent` (a record id)."""

    pk = models.CompositePrimaryKey("workspace_id", "parent", "attachment")
    parent = models.CharField(max_length=36)
    attachment = models.CharField(max_length=36)

    class Meta:
        db_table = "attachment_link"
        indexes: ClassVar = [
            models.Index(fields=["workspace_id", "attachment"], name="link_attachment")
        ]


class DocumentRow(TenantModel):
    """A kept file, by the SHA-256 of its bytes; `sealed_digest` is that of the file on disk."""

    pk = models.CompositePrimaryKey("workspace_id", "digest")
    digest = models.CharField(max_length=64)
    media_type = models.TextField()
    size = models.BigIntegerField()
    sealed_digest = models.CharField(max_length=64)

    class Meta:
        db_table = "document"


class DocumentFile(TenantModel):
    """Which file an attachment record has: `record` its record id, `attachment` its source id."""

    pk = models.CompositePrimaryKey("workspace_id", "record")
    record = models.CharField(max_length=36)
    digest = models.CharField(max_length=64)
    name = models.TextField()
    attachment = models.TextField()

    class Meta:
        db_table = "document_file"
        indexes: ClassVar = [models.Index(fields=["workspace_id", "digest"], name="file_digest")]


class MarkerRow(TenantModel):
    """How far (connection, stream) has been read."""

    pk = models.CompositePrimaryKey("workspace_id", "connection", "stream")
    connection = models.TextField()
    stream = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "marker"


class SliceRow(TenantModel):
    """One slice of a backfill; `position` is the order of reading inside its flow."""

    pk = models.CompositePrimaryKey("workspace_id", "flow", "stream", "since", "until")
    flow = models.TextField()
    stream = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    position = models.IntegerField()
    state = models.CharField(max_length=16)
    cursor = models.TextField(null=True)
    rows = models.IntegerField()

    class Meta:
        db_table = "slice"


class ConnectionRow(TenantModel):
    """One authorised link; `state` is a ConnectionState."""

    pk = models.CompositePrimaryKey("workspace_id", "id")
    id = models.TextField()
    connector = models.TextField()
    label = models.TextField()
    state = models.CharField(max_length=16)
    body = models.BinaryField()

    class Meta:
        db_table = "connection"


class FlowRow(TenantModel):
    """One flow, `source` and `target` connection ids; `version` counts its saved changes,
    `due_at` is when it syncs next."""

    pk = models.CompositePrimaryKey("workspace_id", "id")
    id = models.TextField()
    name = models.TextField()
    source = models.TextField()
    target = models.TextField()
    enabled = models.BooleanField()
    version = models.IntegerField()
    due_at = models.DateTimeField(null=True)
    body = models.BinaryField()

    class Meta:
        db_table = "flow"


class FlowVersion(TenantModel):
    """A flow as it was saved the `version`-th time, and when."""

    pk = models.CompositePrimaryKey("workspace_id", "id", "version")
    id = models.TextField()
    version = models.IntegerField()
    saved_at = models.DateTimeField()
    body = models.BinaryField()

    class Meta:
        db_table = "flow_version"


class GrantRow(TenantModel):
    """Sealed tokens of one connection and who may refresh them until when."""

    pk = models.CompositePrimaryKey("workspace_id", "connection")
    connection = models.TextField()
    body = models.BinaryField()
    saved_at = models.DateTimeField()
    lease_owner = models.CharField(max_length=64, default="")
    lease_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "grant_sealed"


class WorkspaceKey(TenantModel):
    """A workspace's key, wrapped by the master key; losing it makes every body unreadable."""

    workspace_id = models.CharField(max_length=64, primary_key=True)
    wrapped = models.BinaryField()

    class Meta:
        db_table = "workspace_key"
