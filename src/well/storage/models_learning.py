"""Tables of one region's data database: what flows have learned, and what is checked afterwards.

Invariant: every key and index begins with the workspace; counts stand only in the sealed `body`.
See models.py.
"""

from typing import ClassVar

from django.db import models

from well.storage.tenant import TenantModel


class FlowMemoryRow(TenantModel):
    """What one flow has learned from its judgements, and its raised limit."""

    pk = models.CompositePrimaryKey("workspace_id", "flow")
    flow = models.TextField()
    body = models.BinaryField()

    class Meta:
        db_table = "flow_memory"


class SpotCheckRow(TenantModel):
    """An automatic decision a person is to look at; `right` is null while nobody has."""

    pk = models.CompositePrimaryKey("workspace_id", "case")
    case = models.CharField(max_length=36)
    flow = models.TextField()
    record = models.CharField(max_length=36)
    confidence = models.FloatField()
    weight = models.FloatField()
    chosen_at = models.DateTimeField()
    right = models.BooleanField(null=True)
    by = models.TextField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "spot_check"
        indexes: ClassVar = [
            models.Index(fields=["workspace_id", "flow", "answered_at"], name="checked_at")
        ]


class LayoutRow(TenantModel):
    """A layout learned, or to be learned, from the document of a judged case."""

    pk = models.CompositePrimaryKey("workspace_id", "case")
    case = models.CharField(max_length=36)
    flow = models.TextField()
    at = models.DateTimeField()
    learned = models.BooleanField()
    body = models.BinaryField()

    class Meta:
        db_table = "layout"
        indexes: ClassVar = [
            models.Index(fields=["workspace_id", "learned", "flow", "at"], name="layout_at")
        ]
