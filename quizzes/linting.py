"""The content linter over whole modules and the whole curriculum, and the rules for quizzes. Pure.

Which texts may say what, and why, stands in `lessons/linting/passages.py` (told and shown) and `curriculum/rules.yaml`.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from lessons import schemas
from lessons.linting import CurriculumError, Document, Fault, read_document
from lessons.linting import modules as lint
from lessons.linting.passages import LANGUAGES, Context, Passage, Place, passages
from lessons.linting.shared import of_glossary, of_helplines
from quizzes.schemas import Question, QuestionKind, Quiz, StaffQuiz

LEAST_QUESTIONS = 2  # of each form, on each objective
TOO_LONG = 1.3  # a right answer this many times longer than any other gives itself away
MOST_LONGEST = 0.6  # … and so does "always the longest one", over a form
MOST_AT_ONE_PLACE = 0.6


@dataclass(frozen=True)
class Pack:
    """One module's files, as far as they could be read."""

    folder: Path
    module: Document[schemas.Module] | None
    quiz: Document[Quiz] | Document[StaffQuiz] | None
    plan: Document[schemas.Plan] | None
    paper: Document[schemas.Paper] | None


@dataclass
class Curriculum:
    root: Path
    shared: dict[str, Document] = field(default_factory=dict)
    packs: list[Pack] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def read(self, path: Path, shape: type) -> Document | None:
        try:
            return read_document(path, shape, root=self.root)
        except CurriculumError as error:
            self.faults += error.faults
            return None


SHARED = {
    "topics": schemas.Topics,
    "glossary": schemas.Glossary,
    "helplines": schemas.Helplines,
    "frameworks": schemas.Frameworks,
    "rules": schemas.Rules,
}


def read_curriculum(root: Path, only: set[str] | None = None, shared: dict[str, Document] | None = None) -> Curriculum:
    """All files, or the modules named `only`; `shared` are the shared files where somebody has read them already."""
    curriculum = Curriculum(root, shared=dict(shared or {}))
    for name, shape in SHARED.items():
        if name not in curriculum.shared and (document := curriculum.read(root / f"{name}.yaml", shape)) is not None:
            curriculum.shared[name] = document
    for folder in sorted(path for path in (root / "modules").iterdir() if path.is_dir()):
        if only is None or folder.name in only:
            module = curriculum.read(folder / "module.yaml", schemas.Module)
            is_staff = module is not None and module.value.band == "staff"
            quiz = curriculum.read(folder / "quiz.yaml", StaffQuiz if is_staff else Quiz)
            plan = None if is_staff else curriculum.read(folder / "plan.yaml", schemas.Plan)
            paper = None if is_staff else curriculum.read(folder / "paper.yaml", schemas.Paper)
            curriculum.packs.append(Pack(folder, module, quiz, plan, paper))
    return curriculum


