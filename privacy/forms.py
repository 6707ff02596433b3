from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Classroom, User


class EraseForm(forms.Form):
    """A class to erase, and the hand that says so."""

    classroom = forms.ModelChoiceField(queryset=Classroom.objects.none(), widget=forms.HiddenInput)
    is_sure = forms.BooleanField(
        label=_("I have what I need of it, and I will destroy the paper list."),
        error_messages={"required": _("Tick the box: erasing cannot be undone.")},
    )

    def __init__(self, *args, teacher: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classroom"].queryset = Classroom.objects.visible_to(teacher).select_related("school")
