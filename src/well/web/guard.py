"""Who is at the door of a workspace's page, and what they may do there.

Invariant: every page below /w/<workspace>/ runs only for a member of that workspace; for anyone
else the page does not exist (404), so ids tell nothing. It knows roles, not records.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from well.accounts.models import Membership, User
from well.accounts.roles import Role
from well.storage.scope import Tenant

P = ParamSpec("P")
Need = Literal["look", "judge", "manage"]
SeatedView = Callable[Concatenate[HttpRequest, "Seat", P], HttpResponse]


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a workspace. `workspace` is its id as text."""

    workspace: str
    name: str
    region: str
    role: Role
    email: str
    membership: Membership

    @property
    def tenant(self) -> Tenant:
        """For reads of the workspace's rows."""
        return Tenant(self.workspace, self.region)

    @property
    def role_word(self) -> str:
        """The role as people read it."""
        return {
            Role.OWNER: _("owner"),
            Role.ADMIN: _("admin"),
            Role.REVIEWER: _("reviewer"),
            Role.VIEWER: _("viewer"),
        }[self.role]


def seats_of(user: User) -> list[Seat]:
    """Every workspace the person is a member of, by name."""
    found = user.memberships.select_related("workspace").order_by("workspace__name")
    return [_seat(user, membership) for membership in found]


def seat_of(user: User, workspace: UUID) -> Seat | None:
    """The person's seat in a workspace, None for others."""
    membership = user.memberships.select_related("workspace").filter(workspace=workspace).first()
    return _seat(user, membership) if membership else None


def _seat(user: User, membership: Membership) -> Seat:
    workspace = membership.workspace
    return Seat(
        workspace=str(workspace.id),
        name=workspace.name,
        region=workspace.region,
        role=Role(membership.role),
        email=user.email,
        membership=membership,
    )


def seated(need: Need = "look") -> Callable[[SeatedView[P]], Callable[..., HttpResponse]]:
    """Wrap a view of a workspace: sign in first, members only, and the role the view needs."""

    def wrap(view: SeatedView[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inner(
            request: HttpRequest, workspace: UUID, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            if not isinstance(request.user, User):
                return _sign_in_first(request)
            seat = seat_of(request.user, workspace)
            if seat is None:
                raise Http404("not a member")
            if not allowed(seat.role, need):
                raise PermissionDenied(_refusal(seat, need))
            request.seat = seat  # type: ignore[attr-defined]
            return view(request, seat, *args, **kwargs)

        return inner

    return wrap


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    """To the sign-in page; a part that renews itself has the whole page loaded again instead."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())


def allowed(role: Role, need: Need) -> bool:
    """Whether `role` is enough."""
    return {"look": True, "judge": role.may_judge, "manage": role.may_manage}[need]


def _refusal(seat: Seat, need: Need) -> str:
    who: dict[Any, str] = {
        "judge": _("A reviewer, admin or owner can decide records."),
        "manage": _("An admin or owner can change connections and flows."),
    }
    return _("You are %(role)s of %(name)s.") % {"role": seat.role_word, "name": seat.name} + (
        f" {who[need]}"
    )
