"""Workspaces: their regions and how one is made.

Invariant: the control database says where a workspace's data lives; nothing of the data is here.
"""

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db import transaction

from well.accounts.models import Membership, User, Workspace
from well.accounts.roles import Role


@lru_cache(maxsize=10_000)
def region_of(workspace: str) -> str:
    """Region of a workspace (it never moves while a process runs); KeyError when there is none."""
    known = Workspace.objects.filter(id=UUID(workspace)).values_list("region", flat=True).first()
    if known is None:
        raise KeyError(workspace)
    return known


def workspaces() -> list[Workspace]:
    """Every workspace of this installation, oldest first."""
    return list(Workspace.objects.order_by("created_at"))


def all_workspaces() -> list[str]:
    """Their ids."""
    return [str(workspace.id) for workspace in workspaces()]


def create_workspace(name: str, region: str, owner: str, now: datetime) -> tuple[Workspace, User]:
    """A workspace and its owner by e-mail address; the person is made when new."""
    email = owner.strip().lower()
    with transaction.atomic():
        user = User.objects.filter(email=email).first() or User.objects.create_user(email)
        workspace = Workspace.objects.create(name=name, region=region, created_at=now)
        Membership.objects.create(workspace=workspace, user=user, role=Role.OWNER.value)
    return workspace, user


def owner_of(workspace: str) -> User:
    """The first owner of a workspace."""
    owners = Membership.objects.filter(workspace_id=UUID(workspace), role=Role.OWNER.value)
    return owners.select_related("user").earliest("id").user