def faults_with(root: Path, files: Mapping[Path, str], slugs: set[str]) -> list[str]:
    """The faults of modules as they would be with these files: a copy is read, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "curriculum"
        shutil.copytree(root, copy)
        for file, text in files.items():
            (copy / file.relative_to(root)).write_bytes(text.encode())
        return [str(fault).replace(f"{copy}/", "") for fault in check(read_curriculum(copy, only=slugs))]


def check(curriculum: Curriculum) -> list[Fault]:
    """Every fault of the curriculum; those of reading alone where a shared file could not be read."""
    if len(curriculum.shared) < len(SHARED):
        return curriculum.faults
    faults = [*curriculum.faults, *of_shared(curriculum)]
    for pack in curriculum.packs:
        faults += of_pack(pack, curriculum)
    return sorted(faults, key=lambda fault: (fault.path, fault.line))


def of_shared(curriculum: Curriculum) -> Iterator[Fault]:
    rules = curriculum.shared["rules"].value
    yield from of_glossary(curriculum.shared["glossary"])
    yield from of_helplines(curriculum.shared["helplines"])
    for name in ("topics", "glossary", "helplines"):
        document = curriculum.shared[name]
        yield from lint.of_languages(document, rules)
        context = Context("staff" if name == "helplines" else "pupil", "15-18", 15)
        yield from lint.of_words(passages(document, document.value, context), rules)


def of_pack(pack: Pack, curriculum: Curriculum) -> Iterator[Fault]:
    rules = curriculum.shared["rules"].value
    if pack.module is None:
        return
    module = pack.module.value
    yield from lint.of_module(pack.module, rules, curriculum.shared["glossary"].value)
    if pack.quiz is not None:
        yield from references(pack, curriculum)
        yield from of_quiz(pack.quiz, module)
    if pack.plan is not None:
        yield from lint.of_plan(pack.plan, module)
    if pack.paper is not None:
        yield from lint.of_paper(pack.paper, rules)
    texts = [*texts_of(pack)]
    yield from lint.of_words(texts, rules)
    for document, reader in dict.fromkeys((text.document.path, text.context.reader) for text in texts):
        own = [text for text in texts if (text.document.path, text.context.reader) == (document, reader)]
        yield from lint.of_sentences(own, module.band if reader == "pupil" else "staff")
    for document in (pack.module, pack.quiz, pack.plan, pack.paper):
        if document is not None:
            yield from lint.of_languages(document, rules)


def references(pack: Pack, curriculum: Curriculum) -> Iterator[Fault]:
    """What names something that no file defines."""
    document, module = pack.module, pack.module.value
    if module.slug != pack.folder.name:
        yield document.fault(("slug",), f"the slug {module.slug} is not the folder's name")
    topics = {topic.slug: topic.bands for topic in curriculum.shared["topics"].value.topics}
    terms = {term.slug for term in curriculum.shared["glossary"].value.terms}
    codes = {(entry.framework, entry.code) for entry in curriculum.shared["frameworks"].value.frameworks}
    for number, topic in enumerate(module.topics):
        if topic not in topics:
            yield document.fault(("topics", number), f"there is no topic {topic}")
        elif module.band not in topics[topic]:
            yield document.fault(("topics", number), f"the topic {topic} is never taught to {module.band}")
    for number, term in enumerate(module.glossary):
        if term not in terms:
            yield document.fault(("glossary", number), f"there is no glossary term {term}")
    for number, reference in enumerate(module.frameworks):
        if (reference.framework, reference.code) not in codes:
            name = f"{reference.framework} {reference.code}"
            yield document.fault(("frameworks", number), f"there is no framework {name}")


def forms(quiz: Quiz | StaffQuiz) -> dict[str, list[Question]]:
    names = ("questions",) if isinstance(quiz, StaffQuiz) else ("a", "b", "booster")
    return {name: getattr(quiz, name) for name in names}


def texts_of(pack: Pack) -> Iterator[Passage]:
    context = lint.context_of(pack.module.value)
    for document in (pack.module, pack.plan, pack.paper):
        if document is not None:
            yield from passages(document, document.value, context)
    if pack.quiz is not None:
        for form, questions in forms(pack.quiz.value).items():
            for number, question in enumerate(questions):
                yield from _question_texts(pack.quiz, question, context, (form, number))


def _question_texts(document: Document, question: Question, context: Context, place: Place) -> Iterator[Passage]:
    """What is told, and what is shown: see `lessons/linting/passages.py`."""
    explained = tuple(term.lower() for term in question.explains)
    context = replace(context, explains=context.explains + explained)
    shown = replace(context, is_shown=True)
    is_false = question.kind == QuestionKind.TRUE_FALSE and any(
        c.id == "false" and c.is_right for c in question.choices
    )
    yield from passages(document, question.prompt, shown if is_false else context, (*place, "prompt"))
    if question.picture is not None:
        yield from passages(document, question.picture, context, (*place, "picture"))
    weighed = question.kind in (QuestionKind.ONE, QuestionKind.SEVERAL)
    for number, choice in enumerate(question.choices):
        at = (*place, "choices", number)
        is_shown = choice.speaker is not None or (weighed and not choice.is_right)
        yield from passages(document, choice.text, shown if is_shown else context, (*at, "text"))
        if choice.partner is not None:
            yield from passages(document, choice.partner, context, (*at, "partner"))
        yield from passages(document, choice.why, context, (*at, "why"))


def of_quiz(document: Document[Quiz] | Document[StaffQuiz], module: schemas.Module) -> Iterator[Fault]:
    objectives = {objective.id for objective in module.objectives}
    by_form = forms(document.value)
    for form, questions in by_form.items():
        for number, question in enumerate(questions):
            if question.objective not in objectives:
                yield document.fault((form, number, "objective"), f"there is no objective {question.objective}")
            yield from _given_away(document, (form, number), question)
            if module.band == lint.PICTURES_FIRST and question.picture is None:
                yield document.fault((form, number), f"{question.id}: a question without a picture")
            pictures = [choice.thing for choice in question.choices]
            if module.band == lint.PICTURES_FIRST and (reason := lint.without_pictures(pictures)):
                yield document.fault((form, number), f"{question.id}: {reason}")
            partners = [choice.partner_thing for choice in question.choices if choice.partner]
            if module.band == lint.PICTURES_FIRST and (reason := lint.without_pictures(partners)):
                yield document.fault((form, number), f"{question.id}: among the partners, {reason}")
        yield from _guessed_by_length(document, form, questions)
    for form in ("a", "b", "questions"):
        asked = Counter(question.objective for question in by_form.get(form, []))
        for objective in sorted(objectives) if form in by_form else []:
            least = 1 if form == "questions" else LEAST_QUESTIONS
            if asked[objective] < least:
                yield document.fault((form,), f"{asked[objective]} questions on {objective}; at least {least}")
    yield from _guessed_by_place(document, list(chain.from_iterable(by_form.values())))


def _given_away(document: Document, place: Place, question: Question) -> Iterator[Fault]:
    if question.kind in (QuestionKind.SEVERAL, QuestionKind.SIGNS) and all(c.is_right for c in question.choices):
        yield document.fault(place, f"{question.id}: every choice is right: ticking all of them is enough")
    if question.kind == QuestionKind.ONE:
        for language in LANGUAGES:
            right = max(len(getattr(c.text, language)) for c in question.choices if c.is_right)
            other = max(len(getattr(c.text, language)) for c in question.choices if not c.is_right)
            if right > TOO_LONG * other:
                yield document.fault(place, f"{question.id}: its length gives the right answer away [{language}]")


def _guessed_by_length(document: Document, form: str, questions: list[Question]) -> Iterator[Fault]:
    ones = [question for question in questions if question.kind == QuestionKind.ONE]
    for language in LANGUAGES if len(ones) >= 3 else ():
        longest = sum(max(q.choices, key=lambda c: len(getattr(c.text, language))).is_right for q in ones)
        if longest == len(ones) or (len(ones) >= 4 and longest > MOST_LONGEST * len(ones)):
            reason = f"the longest answer is right in {longest} of {len(ones)} questions: it can be guessed"
            yield document.fault((form,), f"{reason} [{language}]")


def _guessed_by_place(document: Document, questions: list[Question]) -> Iterator[Fault]:
    """Over all of a module's questions: no place that is right too often, "true" neither always nor never."""
    true_false = [q for q in questions if q.kind == QuestionKind.TRUE_FALSE]
    true = sum(choice.id == "true" and choice.is_right for q in true_false for choice in q.choices)
    if len(true_false) >= 3 and not 1 / 4 <= true / len(true_false) <= 3 / 4:
        yield document.fault((), f"“true” is right in {true} of {len(true_false)} questions: it can be guessed")
    ones = [q for q in questions if q.kind == QuestionKind.ONE]
    places = Counter(next(i for i, c in enumerate(q.choices) if c.is_right) for q in ones)
    if len(ones) >= 4 and places and max(places.values()) > MOST_AT_ONE_PLACE * len(ones):
        place, times = places.most_common(1)[0]
        yield document.fault((), f"choice {place + 1} is right in {times} of {len(ones)} questions: it can be guessed")


