"""A quiz with a question of every kind, in both forms and the booster."""

from accounts.models import Classroom
from lessons.models import Module
from quizzes import schemas
from quizzes.enums import QuizKind
from quizzes.models import Quiz
from quizzes.operations import load_quiz
from tests.factories.lessons import make_assigned


def text(words: str) -> dict[str, str]:
    return {"fr": f"{words} (fr)", "en": words}


def choice(slug: str, *, right: bool = False, **more) -> dict[str, object]:
    return {"id": slug, "text": text(f"the {slug}"), "is_right": right, "why": text(f"because {slug}"), **more}


def question(slug: str, kind: str, choices: list[dict], objective: str = "notice") -> schemas.Question:
    return schemas.Question.model_validate(
        {
            "id": slug,
            "pair": slug.partition("-")[2],
            "kind": kind,
            "objective": objective,
            "prompt": text(f"prompt {slug}"),
            "choices": choices,
        }
    )


def questions(form: str) -> list[schemas.Question]:
    """One of each kind; the slugs begin with the form's letter."""
    return [
        question(f"{form}-one", "one", [choice("tell", right=True), choice("hide"), choice("pay")]),
        question(f"{form}-bool", "true_false", [choice("true"), choice("false", right=True)], "tell"),
        question(f"{form}-many", "several", [choice("leave", right=True), choice("ask", right=True), choice("stay")]),
        question(f"{form}-order", "order", [choice("close"), choice("walk"), choice("talk")], "tell"),
        question(
            f"{form}-match",
            "match",
            [choice(slug, partner=text(f"partner of {slug}")) for slug in ("gift", "secret", "threat")],
        ),
        question(
            f"{form}-signs",
            "signs",
            [choice("hello", speaker="Alex"), choice("hush", right=True, speaker="Alex"), choice("bye", speaker="Sam")],
        ),
    ]


def make_quizzes(module: Module) -> dict[QuizKind, Quiz]:
    return {
        kind: load_quiz(module=module, kind=kind, questions=questions(letter))
        for kind, letter in ((QuizKind.A, "a"), (QuizKind.B, "b"), (QuizKind.BOOSTER, "l"))
    }


def make_assigned_with_quiz(classroom: Classroom, **module_fields) -> Module:
    module = make_assigned(classroom, **module_fields)
    make_quizzes(module)
    return module


RIGHT = {
    "one": "tell",
    "bool": "false",
    "many": ["ask", "leave"],
    "order": {"close": 1, "walk": 2, "talk": 3},
    "match": {"gift": "gift", "secret": "secret", "threat": "threat"},
    "signs": ["hush"],
}
WRONG = {
    "one": "pay",
    "bool": "true",
    "many": ["stay"],
    "order": {"close": 2, "walk": 1, "talk": 3},
    "match": {"gift": "secret", "secret": "gift", "threat": "threat"},
    "signs": ["bye"],
}


def responses(letter: str, values: dict) -> dict:
    """Responses of a form, by question slug."""
    return {f"{letter}-{kind}": value for kind, value in values.items()}
