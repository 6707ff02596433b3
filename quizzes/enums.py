from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class QuizKind(TextChoices):
    A = "A", _("Form A")
    B = "B", _("Form B")
    BOOSTER = "BOOSTER", _("Booster")
    STAFF = "STAFF", _("Staff")


class QuestionKind(TextChoices):
    ONE = "one", _("One choice")
    SEVERAL = "several", _("Several choices")
    TRUE_FALSE = "true_false", _("True or false")
    ORDER = "order", _("Put in order")
    MATCH = "match", _("Match")
    SIGNS = "signs", _("Spot the warning signs")


class Moment(TextChoices):
    BEFORE = "BEFORE", _("Before")
    AFTER = "AFTER", _("After")
    LATER = "LATER", _("Later")
    PRACTICE = "PRACTICE", _("Practice")


class ObjectiveState(TextChoices):
    GOT_IT = "GOT_IT", _("Got it")
    REVISIT = "REVISIT", _("To revisit")
