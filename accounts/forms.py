import datetime

from django import forms
from django.contrib.auth import password_validation
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import secrets
from accounts.enums import Animal, Colour, Role, Secret
from accounts.models import Classroom, Invitation, Membership, School, Seat, User
from accounts.operations import LESSON_MINUTES, LONGEST_OPENING_MINUTES, MOST_SEATS, Claim
from accounts.queries import colleagues_to_add

LONGEST_HOMEWORK = datetime.timedelta(days=60)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SitDownForm(forms.Form):
    """Class code, handle and four pictures. Whether they are right is not the form's to say."""

    code = forms.CharField(
        label=_("Code of your class"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"class": "code-input", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    animal = forms.ChoiceField(label=_("Your animal"), choices=Animal, widget=forms.RadioSelect)
    colour = forms.ChoiceField(label=_("Its colour"), choices=Colour, widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for number, label in enumerate(
            [_("First picture"), _("Second picture"), _("Third picture"), _("Fourth picture")], start=1
        ):
            self.fields[f"picture_{number}"] = forms.TypedChoiceField(
                label=label, choices=Secret, coerce=int, widget=forms.RadioSelect
            )

    @property
    def picture_fields(self) -> list[forms.BoundField]:
        return [self[f"picture_{number}"] for number in range(1, 5)]

    def claim(self) -> Claim:
        data = self.cleaned_data
        return Claim(
            code=secrets.typed(data["code"]),
            animal=data["animal"],
            colour=data["colour"],
            pictures=tuple(data[f"picture_{number}"] for number in range(1, 5)),
        )


class CardForm(forms.Form):
    """What a card gives: the token of its QR code (sent by the page's script), or its typed key."""

    token = forms.CharField(required=False, max_length=64)
    home_key = forms.CharField(
        label=_("Long key of your card"),
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"class": "code-input", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and not data.get("token") and not data.get("home_key"):
            self.add_error("home_key", _("Type the long key of your card."))
        return data


class ClassroomForm(forms.ModelForm):
    seat_count = forms.IntegerField(
        label=_("Number of seats"),
        initial=28,
        min_value=1,
        max_value=MOST_SEATS,
        help_text=_("One for each pupil, at most 40. You can add or remove seats later."),
    )

    class Meta:
        model = Classroom
        fields = ["school", "label", "age_of_youngest"]
        labels = {"school": _("School")}
        help_texts = {
            "label": _("As you call it, for example “Year 8 blue”. Never a pupil's name."),
            "age_of_youngest": _("In years, from 6 to 18. It decides what the class may be taught."),
        }

    def __init__(self, *args, teacher: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.schools = School.objects.taught_in_by(teacher)
        self.fields["school"].queryset = self.schools
        if len(self.schools) == 1:
            del self.fields["school"]

    def clean(self) -> dict:
        data = super().clean()
        if "school" not in self.fields:
            data["school"] = self.schools[0]
        school, label = data.get("school"), data.get("label")
        if school and label:
            year = school.school_year_of(school.today())
            if Classroom.objects.filter(school=school, school_year=year, label=label).exists():
                self.add_error("label", _("A class of this name exists already this year."))
        return data


class SeveralClassroomsForm(forms.BaseFormSet):
    """Several classes of one school at once; rows without a name are left out."""

    def __init__(self, *args, teacher: User, **kwargs) -> None:
        super().__init__(*args, form_kwargs={"teacher": teacher}, **kwargs)

    def clean(self) -> None:
        if any(self.errors):
            return
        labels = [(row["school"], row["label"]) for row in self.rows()]
        if len(set(labels)) < len(labels):
            raise forms.ValidationError(_("Two classes have the same name."))
        if not labels:
            raise forms.ValidationError(_("Give at least one class a name."))

    def rows(self) -> list[dict]:
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("label")]


class ClassroomRow(ClassroomForm):
    """A class of several; a row that nobody touched is none."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = ""
        if "school" in self.fields:
            self.fields["school"].initial = self.schools[0]


def several_classrooms(lines: int) -> type[SeveralClassroomsForm]:
    """The form of up to forty classes, with so many lines to begin with."""
    return forms.formset_factory(
        ClassroomRow, formset=SeveralClassroomsForm, extra=lines, max_num=40, absolute_max=40, validate_max=True
    )


class GroupForm(forms.Form):
    age_of_youngest = forms.IntegerField(label=_("Age of the youngest of the group"), min_value=6, max_value=18)
    seats = forms.ModelMultipleChoiceField(Seat.objects.none(), label=_("Seats"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, classroom: Classroom, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.classroom = classroom
        self.fields["seats"].queryset = classroom.seats.in_order()

    def clean_age_of_youngest(self) -> int:
        age = self.cleaned_data["age_of_youngest"]
        if age < self.classroom.age_of_youngest:
            raise forms.ValidationError(_("No group is younger than the youngest pupil of the class."))
        return age


class OpenForm(forms.Form):
    minutes = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        initial=LESSON_MINUTES,
        choices=[
            (45, _("45 minutes")),
            (60, _("1 hour")),
            (90, _("1 hour and a half")),
            (120, _("2 hours")),
            (LONGEST_OPENING_MINUTES, _("4 hours")),
        ],
    )


class HomeworkForm(forms.Form):
    until = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    def clean_until(self) -> datetime.date | None:
        until, today = self.cleaned_data["until"], timezone.localdate()
        if until and not today <= until <= today + LONGEST_HOMEWORK:
            raise forms.ValidationError(_("Choose a day from today on, within 60 days."))
        return until


class ShareForm(forms.Form):
    colleague = forms.ModelChoiceField(label=_("Colleague"), queryset=User.objects.none())
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DayInput,
        help_text=_("For a substitute. Leave it empty for a colleague who stays."),
    )

    def __init__(self, *args, classroom: Classroom, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["colleague"].queryset = colleagues_to_add(classroom)

    def clean_ends_on(self) -> datetime.date | None:
        return _not_past(self.cleaned_data["ends_on"])


class InviteForm(forms.ModelForm):
    class Meta:
        model = Invitation
        fields = ["email", "role", "ends_on"]
        widgets = {"ends_on": DayInput}
        help_texts = {"ends_on": _("Leave it empty for somebody who stays.")}
        error_messages = {"email": {"invalid": _("Enter a valid email address.")}}  # Django's own, in words of ours

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = Role.choices
        self.fields["role"].initial = Role.TEACHER

    def clean_ends_on(self) -> datetime.date | None:
        return _not_past(self.cleaned_data["ends_on"])


def _not_past(day: datetime.date | None) -> datetime.date | None:
    if day and day < timezone.localdate():
        raise forms.ValidationError(_("This day is past."))
    return day


class HandOverForm(forms.Form):
    leaver = forms.ModelChoiceField(label=_("Classes of"), queryset=User.objects.none())
    successor = forms.ModelChoiceField(label=_("Go to"), queryset=User.objects.none())

    def __init__(self, *args, school: School, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        teachers = Membership.objects.current().filter(school=school, role=Role.TEACHER)
        people = User.objects.filter(pk__in=teachers.values("user"), is_active=True).order_by("name", "email")
        self.fields["leaver"].queryset = self.fields["successor"].queryset = people

    def clean(self) -> dict:
        data = super().clean()
        if data.get("leaver") and data.get("leaver") == data.get("successor"):
            self.add_error("successor", _("Choose another person."))
        return data


class AcceptForm(forms.Form):
    """Name and password of a new member of staff."""

    name = forms.CharField(
        label=_("Name shown to colleagues"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password1 = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A short sentence is easy to remember."),
    )
    password2 = forms.CharField(
        label=_("Password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict:
        data = super().clean()
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same."))
        elif first:
            try:
                password_validation.validate_password(first, User(email=self.email, name=data.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return data


class AskSchoolForm(forms.Form):
    key = forms.UUIDField(
        label=_("Key of the school"),
        help_text=_("The school's administrators read it on their page “Authorities” and give it to you."),
        error_messages={"invalid": _("This is no key of a school. It has 36 characters, as in 01234567-….")},
    )
