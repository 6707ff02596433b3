"""The promise keeps no table of pupils of its own; only when its work last ran."""

from django.db import models
from django.utils import timezone


class JobRun(models.Model):
    """When scheduled work last ended: release, purge, backup."""

    name = models.SlugField(primary_key=True, max_length=40)
    ended_at = models.DateTimeField(default=timezone.now)
