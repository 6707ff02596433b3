"""Settings, all of them, driven by the environment. `docs/operations.md` lists the variables."""

import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("BALISE_VAR", default=str(BASE_DIR / "var")))


def _secret(name: str, variable: str) -> str:
    if value := env.str(variable, default=""):
        return value
    try:
        return (VAR_DIR / name).read_text().strip()
    except FileNotFoundError:
        raise ImproperlyConfigured(f"No {variable} and no {name} in the var folder: `make setup` writes one.") from None


def _peppers(text: str) -> dict[int, bytes]:
    """Lines or commas of `id:hex`; the newest has the highest id, and new cards use it."""
    peppers = {}
    for entry in text.replace(",", "\n").split():
        number, _colon, key = entry.partition(":")
        peppers[int(number)] = bytes.fromhex(key)
    if not peppers or any(len(key) < 32 for key in peppers.values()):
        raise ImproperlyConfigured("A pepper needs an id and at least 32 bytes, as `1:hex`.")
    return peppers


def _refuse_published(secret: str, variable: str) -> None:
    """A secret that stands in this repository, or that nobody drew, protects nobody."""
    if len(secret) < 40 or len(set(secret)) < 16 or secret.startswith(("only-for-the-tests", "django-insecure")):
        raise ImproperlyConfigured(f"{variable} is no secret: `make setup` writes a random one to the var folder.")


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _secret("secret_key", "SECRET_KEY")
if not DEBUG:
    _refuse_published(SECRET_KEY, "SECRET_KEY")
_earlier = VAR_DIR / "secret_key_fallbacks"  # lines, of `manage.py keys`
SECRET_KEY_FALLBACKS = env.list(
    "SECRET_KEY_FALLBACKS", default=_earlier.read_text().split() if _earlier.exists() else []
)
BALISE_PEPPERS = _peppers(_secret("peppers", "BALISE_PEPPERS"))
BALISE_LEDGER_KEY = bytes.fromhex(_secret("ledger_key", "BALISE_LEDGER_KEY"))
if not DEBUG and any(len(set(key)) < 8 for key in [*BALISE_PEPPERS.values(), BALISE_LEDGER_KEY]):
    raise ImproperlyConfigured("A pepper or the ledger key repeats itself: `make setup` writes random ones.")
# What devices without network seal is sealed to this key. Without one, modules do not go on without network.
_outbox = VAR_DIR / "outbox_key"
BALISE_OUTBOX_KEY = bytes.fromhex(env.str("BALISE_OUTBOX_KEY", default=_outbox.read_text() if _outbox.exists() else ""))
BALISE_LEDGER = Path(env.str("BALISE_LEDGER", default=str(VAR_DIR / "erasure-ledger")))
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if PUBLIC_URL:
    ALLOWED_HOSTS.append(urlsplit(PUBLIC_URL).hostname)
BEHIND_HTTPS = env.bool("BEHIND_HTTPS", default=PUBLIC_URL.startswith("https://"))
if DEBUG and (BEHIND_HTTPS or urlsplit(PUBLIC_URL).hostname not in {None, "localhost", "127.0.0.1", "::1"}):
    raise ImproperlyConfigured("DEBUG shows the program's inside to whoever makes it fail: not at a public address.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []
QUICK_EXIT_URL = env.str("QUICK_EXIT_URL", default="")
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
if SECURITY_CONTACT and not re.fullmatch(r"(mailto:|https://|tel:)\S+", SECURITY_CONTACT):
    raise ImproperlyConfigured("SECURITY_CONTACT is an address that begins with mailto:, https:// or tel:.")
WITHHOLD_UNREVIEWED = env.bool("WITHHOLD_UNREVIEWED", default=False)
# Thresholds of disclosure control may be raised here, never lowered: see the modules.
DISCLOSURE_MINIMUM_STEP = env.int("DISCLOSURE_MINIMUM_STEP", default=5)
DISCLOSURE_BAND_WIDTH = env.int("DISCLOSURE_BAND_WIDTH", default=10)

INSTALLED_APPS = [
    "modeltranslation",
    "accounts",
    "lessons",
    "quizzes",
    "progress",
    "privacy",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "accounts.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.NoStoreMiddleware",
    "accounts.middleware.MovedMiddleware",
    "accounts.middleware.RowsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "accounts.middleware.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ZoneMiddleware",
    "accounts.middleware.SeatMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.StaffPlaceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.WrongMethodMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.page",
            ],
        },
    }
]

# One machine by default. Django's own defaults for SQLite lose writes of a class that works at once.
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'balise.sqlite3'}")}
# Processes that serve sign in as a role of their own, behind row-level security: `config/rows.py`. Commands do not.
WEB_ROLE = urlsplit(env.str("DATABASE_WEB_URL", default="")).username or ""
ROW_SECURITY = bool(WEB_ROLE) and env.bool("BALISE_SERVES", default=False)
if WEB_ROLE and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    raise ImproperlyConfigured("DATABASE_WEB_URL needs PostgreSQL in DATABASE_URL.")
if ROW_SECURITY:
    DATABASES["default"] = env.db_url("DATABASE_WEB_URL") | {"DISABLE_SERVER_SIDE_CURSORS": True}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None  # opening the file anew costs a request as much as all its reads
