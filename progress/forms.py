from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.forms import OpenForm
from accounts.models import Classroom, Seat
from lessons.models import Module, Scene
from lessons.operations import FEWEST_VOTES
from lessons.queries import shown_steps, votable_scenes
from progress.queries import seats_behind, seats_not_done


class SeatChoice(forms.ModelMultipleChoiceField):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(
            Seat.objects.none(),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one seat.")},
            **kwargs,
        )

    def label_from_instance(self, seat: Seat) -> str:
        return seat.handle


class LessonForm(forms.Form):
    """Names a module on the list of the class."""

    module = forms.ModelChoiceField(Module.objects.none(), to_field_name="slug")

    def __init__(self, *args, classroom: Classroom, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.classroom = classroom
        self.fields["module"].queryset = Module.objects.assigned_to(classroom)


class StepForm(LessonForm):
    """To which step of which module the class is brought."""

    step_number = forms.IntegerField(min_value=1, max_value=60)

    def clean(self) -> dict:
        data = super().clean()
        module, number = data.get("module"), data.get("step_number")
        if module and number and number > len(shown_steps(self.classroom, module)):
            self.add_error("step_number", _("The module has fewer steps."))
        return data


class ClassVoteForm(LessonForm):
    """What the class is asked on its tablets."""

    scene = forms.UUIDField()

    def clean(self) -> dict:
        data = super().clean()
        if data.get("module") and data.get("scene"):
            data["scene"] = votable_scenes(self.classroom, data["module"]).filter(pk=data["scene"]).first()
        if not isinstance(data.get("scene"), Scene):
            self.add_error("scene", _("No such question."))
        return data


class TookPartForm(forms.Form):
    seats = SeatChoice(label=_("Who took part without a device of their own"))

    def __init__(self, *args, classroom: Classroom, module: Module, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seats"].queryset = seats_not_done(classroom, module)


class ReopenForm(OpenForm):
    seats = SeatChoice(label=_("For whom"))

    def __init__(self, *args, classroom: Classroom, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seats"].queryset = classroom.seats.in_order()
        self.initial["seats"] = seats_behind(classroom)


class VoteForm(forms.Form):
    """Hands for each answer that the teacher said aloud."""

    a = forms.IntegerField(label="A", min_value=0, max_value=99)
    b = forms.IntegerField(label="B", min_value=0, max_value=99)
    c = forms.IntegerField(label="C", min_value=0, max_value=99, required=False)
    d = forms.IntegerField(label="D", min_value=0, max_value=99, required=False)

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors and sum(filter(None, data.values())) < FEWEST_VOTES:
            text = ngettext_lazy(
                "With fewer than %(count)s vote nothing is shown.", "With fewer than %(count)s votes nothing is shown.",
                FEWEST_VOTES,
            )  # fmt: skip
            raise forms.ValidationError(text % {"count": FEWEST_VOTES})
        return data

    def shown(self) -> dict[str, object]:
        """The votes in the order in which they were asked, and the most that one has."""
        rows = [
            {"label": name.upper(), "votes": votes} for name, votes in self.cleaned_data.items() if votes is not None
        ]
        return {"rows": rows, "most": max(row["votes"] for row in rows)}
