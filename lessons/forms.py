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
