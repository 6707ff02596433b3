from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StepKind(TextChoices):
    TEXT = "text", _("Text")
    STORY = "story", _("Story")
    CHECK = "check", _("Check")
    SCENARIO = "scenario", _("Scenario")


class ReviewState(TextChoices):
    UNREVIEWED = "UNREVIEWED", _("Not yet reviewed by professionals")
    REVIEWED = "REVIEWED", _("Reviewed by two professionals")
