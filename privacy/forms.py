from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Classroom, School, User


class EraseSeveralForm(forms.Form):
    """Classes to erase together, and the hand that says so."""

    classrooms = forms.ModelMultipleChoiceField(
        Classroom.objects.none(),
        label=_("Which classes"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one class.")},
    )
    is_sure = forms.BooleanField(
        label=_("I have what I need of them, and I will destroy the paper lists."),
        error_messages={"required": _("Tick the box: erasing cannot be undone.")},
    )

    def __init__(self, *args, teacher: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classrooms"].queryset = Classroom.objects.visible_to(teacher).order_by("school_year", "label")


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


class ControllerForm(forms.ModelForm):
    """Who answers for a school's data, and where the data protection officer is reached."""

    class Meta:
        model = School
        fields = ["data_controller", "officer_contact"]
        help_texts = {
            "data_controller": _("As on official letters: name and address. Pupils and parents read it too."),
            "officer_contact": _("An address or a number of the office, not of a person's own."),
        }
