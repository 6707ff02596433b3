from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Territory
from accounts.models import Classroom, Seat, User
from accounts.operations import MOST_SEATS
from lessons.models import Assignment, Module
from lessons.queries import chosen_seats


class AssignmentForm(forms.Form):
    """For which class a module is put on the list, and until when it should be done."""

    classroom = forms.ModelChoiceField(Classroom.objects.none(), label=_("Class"), empty_label=None)
    due_on = forms.DateField(
        label=_("Done by (if you like)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classroom"].queryset = Classroom.objects.visible_to(user)


class DueForm(forms.ModelForm):
    class Meta:
        model = Assignment
        fields = ["due_on"]
        labels = {"due_on": _("Done by")}
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class CopyForm(forms.Form):
    """A class as it will be next year."""

    label = forms.CharField(label=_("Name of the class"), max_length=40)
    age_of_youngest = forms.IntegerField(label=_("Age of the youngest pupil"), min_value=6, max_value=18)
    seat_count = forms.IntegerField(label=_("Number of seats"), min_value=1, max_value=MOST_SEATS)
    modules = forms.ChoiceField(
        label=_("Modules"),
        choices=[
            ("plan", _("the plan of the year for their new age")),
            ("list", _("the list of this year")),
            ("none", _("none yet")),
        ],
    )

    def __init__(self, *args, classroom: Classroom, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.classroom = classroom
        self.initial |= {
            "label": classroom.label,
            "age_of_youngest": min(18, classroom.age_of_youngest + 1),
            "seat_count": max(1, classroom.seats.count()),
            "modules": "plan",
        }

    def clean_label(self) -> str:
        label = self.cleaned_data["label"]
        year = self.classroom.school_year + 1
        if Classroom.objects.filter(school=self.classroom.school_id, school_year=year, label=label).exists():
            raise forms.ValidationError(_("A class of this name exists already next year."))
        return label


class SeatChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, seat: Seat) -> str:
        return seat.handle


class SeatsForm(forms.Form):
    """For which seats a module is meant; what the others find instead."""

    seats = SeatChoice(
        Seat.objects.none(), label=_("Who finds this module"), required=False, widget=forms.CheckboxSelectMultiple
    )
    alternative = forms.ModelChoiceField(
        Module.objects.none(),
        label=_("The others find instead"),
        required=False,
        empty_label=_("nothing more"),
        help_text=_("A module that is not sensitive. Nothing is kept of why."),
    )

    def __init__(self, *args, assignment: Assignment, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        classroom = assignment.classroom
        self.fields["seats"].queryset = classroom.seats.in_order()
        self.fields["alternative"].queryset = (
            Module.objects.for_band(classroom.band).filter(is_sensitive=False).exclude(pk=assignment.module_id)
        )
        limited = chosen_seats(classroom).get(assignment.module_id)
        self.initial["seats"] = [
            seat.pk for seat in self.fields["seats"].queryset if limited is None or seat.pk in limited
        ]


class ComposerForm(forms.Form):
    """The room as it is. Asked in the address, kept nowhere."""

    pupils = forms.IntegerField(label=_("Pupils"), min_value=1, max_value=60)
    tablets = forms.IntegerField(label=_("Tablets or computers"), min_value=0, max_value=60)
    non_readers = forms.IntegerField(label=_("Pupils who do not read alone yet"), min_value=0, max_value=60)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=180)


class TerritoryForm(forms.Form):
    territory = forms.ChoiceField(
        label=_("Where are you?"), choices=Territory, widget=forms.Select(attrs={"class": "form-select"})
    )


class ReadingForm(forms.Form):
    """How pages are shown and read aloud. Kept in the pupil's own signed cookie, as one letter and one word each."""

    SIZES = (("", _("Normal")), ("large", _("Large")), ("huge", _("Very large")))
    ROOM = (("", _("Normal")), ("wide", _("Wide")))

    size = forms.ChoiceField(label=_("Size of the letters"), choices=SIZES, required=False, widget=forms.RadioSelect)
    lines = forms.ChoiceField(label=_("Between the lines"), choices=ROOM, required=False, widget=forms.RadioSelect)
    letters = forms.ChoiceField(label=_("Between the letters"), choices=ROOM, required=False, widget=forms.RadioSelect)
    pace = forms.ChoiceField(
        label=_("The voice that reads"),
        choices=(("", _("Normal")), ("slow", _("Slow"))),
        required=False,
        widget=forms.RadioSelect,
    )

    def preferences(self) -> dict[str, str]:
        """What is kept: nothing for what is normal. Call on a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if value}
