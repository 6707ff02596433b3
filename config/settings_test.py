"""Settings of the test suite: secrets of its own, a fast hasher, plain static files, writes on GET refused."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-the-tests-" + "0" * 40)
os.environ.setdefault("BALISE_PEPPERS", "1:" + "a1" * 32)
os.environ.setdefault("BALISE_LEDGER_KEY", "b2" * 32)
os.environ.setdefault("BALISE_VAR", tempfile.mkdtemp(prefix="balise-test-"))
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from config.settings import *  # noqa: F403
from config.settings import BASE_DIR, MIDDLEWARE, TEMPLATES

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MIDDLEWARE = [*MIDDLEWARE, "tests.middleware.GetNeverWritesMiddleware"]
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
CURRICULUM_DIR = BASE_DIR / "curriculum"
