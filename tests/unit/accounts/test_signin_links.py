"""One-time sign-in links, and who may sign up."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path

from builders.stores import NOON, FakeClock
from well.accounts.adapter import AccountAdapter
from well.accounts.models import SigninLink, User
from well.accounts.signin import SigninView, make_signin_link, use_signin_link

CLOCK = FakeClock()

urlpatterns = [
    path("signin/<str:token>/", SigninView.as_view(clock=CLOCK)),
    path("accounts/", include("allauth.account.urls")),
    path("", lambda request: HttpResponse(str(request.user))),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def clock() -> FakeClock:
    CLOCK.at = NOON
    return CLOCK


@pytest.fixture
def user() -> User:
    return User.objects.create_user("Ada@Example.COM")


@pytest.fixture
def plain_pages() -> object:
    pages = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {
                        "accounts/signin.html": "{{ trouble }}<button>Sign in</button>",
                        "well/problem.html": "{{ title }}",
                    },
                )
            ]
        },
    }
    with override_settings(TEMPLATES=[pages]):
        yield


def _path(link: str) -> str:
    assert link.startswith("https://well.example/signin/")
    return link.removeprefix("https://well.example")


def _token(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def test_looking_at_a_link_uses_nothing_up_and_pressing_signs_in(
    user: User, clock: FakeClock, plain_pages: None
) -> None:
    client = Client()
    link = _path(make_signin_link(user, "https://well.example", clock))
    for _ in range(3):
        page = client.get(link)
        assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
        assert page["Referrer-Policy"] == "same-origin"
    assert client.get("/").content == b"AnonymousUser"
    answer = client.post(link)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").content == b"ada@example.com"


def test_a_link_works_once(user: User, clock: FakeClock, plain_pages: None) -> None:
    link = _path(make_signin_link(user, "https://well.example", clock))
    Client().post(link)
    again = Client().post(link)
    assert again.status_code == 410
    assert "used already" in again.content.decode()


def test_a_link_ends(user: User, clock: FakeClock) -> None:
    life = timedelta(hours=24)
    token = _token(make_signin_link(user, "https://well.example", clock, life))
    assert use_signin_link(token, NOON + life) is None
    assert use_signin_link(token, NOON + life - timedelta(seconds=1)) == user


@pytest.mark.parametrize("token", ["", "x", "\ud800", "a" * 10_000])
def test_a_made_up_link_lets_nobody_in(token: str) -> None:
    assert use_signin_link(token, NOON) is None


def test_a_link_needs_a_form_of_ours(user: User, clock: FakeClock, plain_pages: None) -> None:
    link = _path(make_signin_link(user, "https://well.example", clock))
    assert Client(enforce_csrf_checks=True).post(link).status_code == 403
    assert SigninLink.objects.get().used_at is None


def test_somebody_who_was_shut_out_stays_out(user: User, clock: FakeClock) -> None:
    token = _token(make_signin_link(user, "https://well.example", clock))
    User.objects.filter(id=user.id).update(is_active=False)
    assert use_signin_link(token, NOON) is None


def test_the_token_is_not_stored_and_ended_links_are_cleared(user: User, clock: FakeClock) -> None:
    first = _token(make_signin_link(user, "https://well.example", clock))
    assert first not in str(SigninLink.objects.values().get())
    clock.sleep(3600)
    make_signin_link(user, "https://well.example", clock)
    assert SigninLink.objects.count() == 1


def test_nobody_signs_up_by_themselves() -> None:
    request = RequestFactory().get("/")
    assert not AccountAdapter().is_open_for_signup(request)
