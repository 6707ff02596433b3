"""Every answer carries the headers: pages, redirects, errors, files, for every role, on every address."""

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver

from tests.attacks.observatory import directives, modifiers, score
from tests.factories.accounts import UserFactory, add_second_factor
from tests.test_access import TABLE, address
from tests.world import World

pytestmark = pytest.mark.django_db
EVERY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTTPS = override_settings(
    SECURE_HSTS_SECONDS=31536000,
    SESSION_COOKIE_SECURE=True,
    CSRF_COOKIE_SECURE=True,
    SECURE_SSL_REDIRECT=True,
    BEHIND_HTTPS=True,
)
ROLES = ("visitor", "pupil", "teacher", "administrator")


def over_https(client: Client) -> Client:
    """The middleware reads its settings when it is made: again, please."""
    client.handler._middleware_chain = None
    return client


def missing(response) -> list[str]:
    wrong = [name for name, value in EVERY.items() if response.headers.get(name) != value]
    policy = directives(response.headers.get("Content-Security-Policy", ""))
    wanted = {"default-src": ["'none'"], "frame-ancestors": ["'none'"], "base-uri": ["'none'"]}
    wrong += [name for name, value in wanted.items() if policy.get(name) != value]
    allowed = {"'self'", "'none'", "'script'", "default"}
    wrong += [f"{name} {source}" for name, sources in policy.items() for source in sources if source not in allowed]
    if policy.get("require-trusted-types-for") != ["'script'"] or policy.get("trusted-types") != ["default"]:
        wrong.append("trusted types")
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    return wrong


def test_every_address_answers_every_role_with_all_headers_and_scores_at_least_120():
    world, low, bare = World.make(), {}, {}
    places = {view: address(world, view) for view in TABLE}
    for role in ROLES:
        client = over_https(world.clients[role])
        with HTTPS:
            for view, place in places.items():
                response = client.get(place, secure=True)
                if wrong := missing(response):
                    bare[role, view] = wrong
                if (points := score(response)) < 120:
                    low[role, view] = points, modifiers(response)
    assert low == {}
    assert bare == {}
    assert len(places) > 80


@pytest.mark.parametrize(
    ("path", "status"),
    [("/en/nothing/", 404), ("/", 302), ("/en/stand-up/", 405), ("/en/me/", 302), ("/healthz", 200), ("/en", 301)],
)
def test_errors_and_redirects_carry_them_too(path, status):
    response = Client().get(path)
    assert response.status_code == status
    assert missing(response) == []


def test_a_forged_form_and_a_strange_host_are_refused_with_all_headers():
    refused = Client(enforce_csrf_checks=True).post("/en/sit/", {})
    assert refused.status_code == 403
    assert missing(refused) == []
    with override_settings(SECURE_SSL_REDIRECT=True):
        strange = Client().get("/en/", headers={"host": "evil.example"})
    assert strange.status_code == 400
    assert missing(strange) == []


def test_static_files_and_folders_carry_them_too(settings):
    before = settings.MIDDLEWARE.index("django.middleware.security.SecurityMiddleware") + 1
    served = "whitenoise.middleware.WhiteNoiseMiddleware"
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:before], served, *settings.MIDDLEWARE[before:]]
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    for path, status in (
        ("balise.css", 200), ("js/trusted.js", 200), ("", 404), ("js/", 404), ("../config/settings.py", 404),
        ("%2e%2e/manage.py", 404), ("admin/css/base.css", 200), ("balise.css.map", 404), (".git/config", 404),
    ):  # fmt: skip
        response = Client().get(f"/static/{path}")
        assert (path, response.status_code, missing(response)) == (path, status, [])
        response.close()


def test_a_fault_of_ours_carries_them_too(monkeypatch):
    def fall(request):
        raise RuntimeError("planted")

    pattern = next(one for one in get_resolver().url_patterns if getattr(one, "name", "") == "healthz")
    monkeypatch.setattr(pattern, "callback", fall)
    fall.login_required = False
    response = Client(raise_request_exception=False).get("/healthz")
    assert response.status_code == 500
    assert missing(response) == []


def test_the_admin_differs_by_trusted_types_alone():
    client = Client()
    client.force_login(add_second_factor(UserFactory(is_staff=True, is_superuser=True)))
    response = client.get("/admin/")
    assert response.status_code == 200
    assert missing(response) == ["trusted types"]
    with HTTPS:
        assert score(over_https(client).get("/admin/", secure=True)) >= 120


@pytest.mark.parametrize(
    ("name", "value", "least"),
    [
        ("Content-Security-Policy", "default-src 'self'; script-src 'unsafe-inline'", 20),
        ("Content-Security-Policy", "", 25),
        ("Strict-Transport-Security", "max-age=60", 10),
        ("X-Content-Type-Options", "", 5),
        ("Access-Control-Allow-Origin", "*", 50),
    ],
)
def test_the_scorer_sees_a_missing_header(name, value, least):
    with HTTPS:
        response = Client().get("/en/", secure=True)
    good = score(response)
    response.headers[name] = value
    assert good - score(response) >= least
