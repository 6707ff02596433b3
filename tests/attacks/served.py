"""The product as a server runs it; with a fault where a request asks for one, which is a test of the tests.

`X-Planted: 2`: a seat that is there, in a class that is open, costs two milliseconds more.
"""

import os
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.attacks.settings_served"

from config.wsgi import application as product  # noqa: I001 - it sets Django up
from accounts.operations import sitting

_matches, planted = sitting._matches, [0.0]


def slower(seat, typed):
    if planted[0] and seat.school_id != sitting.NO_SCHOOL:
        time.sleep(planted[0])
    return _matches(seat, typed)


sitting._matches = slower


def application(environ, start_response):
    planted[0] = int(environ.get("HTTP_X_PLANTED", "0")) / 1000
    return product(environ, start_response)
