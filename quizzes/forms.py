"""The form of a quiz, made from its questions. What it shows never depends on which choice is right.

`QuizForm` draws it, and what was sent where it must be shown again. It reads nothing: `grading.Sheet` does.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django import forms

from lessons.linting.writing import flags_in, place_name, texts_in
from quizzes.enums import QuestionKind
from quizzes.grading import Key, Response, is_chosen, is_right, partner_value, shuffled
from quizzes.models import Choice, Question
from quizzes.queries import QuizKeys


def shown_choices(question: Question) -> list[Choice]:
    """Choices as they are shown: the file's order, but for a question whose key is that order."""
    choices = list(question.choices.all())
    if question.kind == QuestionKind.ORDER:
        choices.sort(key=lambda choice: shuffled(f"order {choice.slug}"))
    return choices


def shown_partners(question: Question) -> list[tuple[str, str, str]]:
    """The right-hand side of a match question as (value, text, drawing), in an order of its own."""
    choices = question.choices.all()
    return sorted((partner_value(question.slug, one.partner_fr), one.partner, one.partner_thing) for one in choices)


@dataclass
class QuestionFields:
    """A question with its bound fields, as templates take it."""

    question: Question
    number: int
    rows: list[tuple[Choice, forms.BoundField | None, bool]]  # a choice, its own field, whether it is chosen
    name: str
    partners: list[tuple[str, str, str]]

    @property
    def has_pictures(self) -> bool:
        """Match: a drawing for every partner, so that who does not read yet chooses among pictures."""
        return bool(self.partners) and all(thing for _value, _text, thing in self.partners)


@dataclass
class Answer:
    """A question after it was handed in. For order and match, a row counts as chosen where it was put right."""

    question: Question
    number: int
    state: str  # "none" where it was not answered, "sure" where it was right, else "look"
    rows: list[tuple[Choice, bool]]


class QuizForm(forms.Form):
    """Fields are named by the question's or the choice's UUID. No answer is required: one may skip or pass."""

    key = forms.CharField(widget=forms.HiddenInput)

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
                options = [("", "…"), *(partner[:2] for partner in shown_partners(question))]
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
                is_order = question.kind == QuestionKind.ORDER
                shown = value if is_order else partner_value(question.slug, by_slug[value].partner_fr)
                initial[str(by_slug[slug].pk)] = shown
        return initial

    def shown(self) -> list[QuestionFields]:
        """The questions in order, with what the template draws."""
        return [self._shown(question, number) for number, question in enumerate(self.questions, start=1)]

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


def review(questions: Iterable[Question], keys: QuizKeys, responses: Mapping[str, Response] | None) -> list[Answer]:
    """Each question with its explanations, and what was chosen: the same bytes whatever was chosen, or nothing."""
    return [
        _answer(question, number, keys.by_question[question.slug], (responses or {}).get(question.slug))
        for number, question in enumerate(questions, start=1)
    ]


def _answer(question: Question, number: int, key: Key, response: Response | None) -> Answer:
    state = "none" if response is None else "sure" if is_right(key, response) else "look"
    rows = [(choice, is_chosen(key, response, choice.slug)) for choice in question.choices.all()]
    return Answer(question=question, number=number, state=state, rows=rows)


LANGUAGE_ENDS = ("/fr", "/en")


class DraftForm(forms.Form):
    """The texts of a file of the curriculum, two languages a row, and which answers are right.

    A text that is sent as it stands in the file is no change, whatever the browser did to its line ends.
    """

    def __init__(self, *args, text: str, changes: dict[str, list[str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.there = {place_name(place): value for place, value in texts_in(text).items()}
        self.flags = flags_in(text)
        self.stale = {name for name, (before, _after) in changes.items() if self._now(name) != before}
        shown = {name: after for name, (_before, after) in changes.items()}
        for name in self.there:
            if name.endswith(LANGUAGE_ENDS) and self.there.keys() >= {f"{name[:-2]}{end}" for end in ("fr", "en")}:
                said = shown.get(name, self.there[name])
                height = min(14, 1 + len(said) // 60 + said.count("\n"))
                widget = forms.Textarea(
                    attrs={"rows": height, "cols": 60, "lang": name[-2:], "aria-label": name.replace("/", " ")}
                )
                self.fields[name] = forms.CharField(initial=said, strip=False, required=False, widget=widget)
        for name in self.flags:
            checked = shown.get(name, self._now(name)) == "true"
            self.fields[name] = forms.BooleanField(initial=checked, required=False)
        self.changed = set(shown)

    def _now(self, name: str) -> str | None:
        if name in self.flags:
            return "true" if self.flags[name] else "false"
        return self.there.get(name)

    def changes(self) -> dict[str, list[str]]:
        """What differs from the file: its text, and the new one."""
        found = {}
        for name, value in self.cleaned_data.items():
            before = self._now(name)
            after = ("true" if value else "false") if name in self.flags else value.replace("\r\n", "\n")
            if after.strip() != before.strip():
                found[name] = [before, after]
        return found

    def rows(self) -> list[dict]:
        """In the order of the file: a text in both languages, or whether an answer is right."""
        found = []
        for name in self.fields:
            if name in self.flags:
                continue
            place, language = name.rsplit("/", 1)
            if language == "fr":
                flag = f"{place.rsplit('/', 1)[0]}/is_right"
                found.append(
                    {
                        "place": place.replace("/", " · "),
                        "fr": self[name],
                        "en": self[f"{place}/en"],
                        "flag": self[flag] if flag in self.flags and place.endswith("/text") else None,
                        "is_changed": bool(self.changed & {name, f"{place}/en", flag}),
                        "is_stale": bool(self.stale & {name, f"{place}/en", flag}),
                    }
                )
        return found
