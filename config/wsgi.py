"""What the server runs. With DATABASE_WEB_URL it signs in to the database as the role that owns nothing."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["BALISE_SERVES"] = "true"
application = get_wsgi_application()
assert get_resolver().url_patterns  # imports every view now: a fault stops the start, and no pupil waits for it
