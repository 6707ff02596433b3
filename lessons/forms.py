from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Territory
from accounts.models import Classroom, User


class AssignmentForm(forms.Form):
    """For which class a module is put on the list, and until when it should be done."""

    classroom = forms.ModelChoiceField(Classroom.objects.none(), label=_("Class"), empty_label=None)
    due_on = forms.DateField(
        label=_("Done by (if you like)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classroom"].queryset = Classroom.objects.visible_to(user)


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
