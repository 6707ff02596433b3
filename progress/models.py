"""What leaves a class: releases, made at fixed periods, immutable."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import Band, Role
from accounts.models import Authority, School, User

NO_SCHOOL = uuid.UUID(int=0)
"""Stands in an authority's cell for “other schools”, and in a school's own release."""
ALL_SCHOOLS = uuid.UUID(int=2**128 - 1)
"""Stands in an authority's cell for all of them: the sum of its published bands, which no page needs to add up."""


class ReleaseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ReleaseQuerySet":
        """Releases of schools that the user administers, and of authorities whose administrator the user is."""
        today = timezone.localdate()
        return self.filter(
            Q(
                school__in=School.objects.filter(
                    Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=today),
                    memberships__user=user,
                    memberships__role=Role.ADMINISTRATOR,
                )
            )
            | Q(authority__in=Authority.objects.filter(administrators=user))
        )


class Release(models.Model):
    """A published set of aggregates over one fixed period, of one school or of one authority."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, null=True, blank=True, related_name="releases")
    authority = models.ForeignKey(Authority, models.CASCADE, null=True, blank=True, related_name="releases")
    school_year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=7)  # "2025-T1": the first term of the school year that began in 2025
    made_on = models.DateField(default=timezone.localdate)
    seat_counts = models.JSONField(default=dict, blank=True)  # of a school: by band, when it was made; never shown

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-period"]
        constraints = [
            models.CheckConstraint(
                condition=Q(school__isnull=True, authority__isnull=False)
                | Q(school__isnull=False, authority__isnull=True),
                name="release_of_a_school_or_an_authority",
            ),
            models.UniqueConstraint(
                fields=["school", "period"], condition=Q(school__isnull=False), name="one_release_per_school"
            ),
            models.UniqueConstraint(
                fields=["authority", "period"], condition=Q(authority__isnull=False), name="one_release_per_authority"
            ),
        ]


class ReleaseCell(models.Model):
    """How many seats finished a module: the low end of a band of ten, or withheld. Never a count."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, models.CASCADE, related_name="cells")
    school_key = models.UUIDField(default=NO_SCHOOL)  # which school, in an authority's release; else `NO_SCHOOL`
    school_label = models.CharField(max_length=120, blank=True)
    band = models.CharField(max_length=5, choices=Band)
    module_slug = models.SlugField(max_length=60)
    seats_from = models.PositiveIntegerField(null=True, blank=True)
    seats_to = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["band", "module_slug"]
        indexes = [models.Index(fields=["release", "band", "module_slug"], name="cells_of_a_module")]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "school_key", "band", "module_slug"],
                name="one_cell_per_module",
            ),
            models.CheckConstraint(
                condition=Q(seats_from__isnull=True, seats_to__isnull=True)
                | Q(seats_from__isnull=False, seats_to__isnull=False, seats_to__gte=models.F("seats_from") + 9),
                name="cell_is_a_band_or_withheld",
            ),
        ]

    @property
    def is_withheld(self) -> bool:
        return self.seats_from is None

    @property
    def place(self) -> tuple[str, str]:
        return self.band, self.module_slug
