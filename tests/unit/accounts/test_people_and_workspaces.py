"""People, workspaces, roles and notices in the control database."""

from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from builders.stores import NOON, FakeClock
from well.accounts.models import Membership, Notice, User
from well.accounts.notices import OwnerNotices
from well.accounts.roles import Role
from well.accounts.workspaces import (
    all_workspaces,
    create_workspace,
    owner_of,
    region_of,
)

pytestmark = pytest.mark.django_db


def test_a_workspace_has_its_owner_and_region() -> None:
    workspace, user = create_workspace("Acme", "eu", " Ada@Example.com ", NOON)
    again, same = create_workspace("Beta", "eu", "ada@example.com", NOON)
    assert user == same
    assert owner_of(str(workspace.id)) == user
    assert region_of(str(workspace.id)) == "eu"
    assert set(all_workspaces()) >= {str(workspace.id), str(again.id)}
    with pytest.raises(KeyError):
        region_of(str(uuid4()))


def test_an_address_names_one_person_whatever_its_case() -> None:
    User.objects.create_user("Ada@Example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="ADA@example.com").save()


def test_one_role_for_each_member() -> None:
    workspace, user = create_workspace("Acme", "eu", "ada@example.com", NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(workspace=workspace, user=user, role=Role.VIEWER.value)


def test_passwords_are_argon2_and_an_address_signs_in_in_any_case() -> None:
    user = User.objects.create_user("ada@example.com", "a long enough sentence")
    assert user.password.startswith("argon2$argon2id$")
    assert authenticate(None, email="ADA@example.com", password="a long enough sentence") == user
    assert authenticate(None, email="ada@example.com", password="wrong") is None


def test_without_a_password_none_fits() -> None:
    user = User.objects.create_user("ada@example.com")
    assert not user.has_usable_password()


def test_an_unread_notice_is_not_repeated() -> None:
    workspace, _ = create_workspace("Acme", "eu", "ada@example.com", NOON)
    notices = OwnerNotices(str(workspace.id), FakeClock())
    notices.tell_owner("books", "Reconnect QuickBooks.")
    notices.tell_owner("books", "Reconnect QuickBooks.")
    assert Notice.objects.count() == 1
    Notice.objects.update(read_at=NOON)
    notices.tell_owner("books", "Reconnect QuickBooks.")
    assert Notice.objects.filter(read_at=None).count() == 1


def test_roles_may_what_the_roles_below_may() -> None:
    assert [role for role in Role if role.may_judge] == [Role.OWNER, Role.ADMIN, Role.REVIEWER]
    assert [role for role in Role if role.may_manage] == [Role.OWNER, Role.ADMIN]
