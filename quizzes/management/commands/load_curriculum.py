"""Loads `curriculum/` into the database: all of it, or nothing of a file that has a fault."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lessons import schemas
from lessons.enums import ReviewState
from lessons.linting import CurriculumError, Fault, digest, read
from lessons.models import Module
from lessons.operations import load_module, load_shared
from quizzes.enums import QuizKind
from quizzes.operations import load_quiz
from quizzes.schemas import Quiz, StaffQuiz


def parse_module(folder: Path, parse: Callable) -> tuple:
    """A module's text, questions, plan and paper; those for staff have neither plan nor paper."""
    content = parse(folder / "module.yaml", schemas.Module)
    is_staff = content is not None and content.band == "staff"
    quiz = parse(folder / "quiz.yaml", StaffQuiz if is_staff else Quiz)
    plan = None if is_staff else parse(folder / "plan.yaml", schemas.Plan)
    paper = None if is_staff else parse(folder / "paper.yaml", schemas.Paper)
    return content, quiz, plan, paper


def forms_of(quiz: Quiz | StaffQuiz) -> dict[QuizKind, list]:
    if isinstance(quiz, StaffQuiz):
        return {QuizKind.STAFF: quiz.questions}
    return {QuizKind.A: quiz.a, QuizKind.B: quiz.b, QuizKind.BOOSTER: quiz.booster}


class Command(BaseCommand):
    help = "Loads the curriculum from its files. Idempotent; keeps every seat's progress."

    def add_arguments(self, parser):
        parser.add_argument("--path", type=Path, default=None, help="another folder than the project's curriculum/")
        parser.add_argument("--all", action="store_true", help="load again what has not changed, too")

    def handle(self, *, path: Path | None, all: bool, **options):
        root = path or settings.CURRICULUM_DIR
        try:
            with transaction.atomic():
                loaded = self.load(root, unchanged_too=all)
        except CurriculumError as error:
            raise CommandError(str(error)) from None
        if options["verbosity"]:
            self.stdout.write(f"Curriculum: {loaded} modules loaded, {Module.objects.count()} in all.")

    def load(self, root: Path, *, unchanged_too: bool) -> int:
        faults: list[Fault] = []

        def parse(file: Path, shape):
            try:
                return read(file, shape, root=root)
            except CurriculumError as error:
                faults.extend(error.faults)

        topics = parse(root / "topics.yaml", schemas.Topics)
        glossary = parse(root / "glossary.yaml", schemas.Glossary)
        helplines = parse(root / "helplines.yaml", schemas.Helplines)
        frameworks = parse(root / "frameworks.yaml", schemas.Frameworks)
        if faults:
            raise CurriculumError(faults)
        load_shared(topics=topics, glossary=glossary, helplines=helplines)
        known = dict(Module.objects.values_list("slug", "content_hash"))
        packs = []
        for folder in self.folders(root):
            files = sorted(folder.glob("*.yaml"))
            content_hash = digest(files)
            if known.get(folder.name) == content_hash and not unchanged_too:
                self.seal(root, folder.name, content_hash)
                continue
            content, quiz, plan, paper = parse_module(folder, parse)
            if content is not None and quiz is not None:
                faults.extend(self.references(folder, content, quiz, topics, glossary, frameworks))
            packs.append((content, quiz, plan, paper, content_hash))
        if faults:
            raise CurriculumError(faults)
        self.store(root, packs, frameworks)
        return len(packs)

    def folders(self, root: Path) -> list[Path]:
        modules = root / "modules"
        if not modules.is_dir():
            raise CurriculumError([Fault(modules, 1, "the folder is missing")])
        return sorted(path for path in modules.iterdir() if path.is_dir())

    def store(self, root: Path, packs: list[tuple], frameworks: schemas.Frameworks) -> None:
        for content, quiz, plan, paper, content_hash in packs:
            module = load_module(
                content=content,
                plan=plan,
                paper=paper,
                frameworks=frameworks,
                content_hash=content_hash,
                is_reviewed=self.is_reviewed(root, content.slug, content_hash),
            )
            for kind, questions in forms_of(quiz).items():
                load_quiz(module=module, kind=kind, questions=questions)

    def references(self, folder, content, quiz, topics, glossary, frameworks) -> list[Fault]:
        """What names something that no file defines."""
        file = folder / "module.yaml"
        found = []
        if content.slug != folder.name:
            found.append(f"the slug {content.slug} is not the folder's name")
        missing = {
            "topic": set(content.topics) - {topic.slug for topic in topics.topics},
            "glossary term": set(content.glossary) - {term.slug for term in glossary.terms},
            "framework": {(r.framework, r.code) for r in content.frameworks}
            - {(entry.framework, entry.code) for entry in frameworks.frameworks},
        }
        found += [f"there is no {what} {name}" for what, names in missing.items() for name in sorted(names)]
        questions = quiz.questions if isinstance(quiz, StaffQuiz) else [*quiz.a, *quiz.b, *quiz.booster]
        objectives = {objective.id for objective in content.objectives}
        found += [
            f"question {question.id}: there is no objective {question.objective}"
            for question in questions
            if question.objective not in objectives
        ]
        return [Fault(file, 1, reason) for reason in found]

    def seal(self, root: Path, slug: str, content_hash: str) -> None:
        """Signatures may come, or go, after the text was loaded."""
        is_reviewed = self.is_reviewed(root, slug, content_hash)
        state = ReviewState.REVIEWED if is_reviewed else ReviewState.UNREVIEWED
        Module.objects.filter(slug=slug).exclude(review_state=state).update(review_state=state)

    def is_reviewed(self, root: Path, slug: str, content_hash: str) -> bool:
        """Two named professionals signed exactly this text."""
        file = root / "reviews" / f"{slug}.yaml"
        if not file.exists():
            return False
        signatures = read(file, schemas.Reviews, root=root).signatures
        return len({" ".join(s.name.casefold().split()) for s in signatures if s.hash == content_hash}) >= 2
