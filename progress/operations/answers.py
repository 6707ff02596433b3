"""How a made-up pupil of the demonstration answers."""

import random
from collections.abc import Mapping

from quizzes.enums import Moment
from quizzes.grading import Key, Response
from quizzes.queries import QuizKeys
from quizzes.schemas import QuestionKind

CHANCE_OF_RIGHT = {Moment.BEFORE: 0.5, Moment.AFTER: 0.78, Moment.LATER: 0.72}


class Pupil:
    """Answers better after a module than before, some questions less well than others, and skips one now and then."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.ability = chance.uniform(-0.18, 0.18)

    def answers(self, keys: QuizKeys, moment: Moment) -> Mapping[str, Response]:
        return {
            slug: self._answer(key, CHANCE_OF_RIGHT[moment] + self.ability + _ease(place))
            for place, (slug, key) in enumerate(keys.by_question.items())
            if self.chance.random() > 0.03
        }

    def _answer(self, key: Key, probability: float) -> Response:
        is_right = self.chance.random() < probability
        match key.kind:
            case QuestionKind.ONE | QuestionKind.TRUE_FALSE:
                return self.chance.choice([slug for slug in key.slugs if (slug in key.right) == is_right])
            case QuestionKind.SEVERAL | QuestionKind.SIGNS:
                chosen = set(key.right) if is_right else set(key.right) ^ {self.chance.choice(key.slugs)}
                return sorted(chosen or {next(slug for slug in key.slugs if slug not in key.right)})
            case QuestionKind.ORDER:
                return {slug: place for place, slug in enumerate(self._arranged(key, is_right), start=1)}
        return dict(zip(key.slugs, self._arranged(key, is_right), strict=True))

    def _arranged(self, key: Key, is_right: bool) -> list[str]:
        slugs = list(key.slugs)
        if not is_right:
            first, second = self.chance.sample(range(len(slugs)), 2)
            slugs[first], slugs[second] = slugs[second], slugs[first]
        return slugs


def _ease(place: int) -> float:
    """The sixth question of each form is hard."""
    return -0.3 if place == 5 else 0.02
