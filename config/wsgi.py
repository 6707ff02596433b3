"""What the server runs. With DATABASE_WEB_URL it signs in to the database as the role that owns nothing."""

import gc
import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from accounts.apps import nobody_signs_up

gc.disable()  # while all is imported nothing is garbage, and looking for it takes a sixth of the start
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["BALISE_SERVES"] = "true"
application = get_wsgi_application()
if _open := nobody_signs_up(None):
    raise ImproperlyConfigured(_open[0].msg)
assert get_resolver().url_patterns  # imports every view now: a fault stops the start, and no pupil waits for it
gc.freeze()  # what is here stays: no request looks through it again
gc.enable()
