"""The base of every tenant table.

Invariant: a tenant row names its workspace, and the key and every index of its table begin with
it. It holds no rows by itself and reads nothing.
"""

from django.db import models


class TenantModel(models.Model):
    """`workspace_id` is an id in the control database: no relation crosses databases."""

    workspace_id = models.CharField(max_length=64)

    class Meta:
        abstract = True
