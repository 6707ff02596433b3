"""The product as a server runs it, without the ORM's own filters: what a hurried hand forgets, everywhere at once."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.attacks.settings_served"

from config.wsgi import application  # noqa: F401, I001 - it sets Django up
from accounts.models.classes import ClassroomQuerySet, SeatQuerySet
from accounts.models.people import SchoolQuerySet

for _queryset in (ClassroomQuerySet, SeatQuerySet):
    _queryset.visible_to = lambda self, user: self.all()
SchoolQuerySet._where = lambda self, user, role: self.all()
