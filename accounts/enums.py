from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    TEACHER = "TEACHER", _("Teacher")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")


class Act(TextChoices):
    """What an adult may do that the audit trail keeps."""

    CREATE_SCHOOL = "create_school", _("made the school")
    CREATE_CLASSROOM = "create_classroom", _("made a class")
    OPEN_CLASSROOM = "open_classroom", _("opened a class")
    CLOSE_CLASSROOM = "close_classroom", _("closed a class")
    SET_HOMEWORK = "set_homework", _("set homework")
    REISSUE_CARDS = "reissue_cards", _("reissued cards")
    ADD_SEAT = "add_seat", _("added a seat")
    FREE_SEAT = "free_seat", _("removed a seat")
    ERASE_CLASSROOM = "erase_classroom", _("erased a class")
    SHARE_CLASSROOM = "share_classroom", _("shared a class")
    UNSHARE_CLASSROOM = "unshare_classroom", _("ended a colleague's part in a class")
    HAND_OVER = "hand_over", _("handed classes over")
    INVITE = "invite", _("invited")
    REVOKE_INVITATION = "revoke_invitation", _("took an invitation back")
    ACCEPT_INVITATION = "accept_invitation", _("joined")
    END_MEMBERSHIP = "end_membership", _("ended a role")
    ASK_SCHOOL = "ask_school", _("asked the school to join an authority")
    JOIN_AUTHORITY = "join_authority", _("joined an authority")
    REFUSE_AUTHORITY = "refuse_authority", _("refused an authority")
    LEAVE_AUTHORITY = "leave_authority", _("left an authority")
    REMOVE_SCHOOL = "remove_school", _("removed the school from an authority")
    SET_CONTROLLER = "set_controller", _("said who answers for the data")
    CHOOSE_REPORTING = "choose_reporting", _("chose the reporting authority")
    TAKE_BACK = "take_back", _("took an act back")


class Band(TextChoices):
    """Ages taught together. Ordered: a pupil never opens a module above the band."""

    SIX = "6-8", _("6–8 years")
    NINE = "9-11", _("9–11 years")
    TWELVE = "12-14", _("12–14 years")
    FIFTEEN = "15-18", _("15–18 years")
    STAFF = "staff", _("Staff")

    @classmethod
    def of_age(cls, age: int) -> "Band":
        """The band of a class whose youngest pupil is `age` years old (6 to 18)."""
        for first_age, band in ((15, cls.FIFTEEN), (12, cls.TWELVE), (9, cls.NINE)):
            if age >= first_age:
                return band
        return cls.SIX

    @property
    def first_age(self) -> int:
        return {"6-8": 6, "9-11": 9, "12-14": 12, "15-18": 15, "staff": 18}[self.value]


class Form(TextChoices):
    A = "A", "A"
    B = "B", "B"

    @property
    def other(self) -> "Form":
        return Form.B if self == Form.A else Form.A


class Territory(TextChoices):
    FR = "FR", _("France")
    BE = "BE", _("Belgium")
    CH = "CH", _("Switzerland")
    LU = "LU", _("Luxembourg")
    CA = "CA", _("Canada")
    GB = "GB", _("United Kingdom")
    IE = "IE", _("Ireland")
    US = "US", _("United States")
    EU = "EU", _("Another country of the European Union")

    @property
    def time_zone(self) -> str:
        """Of most of its schools; a school elsewhere (La Réunion, Vancouver) has its own."""
        return TIME_ZONES[self.value]


TIME_ZONES = {
    "FR": "Europe/Paris", "BE": "Europe/Brussels", "CH": "Europe/Zurich", "LU": "Europe/Luxembourg",
    "CA": "America/Toronto", "GB": "Europe/London", "IE": "Europe/Dublin", "US": "America/New_York",
    "EU": "Europe/Paris",
}  # fmt: skip


class Language(TextChoices):
    FR = "fr", _("French")
    EN = "en", _("English")


class Animal(TextChoices):
    OTTER = "otter", _("Otter")
    FOX = "fox", _("Fox")
    HERON = "heron", _("Heron")
    TURTLE = "turtle", _("Turtle")
    DOLPHIN = "dolphin", _("Dolphin")
    OWL = "owl", _("Owl")
    HARE = "hare", _("Hare")
    SQUIRREL = "squirrel", _("Squirrel")
    HEDGEHOG = "hedgehog", _("Hedgehog")
    FROG = "frog", _("Frog")
    PUFFIN = "puffin", _("Puffin")
    GULL = "gull", _("Gull")
    CRAB = "crab", _("Crab")
    SEAHORSE = "seahorse", _("Seahorse")
    LYNX = "lynx", _("Lynx")
    SWAN = "swan", _("Swan")

    @property
    def is_feminine_in_french(self) -> bool:
        return self.value in {"otter", "fox", "turtle", "owl", "frog", "gull"}


class Colour(TextChoices):
    BLUE = "blue", _("blue")
    GREEN = "green", _("green")
    RED = "red", _("red")
    YELLOW = "yellow", _("yellow")
    PURPLE = "purple", _("purple")
    ORANGE = "orange", _("orange")
    PINK = "pink", _("pink")
    GREY = "grey", _("grey")

    @property
    def feminine_label(self) -> str:
        """The colour as it agrees with a feminine noun, in languages that do so."""
        return FEMININE_COLOURS[self.value]


FEMININE_COLOURS = {
    "blue": pgettext_lazy("feminine", "blue"),
    "green": pgettext_lazy("feminine", "green"),
    "red": pgettext_lazy("feminine", "red"),
    "yellow": pgettext_lazy("feminine", "yellow"),
    "purple": pgettext_lazy("feminine", "purple"),
    "orange": pgettext_lazy("feminine", "orange"),
    "pink": pgettext_lazy("feminine", "pink"),
    "grey": pgettext_lazy("feminine", "grey"),
}


class Secret(IntegerChoices):
    """The sixteen pictures of a card; four of them, in order, are worth 16 bits."""

    BOAT = 0, _("boat")
    SHELL = 1, _("shell")
    STAR = 2, _("star")
    KITE = 3, _("kite")
    APPLE = 4, _("apple")
    BALL = 5, _("ball")
    TREE = 6, _("tree")
    MOON = 7, _("moon")
    KEY = 8, _("key")
    BELL = 9, _("bell")
    CUP = 10, _("cup")
    UMBRELLA = 11, _("umbrella")
    LEAF = 12, _("leaf")
    SUN = 13, _("sun")
    FISH = 14, _("fish")
    HOUSE = 15, _("house")