LEAST_MODULES = {"6-8": 4, "9-11": 6, "12-14": 7, "15-18": 5, "staff": 6}


@dataclass(frozen=True)
class Coverage:
    topics: dict[str, dict[str, list[str]]]  # topic → band in which it is taught → what fills the cell
    frameworks: dict[str, list[str]]  # concept or strand → modules
    modules: dict[str, int]  # band → how many
    gaps: list[str]


def coverage(curriculum: Curriculum) -> Coverage:
    """A cell is filled by a step that names the topic and, in the same module, questions on an objective of it."""
    packs = [pack for pack in curriculum.packs if pack.module is not None and pack.quiz is not None]
    topics = {
        topic.slug: {band: _fillers(packs, topic.slug, band) for band in topic.bands}
        for topic in curriculum.shared["topics"].value.topics
    }
    frameworks = {
        f"{entry.framework} {entry.code}": [
            pack.module.value.slug
            for pack in packs
            if (entry.framework, entry.code) in {(r.framework, r.code) for r in pack.module.value.frameworks}
        ]
        for entry in curriculum.shared["frameworks"].value.frameworks
    }
    modules = {band: sum(pack.module.value.band == band for pack in packs) for band in LEAST_MODULES}
    gaps = [f"{slug} × {band}: nothing" for slug, cells in topics.items() for band, by in cells.items() if not by]
    gaps += [f"framework {name}: no module names it" for name, by in frameworks.items() if not by]
    gaps += [f"{band}: {modules[band]} modules" for band, least in LEAST_MODULES.items() if modules[band] < least]
    return Coverage(topics, frameworks, modules, gaps)


def _fillers(packs: list[Pack], topic: str, band: str) -> list[str]:
    found = []
    for pack in packs:
        module = pack.module.value
        steps = [step.id for step in module.steps if topic in step.topics]
        measured = {objective.id for objective in module.objectives if topic in objective.topics}
        asked = sum(q.objective in measured for form in forms(pack.quiz.value).values() for q in form)
        if module.band == band and steps and asked:
            found.append(f"{module.slug} / {', '.join(steps)} ({asked})")
    return found
