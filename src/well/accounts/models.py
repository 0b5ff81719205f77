"""Tables of the control database: people, workspaces, memberships, notices, sign-in links, clients.

Invariant: an e-mail address names one person whatever its case; a workspace's data lives in its
region and never here. No secret is stored plain: passwords are argon2id, links are digests.
"""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from well.accounts.roles import Role

ROLES = [(role.value, role.value) for role in Role]


class UserManager(BaseUserManager["User"]):
    """Makes people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person; without a password, only a sign-in link lets them in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person; `email` is lower case."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.TextField(default="", blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        db_table = "person"
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="person_email")]

    def __str__(self) -> str:
        return self.email


class Workspace(models.Model):
    """A tenant; `region` names the data database that holds all of it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.TextField()
    region = models.CharField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "workspace"

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=ROLES)

    class Meta:
        db_table = "membership"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_role_each")
        ]


class Notice(models.Model):
    """A sentence for the owners of a workspace about `subject` (an id); `level` info or warning,
    `mailed_at` when it went out to them as a mail, too; until then `mailed_to` are those whose mail
    is done with, `mail_tries` how often it was begun and `mail_after` when it may be begun again.
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="notices")
    subject = models.TextField(default="", blank=True)
    text = models.TextField()
    level = models.CharField(max_length=16, default="warning")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mailed_to = models.JSONField(default=list, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_after = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "notice"
        indexes: ClassVar = [models.Index(fields=["workspace", "read_at"], name="notice_unread")]


class SigninLink(models.Model):
    """A one-time way in: the SHA-256 of its token, for whom, until when, and when it was used."""

    digest = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="signin_links")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "signin_link"


class ClientRegistration(models.Model):
    """The client id that an authorization server gave to this installation (RFC 7591)."""

    issuer = models.TextField()
    redirect_uri = models.TextField()
    client_id = models.TextField()
    registered_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "client_registration"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "redirect_uri"], name="one_registration")
        ]