else:
    DATABASES["default"]["ENGINE"] = "config.postgresql"  # a commit that no standby confirmed is an error
    # No statement_timeout: it would cut the wait for the standby, which is the commit.
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=4), "timeout": 20}
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
PASSWORD_HASHERS = ["config.passwords.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "config.passwords.OwnWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:staff_home"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation, sent to the address, is the verification
ACCOUNT_LOGOUT_REDIRECT_URL = "accounts:home"
ACCOUNT_SESSION_REMEMBER = False
# Keyed on the account, never on an address: a school is one address, and none is kept.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "10/5m/key",
    "reset_password": "5/h/key",
    "reset_password_from_key": None,
    "request_login_code": "3/m/key",
    "signup": None,
    "verify_phone": None,
}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": None}  # its default counts by address; a signature is not guessed
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_HTTPS  # browsers take http on localhost only
MFA_TOTP_ISSUER = "Balise"
# The school's own identity provider, where there is one. It signs in people who were invited, and makes no account.
SOCIALACCOUNT_ADAPTER = "accounts.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if OIDC_SERVER_URL := env.str("OIDC_SERVER_URL", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "school",
            "name": env.str("OIDC_NAME", default="OpenID Connect"),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": OIDC_SERVER_URL, "fetch_userinfo": True},
        }
    )
if SAML_SSO_URL := env.str("SAML_SSO_URL", default=""):
    if find_spec("onelogin") is None:
        raise ImproperlyConfigured("SAML needs more than is installed: pip install -r requirements-saml.txt")
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")
    SOCIALACCOUNT_PROVIDERS["saml"] = {
        "APPS": [
            {
                "provider_id": "school-saml",
                "name": env.str("SAML_NAME", default="SAML"),
                "client_id": "school",
                "settings": {
                    "idp": {
                        "entity_id": env.str("SAML_ENTITY_ID"),
                        "sso_url": SAML_SSO_URL,
                        "x509cert": Path(env.str("SAML_CERTIFICATE")).read_text(),
                    },
                    "sp": {"entity_id": f"{PUBLIC_URL}/saml"},
                    "attribute_mapping": {"uid": env.str("SAML_UID", default="uid"), "email": "email"},
                    "use_nameid_for_email": env.bool("SAML_NAMEID_IS_EMAIL", default=False),
                    "verified_email": True,  # the school's own provider says whose address it is
                    "advanced": {"want_assertion_signed": True, "reject_idp_initiated_sso": True, "strict": True},
                },
            }
        ]
    }
# A form of ours leads there: browsers hold `form-action` against the redirect too.
IDENTITY_PROVIDERS = [
    f"{place.scheme}://{place.netloc}" for place in map(urlsplit, (OIDC_SERVER_URL, SAML_SSO_URL)) if place.netloc
]

SESSION_ENGINE = "accounts.backends"  # the database, with whose each session is
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_HTTPS
# With HTTPS browsers take these from this very host only: no other name of the domain can set one, nor HTTP.
_host = "__Host-" if BEHIND_HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_host}sessionid", f"{_host}csrftoken"
SEAT_COOKIE, PUPIL_CSRF_COOKIE = f"{_host}balise_seat", f"{_host}balise_csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # ends with the browser
CSRF_FAILURE_VIEW = "accounts.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SEAT_IDLE_SECONDS = 20 * 60
SEAT_LONGEST_SECONDS = 90 * 60

SILENCED_SYSTEM_CHECKS = ["security.W003"]  # our CsrfMiddleware is Django's, with two cookies
SECURE_HSTS_SECONDS = 31536000 if BEHIND_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *IDENTITY_PROVIDERS],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default"],  # static/js/trusted.js
    }
}
# On every answer, whoever made it: errors and static files too.
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": X_FRAME_OPTIONS,
    "Referrer-Policy": SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PERMISSIONS_POLICY = {
    feature: []
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera",
        "display-capture", "encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts",
        "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "serial", "usb", "xr-spatial-tracking",
    )
}  # fmt: skip

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
MODELTRANSLATION_DEFAULT_LANGUAGE = "fr"
MODELTRANSLATION_FALLBACK_LANGUAGES = ()
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Europe/Paris"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.StaticStorage"},
}
CURRICULUM_DIR = BASE_DIR / "curriculum"

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="balise@localhost")
CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://"),
    # Lessons and questions, the same for everybody. Apart, so that they never push out a count of failed sign-ins.
    "content": {
        "BACKEND": "config.caches.SharedCache",
        "LOCATION": "content",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

# A log line says what happened and where in the code; never who, and no path: see `config/logs.py`.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "config.logs.PlainFormatter", "with_details": DEBUG}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would write paths, and mail whole requests.
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
