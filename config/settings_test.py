"""Settings of the test suite: secrets of its own, a fast hasher, plain static files, writes on GET refused.

`DATABASE_URL` chooses the database; without it, an SQLite file of this run, with the pragmas of production but for the
wait for the disk.
"""

import atexit
import os
import shutil
import tempfile

_var = tempfile.mkdtemp(prefix="balise-test-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ["DEBUG"] = "true"  # published secrets are refused without it; pytest-django turns it off again
os.environ["SECRET_KEY"] = "only-for-the-tests-" + "0" * 40
os.environ["BALISE_PEPPERS"] = "1:" + "a1" * 32
os.environ["BALISE_LEDGER_KEY"] = "b2" * 32
os.environ["BALISE_OUTBOX_KEY"] = "c3" * 32
os.environ["BALISE_VAR"] = _var
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
for _name in ("PUBLIC_URL", "ALLOWED_HOSTS", "QUICK_EXIT_URL", "EMAIL_URL", "CACHE_URL", "BEHIND_HTTPS"):
    os.environ.pop(_name, None)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, MIDDLEWARE, TEMPLATES  # noqa: E402
from tests.strict_templates import UndefinedVariable  # noqa: E402

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # it walks all files for every client
MIDDLEWARE.append("tests.middleware.GetNeverWritesMiddleware")
if ROW_SECURITY := bool(os.environ.get("BALISE_ROWS")):  # the whole suite behind row-level security
    MIDDLEWARE.insert(0, "tests.middleware.WebRoleMiddleware")
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": f"{_var}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - whitenoise warns of a missing folder
