"""The form of a quiz, made from its questions. What it shows never depends on which choice is right."""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.enums import QuestionKind
from quizzes.grading import Response, is_chosen, is_right
from quizzes.models import Choice, Question
from quizzes.queries import keys_of


def shuffled(text: str) -> str:
    """A short digest: an order and a name that come from the words alone and say nothing of a choice's place."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def shown_choices(question: Question) -> list[Choice]:
    """Choices as they are shown: the file's order, but for a question whose key is that order."""
    choices = list(question.choices.all())
    if question.kind == QuestionKind.ORDER:
        choices.sort(key=lambda choice: shuffled(f"order {choice.slug}"))
    return choices


def shown_partners(question: Question) -> list[tuple[str, str]]:
    """The right-hand side of a match question as (value, text), in an order of its own."""
    partners = {_partner_value(question, choice): choice.partner for choice in question.choices.all()}
    return sorted(partners.items())


def _partner_value(question: Question, choice: Choice) -> str:
    return shuffled(f"partner {question.slug} {choice.partner_fr}")


@dataclass
class QuestionFields:
    """A question with its bound fields, as templates take it."""

    question: Question
    number: int
    rows: list[tuple[Choice, forms.BoundField | None, bool]]  # a choice, its own field, whether it is chosen
    name: str
    partners: list[tuple[str, str]]


@dataclass
class Answer:
    """A question after it was handed in. For order and match, a row counts as chosen where it was put right."""

    question: Question
    number: int
    is_answered: bool
    is_right: bool
    rows: list[tuple[Choice, bool]]


class QuizForm(forms.Form):
    """Fields are named by the question's or the choice's UUID. No answer is required: one may skip or pass."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"invalid": _("This form is damaged: load it again.")}
    )

    def __init__(self, *args, questions: Iterable[Question], responses: Mapping[str, Response], **kwargs) -> None:
        self.questions = list(questions)
        kwargs.setdefault("initial", {"key": uuid.uuid4(), **self._initial(responses)})
        super().__init__(*args, **kwargs)
        for question in self.questions:
            self.fields.update(self._fields_of(question))

    def _fields_of(self, question: Question) -> dict[str, forms.Field]:
        choices = shown_choices(question)
        slugs = [(choice.slug, choice.text) for choice in choices]
        match question.kind:
            case QuestionKind.ONE | QuestionKind.TRUE_FALSE:
                return {str(question.pk): forms.ChoiceField(choices=slugs, required=False, widget=forms.RadioSelect)}
            case QuestionKind.SEVERAL | QuestionKind.SIGNS:
                return {
                    str(question.pk): forms.MultipleChoiceField(
                        choices=slugs, required=False, widget=forms.CheckboxSelectMultiple
                    )
                }
            case QuestionKind.ORDER:
                options = [("", "…"), *((str(place), str(place)) for place in range(1, len(choices) + 1))]
            case _:
                options = [("", "…"), *shown_partners(question)]
        return {
            str(choice.pk): forms.ChoiceField(choices=options, required=False, label=choice.text) for choice in choices
        }

    def _initial(self, responses: Mapping[str, Response]) -> dict[str, object]:
        initial: dict[str, object] = {}
        for question in self.questions:
            response = responses.get(question.slug)
            if response is None:
                continue
            if not isinstance(response, dict):
                initial[str(question.pk)] = response
                continue
            by_slug = {choice.slug: choice for choice in question.choices.all()}
            for slug, value in response.items():
                shown = value if question.kind == QuestionKind.ORDER else _partner_value(question, by_slug[value])
                initial[str(by_slug[slug].pk)] = shown
        return initial

    def responses(self) -> dict[str, Response]:
        """The answered questions' responses, by slug. Call on a valid form."""
        found = {question.slug: self._response(question) for question in self.questions}
        return {slug: response for slug, response in found.items() if response}

    def _response(self, question: Question) -> Response | None:
        if question.kind in (QuestionKind.ONE, QuestionKind.TRUE_FALSE):
            return self.cleaned_data[str(question.pk)] or None
        if question.kind in (QuestionKind.SEVERAL, QuestionKind.SIGNS):
            return sorted(self.cleaned_data[str(question.pk)]) or None
        choices = list(question.choices.all())
        values = {choice.slug: self.cleaned_data[str(choice.pk)] for choice in choices}
        if not all(values.values()):
            return None
        if question.kind == QuestionKind.ORDER:
            return {slug: int(place) for slug, place in values.items()}
        owners = {_partner_value(question, choice): choice.slug for choice in choices}
        return {slug: owners[value] for slug, value in values.items()}

    def unanswered_count(self) -> int:
        return len(self.questions) - len(self.responses())

    def shown(self) -> list[QuestionFields]:
        """The questions in order, with what the template draws."""
        return [self._shown(question, number) for number, question in enumerate(self.questions, start=1)]

    def review(self, responses: Mapping[str, Response] | None) -> list["Answer"]:
        """Each question with its explanations, and what was chosen: the same bytes whatever was chosen, or nothing."""
        keys = keys_of(self.questions).by_question
        responses = responses or {}
        return [
            Answer(
                question=question,
                number=number,
                is_answered=question.slug in responses,
                is_right=question.slug in responses and is_right(keys[question.slug], responses[question.slug]),
                rows=[
                    (choice, is_chosen(keys[question.slug], responses.get(question.slug), choice.slug))
                    for choice in question.choices.all()
                ],
            )
            for number, question in enumerate(self.questions, start=1)
        ]

    def _shown(self, question: Question, number: int) -> QuestionFields:
        name = str(question.pk)
        chosen = self[name].value() if name in self.fields else None
        chosen = set(chosen if isinstance(chosen, list) else [chosen])
        return QuestionFields(
            question=question,
            number=number,
            rows=[
                (choice, self[str(choice.pk)] if str(choice.pk) in self.fields else None, choice.slug in chosen)
                for choice in shown_choices(question)
            ],
            name=name,
            partners=shown_partners(question) if question.kind == QuestionKind.MATCH else [],
        )
