"""What an author has changed and not yet exported: beside what is served, never in its place."""

from django.db import models
from django.utils import timezone

from lessons.models.content import Module


class Draft(models.Model):
    """Changes to a module's files, each with what the file said before it.

    `changes` maps a file's name to {place: [before, after]}; a place is the way to a text, parted by slashes.
    """

    module = models.OneToOneField(Module, models.CASCADE, primary_key=True, related_name="draft")
    changes = models.JSONField(default=dict)
    changed_on = models.DateField(default=timezone.localdate)

    def __str__(self) -> str:
        return str(self.module)
