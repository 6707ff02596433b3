"""Shapes of `quiz.yaml`: two parallel forms and a booster. Pure."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from lessons.schemas import ANIMALS, THINGS, Picture, Slug, Strict, Text


class QuestionKind(StrEnum):
    ONE = "one"  # one choice is right
    SEVERAL = "several"  # several are
    TRUE_FALSE = "true_false"  # two choices, ids "true" and "false"
    ORDER = "order"  # choices stand in the file in their right order
    MATCH = "match"  # each choice has its partner
    SIGNS = "signs"  # choices are the lines of a conversation; right ones are warning signs


Name = Annotated[str, Field(min_length=1, max_length=20)]


class Choice(Strict):
    id: Slug
    text: Text
    partner: Text | None = None
    thing: Literal[(*THINGS, *ANIMALS)] | None = None  # its picture, for those who do not read yet
    partner_thing: Literal[THINGS] | None = None  # … and its partner's
    speaker: Name | Text | None = None  # signs: who writes the line; a text where the name changes with the language
    is_right: bool = False
    why: Text  # the explanation, warm, for whoever chose it


class Question(Strict):
    id: Slug
    pair: Slug  # the same in form A and form B (and in the booster): what makes them parallel
    kind: QuestionKind
    objective: Slug
    prompt: Text
    picture: Picture | None = None
    choices: list[Choice] = Field(min_length=2, max_length=6)
    explains: list[str] = []  # terms otherwise avoided that this question names in order to explain them

    @model_validator(mode="after")
    def has_a_key(self) -> "Question":
        ids = [choice.id for choice in self.choices]
        if len(set(ids)) != len(ids):
            raise ValueError("two choices have the same id")
        right = sum(choice.is_right for choice in self.choices)
        match self.kind:
            case QuestionKind.ONE if right != 1:
                raise ValueError("one choice, and only one, is right")
            case QuestionKind.TRUE_FALSE if sorted(ids) != ["false", "true"] or right != 1:
                raise ValueError('choices are "true" and "false", one of them is right')
            case QuestionKind.SEVERAL | QuestionKind.SIGNS if not right >= 1:
                raise ValueError("at least one choice is right")
            case QuestionKind.SIGNS if any(choice.speaker is None for choice in self.choices):
                raise ValueError("each line of a conversation has a speaker")
            case QuestionKind.MATCH if any(choice.partner is None for choice in self.choices):
                raise ValueError("each choice has a partner")
            case QuestionKind.ORDER | QuestionKind.MATCH if right or len(ids) < 3:
                raise ValueError("at least three choices, none marked is_right: the file's order is the key")
        return self


class Quiz(Strict):
    """`curriculum/modules/<slug>/quiz.yaml`"""

    a: list[Question] = Field(min_length=8, max_length=10)
    b: list[Question] = Field(min_length=8, max_length=10)
    booster: list[Question] = Field(min_length=5, max_length=5)

    @model_validator(mode="after")
    def has_parallel_forms(self) -> "Quiz":
        ids = [question.id for question in [*self.a, *self.b, *self.booster]]
        if len(set(ids)) != len(ids):
            raise ValueError("two questions have the same id")
        pairs = [{q.pair: (q.objective, q.kind) for q in form} for form in (self.a, self.b)]
        if pairs[0] != pairs[1] or len(pairs[0]) != len(self.a) or len(pairs[1]) != len(self.b):
            raise ValueError("forms a and b differ: the same pairs, with the same objective and kind, in both")
        if stray := {q.pair for q in self.booster} - pairs[0].keys():
            raise ValueError(f"booster questions without a pair in the forms: {sorted(stray)}")
        if len({q.kind for q in self.a}) < 4:
            raise ValueError("a form has questions of at least four kinds")
        return self


class StaffQuiz(Strict):
    """A staff module's own quiz, graded in one request."""

    questions: list[Question] = Field(min_length=5, max_length=12)
