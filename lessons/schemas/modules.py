"""Shapes of a module's files: what is read, how it is taught, what is printed."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, HttpUrl, model_validator

from lessons.schemas.words import (
    ANIMALS,
    BANDS,
    FIRST_AGE,
    LAST_AGE,
    PLACES,
    THINGS,
    Day,
    Filled,
    Name,
    Slug,
    Strict,
    Text,
)


class Picture(Strict):
    place: Literal[PLACES]
    who: list[Literal[ANIMALS]] = Field(default=[], max_length=3)
    thing: Literal[THINGS] = "none"
    alt: Text


class Objective(Strict):
    id: Slug
    text: Text  # "Je peux …" / "I can …"
    topics: list[Slug] = []  # what its questions measure; a cell of topics × bands needs a step and a question


class FrameworkReference(Strict):
    framework: Literal["ukcis", "itgse", "evars", "crcn"]
    code: Slug | Annotated[str, Field(pattern=r"^\d\.\d$")]


class Source(Strict):
    title: Name
    year: int | None = Field(default=None, ge=1980, le=2100)
    url: HttpUrl | None = None
    is_official: Literal[False] = False


class OfficialSource(Source):
    """A text of law or an institution: what is said of it holds only while it says so."""

    url: HttpUrl
    is_official: Literal[True]
    articles: list[Filled] = []  # as a module cites them: "227-23", "L. 226-4"
    verified_on: Day | None  # when a person compared both; null until then


class Neutral(Strict):
    """An activity beside a sensitive step: looks the same, counts as done, leaves no trace."""

    title: Text
    body: Text


class Reply(Strict):
    id: Slug
    text: Text
    sign: Literal[(*THINGS, *ANIMALS)] | None = None  # its picture: a thing, or the animal one goes to
    feedback: Text
    to: Slug | None = None  # the next scene; none in a check


class Scene(Strict):
    id: Slug
    title: Text | None = None
    text: Text
    picture: Picture | None = None
    replies: list[Reply] = []
    is_ending: bool = False


class Scenario(Strict):
    scenes: list[Scene] = Field(min_length=1)

    @model_validator(mode="after")
    def leads_to_an_end(self) -> "Scenario":
        by_id = {scene.id: scene for scene in self.scenes}
        if len(by_id) != len(self.scenes):
            raise ValueError("two scenes have the same id")
        for scene in self.scenes:
            if scene.is_ending and scene.replies:
                raise ValueError(f"scene {scene.id}: an ending has no replies")
            if not scene.is_ending and not scene.replies:
                raise ValueError(f"scene {scene.id}: a dead end, it is no ending and has no replies")
            for reply in scene.replies:
                if reply.to is None or reply.to not in by_id:
                    raise ValueError(f"scene {scene.id}, reply {reply.id}: there is no scene {reply.to}")
        reached, to_visit = set(), [self.scenes[0].id]
        while to_visit:
            scene_id = to_visit.pop()
            if scene_id not in reached:
                reached.add(scene_id)
                to_visit += [reply.to for reply in by_id[scene_id].replies]
        if missing := by_id.keys() - reached:
            raise ValueError(f"scenes that nobody can reach: {', '.join(sorted(missing))}")
        ending = {scene.id for scene in self.scenes if scene.is_ending}
        while True:
            more = {s.id for s in self.scenes if any(r.to in ending for r in s.replies)} - ending
            if not more:
                break
            ending |= more
        if stuck := by_id.keys() - ending:
            raise ValueError(f"scenes from which no ending is reached: {', '.join(sorted(stuck))}")
        return self


class Check(Strict):
    """A scenario of one scene: the pupil thinks, chooses, reads; nothing is stored."""

    replies: list[Reply] = Field(min_length=2, max_length=4)


class StepKind(StrEnum):
    TEXT = "text"
    STORY = "story"
    CHECK = "check"
    SCENARIO = "scenario"


class Step(Strict):
    id: Slug
    kind: StepKind
    from_age: int | None = Field(default=None, ge=6, le=18)
    is_sensitive: bool | None = None  # none: as its module
    title: Text
    body: Text
    picture: Picture
    neutral: Neutral | None = None
    check: Check | None = None
    scenario: Scenario | None = None
    topics: list[Slug] = []
    """Topics this step teaches; a cell of the topics × bands table is filled by a named step."""
    explains: list[Filled] = []  # terms otherwise avoided that this step names in order to explain them

    @model_validator(mode="after")
    def has_what_its_kind_needs(self) -> "Step":
        if (self.kind == StepKind.CHECK) != (self.check is not None):
            raise ValueError("a step of kind check, and only that, has a check")
        if (self.kind == StepKind.SCENARIO) != (self.scenario is not None):
            raise ValueError("a step of kind scenario, and only that, has a scenario")
        return self


class Module(Strict):
    """`curriculum/modules/<slug>/module.yaml`"""

    slug: Slug
    band: Literal[BANDS]
    position: int = Field(ge=1, le=99)
    topics: list[Slug] = Field(min_length=1)
    is_sensitive: bool
    opens_sensitive: bool = False  # staff: finishing it makes its reader ready to teach
    minutes: int = Field(ge=5, le=60)
    title: Text
    summary: Text
    objectives: list[Objective] = Field(min_length=1, max_length=3)
    frameworks: list[FrameworkReference] = Field(min_length=1)
    sources: list[OfficialSource | Source] = Field(min_length=1)
    glossary: list[Slug] = []
    way_back: Text | None = None  # for those who shared or pressured; from 9-11 on
    next_words: Text  # the kind end: what I can do now, who can help, that it gets better
    steps: list[Step] = Field(min_length=5, max_length=10)

    @model_validator(mode="after")
    def is_consistent(self) -> "Module":
        ids = [step.id for step in self.steps]
        if len(set(ids)) != len(ids):
            raise ValueError("two steps have the same id")
        if unknown := {topic for objective in self.objectives for topic in objective.topics} - set(self.topics):
            raise ValueError(f"objectives name topics that the module does not: {sorted(unknown)}")
        for step in self.steps:
            sensitive = self.is_sensitive if step.is_sensitive is None else step.is_sensitive
            if sensitive and self.band != "staff" and step.neutral is None:
                raise ValueError(f"step {step.id}: a sensitive step needs a neutral activity")
            if step.from_age is not None and not (FIRST_AGE[self.band] <= step.from_age <= LAST_AGE[self.band]):
                raise ValueError(f"step {step.id}: from_age {step.from_age} is not an age of {self.band}")
            if unknown := set(step.topics) - set(self.topics):
                raise ValueError(f"step {step.id}: topics not named by the module: {sorted(unknown)}")
        if self.band in ("9-11", "12-14", "15-18") and self.way_back is None:
            raise ValueError("from 9-11 on a module needs a way back for those who shared")
        return self


class Moment(Strict):
    minutes: int = Field(ge=1, le=45)
    title: Text
    text: Text


class Plan(Strict):
    """`plan.yaml`: how a teacher gives the lesson, minute by minute, and without enough devices."""

    before: list[Text] = Field(min_length=1)  # what to prepare
    timeline: list[Moment] = Field(min_length=3)
    ground_rules: list[Text] = Field(min_length=3)
    right_to_pass: Text
    distancing: Text
    to_say: list[Text] = Field(min_length=3)
    not_to_say: list[Text] = Field(min_length=3)
    question_box: Text
    after_two_days: Text
    after_two_weeks: Text
    few_tablets: list[Moment] = Field(min_length=3)  # ten tablets, twenty-eight pupils
    no_device: list[Moment] = Field(min_length=3)


class WorksheetTask(Strict):
    title: Text
    text: Text
    things: list[Literal[THINGS]] = Field(default=[], max_length=6)  # its drawings, for those who do not read yet
    lines: int = Field(default=0, ge=0, le=12)  # lines to write on


class Worksheet(Strict):
    title: Text
    intro: Text
    tasks: list[WorksheetTask] = Field(min_length=2, max_length=6)


class EasyLine(Strict):
    thing: Literal[THINGS] = "none"  # the pictogram beside the sentence
    text: Text


class EasyRead(Strict):
    title: Text
    lines: list[EasyLine] = Field(min_length=5, max_length=30)


class Letter(Strict):
    """A letter to parents that shows exactly what the band sees and does not see."""

    what_we_do: Text
    they_see: list[Text] = Field(min_length=2)
    they_never_see: list[Text] = Field(min_length=2)
    at_home: list[Text] = Field(min_length=2)


class Paper(Strict):
    """`paper.yaml`: what is printed."""

    worksheet: Worksheet
    easy_read: EasyRead
    letter: Letter
