"""Modules small enough to read in a test: three steps, one of them a scenario."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Classroom, Seat
from lessons.models import GlossaryTerm, Helpline, Module, Objective, Reading, Reply, Scene, Step, Topic
from lessons.operations import assign_module

PICTURE = {"place": "pier", "who": ["otter"], "thing": "none"}


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    slug = factory.Sequence("topic-{}".format)
    position = factory.Sequence(int)
    title_fr = factory.Sequence("Sujet {}".format)
    title_en = factory.Sequence("Topic {}".format)


class GlossaryTermFactory(DjangoModelFactory):
    class Meta:
        model = GlossaryTerm

    slug = factory.Sequence("term-{}".format)
    from_age = 9
    term_fr = factory.Sequence("Mot {}".format)
    term_en = factory.Sequence("Word {}".format)
    definition_fr = "Ce que le mot veut dire."
    definition_en = "What the word means."
    avoid_fr = factory.LazyFunction(list)
    avoid_en = factory.LazyFunction(list)


class HelplineFactory(DjangoModelFactory):
    class Meta:
        model = Helpline

    slug = factory.Sequence("line-{}".format)
    territory = "FR"
    name_fr = factory.Sequence("Écoute {}".format)
    name_en = factory.Sequence("Line {}".format)
    purpose_fr = "On t’écoute."
    purpose_en = "Somebody listens."
    hours_fr = "7 jours sur 7"
    hours_en = "around the clock"
    contacts = factory.LazyFunction(lambda: [{"kind": "phone", "value": "00 00 00"}])
    languages = factory.LazyFunction(lambda: ["fr"])
    is_for_pupils = True
    is_for_adults = True
    source = "https://example.org/"


class ModuleFactory(DjangoModelFactory):
    """A published module for 12–14 of three steps; `steps=0` for none."""

    class Meta:
        model = Module
        skip_postgeneration_save = True

    slug = factory.Sequence("module-{}".format)
    band = "12-14"
    position = factory.Sequence(lambda number: number % 90 + 1)
    is_sensitive = False
    minutes = 30
    title_fr = factory.Sequence("Le module {}".format)
    title_en = factory.Sequence("Module {}".format)
    summary_fr = "Un résumé."
    summary_en = "A summary."
    next_words_fr = "Tu peux demander de l’aide."
    next_words_en = "You can ask for help."
    content_hash = "0" * 64

    @factory.post_generation
    def steps(self, create, extracted, **kwargs):
        count = 3 if extracted is None else extracted
        for position in range(1, count + 1):
            StepFactory(module=self, position=position, is_sensitive=self.is_sensitive)

    @factory.post_generation
    def objectives(self, create, extracted, **kwargs):
        for position, slug in enumerate(extracted or ["notice", "tell"], start=1):
            Objective.objects.create(
                module=self, slug=slug, position=position, text_fr=f"Je peux {slug}.", text_en=f"I can {slug}."
            )


class StepFactory(DjangoModelFactory):
    class Meta:
        model = Step

    module = factory.SubFactory(ModuleFactory, steps=0)
    slug = factory.Sequence("step-{}".format)
    position = 1
    kind = "text"
    title_fr = factory.LazyAttribute(lambda step: f"Étape {step.position}")
    title_en = factory.LazyAttribute(lambda step: f"Title of step {step.position}")
    body_fr = factory.LazyAttribute(lambda step: f"Corps {step.position}")
    body_en = factory.LazyAttribute(lambda step: f"Body {step.position}")
    picture = factory.LazyFunction(lambda: dict(PICTURE))
    picture_alt_fr = "Une jetée."
    picture_alt_en = "A pier."
    neutral_title_fr = factory.LazyAttribute(lambda step: "Autre chose" if step.is_sensitive else "")
    neutral_title_en = factory.LazyAttribute(lambda step: "Something else" if step.is_sensitive else "")
    neutral_body_fr = factory.LazyAttribute(lambda step: "Une énigme." if step.is_sensitive else "")
    neutral_body_en = factory.LazyAttribute(lambda step: "A riddle." if step.is_sensitive else "")
    is_sensitive = False


def make_scenario(step: Step) -> Step:
    """Two scenes: a choice that leads to an end, and one that begins again."""
    Step.objects.filter(pk=step.pk).update(kind="scenario")
    first = Scene.objects.create(step=step, slug="start", position=1, text_fr="Début", text_en="A message comes")
    end = Scene.objects.create(
        step=step, slug="end", position=2, text_fr="Fin", text_en="An adult listens", is_ending=True
    )
    Reply.objects.create(
        scene=first, slug="tell", position=1, text_fr="J’en parle", text_en="I tell somebody",
        feedback_fr="Bonne idée.", feedback_en="A good idea.", next_scene=end,
    )  # fmt: skip
    Reply.objects.create(
        scene=first, slug="wait", position=2, text_fr="J’attends", text_en="I wait",
        feedback_fr="On peut reprendre.", feedback_en="One can begin again.", next_scene=first,
    )  # fmt: skip
    return step


def make_assigned(classroom: Classroom, **module_fields) -> Module:
    """A module on a class's list, of the class's own band unless said otherwise."""
    module = ModuleFactory(**{"band": classroom.band.value, **module_fields})
    assign_module(classroom=classroom, module=module)
    return module


def make_assigned_with_glossary(classroom: Classroom, *terms: GlossaryTerm, **module_fields) -> Module:
    module = make_assigned(classroom, **module_fields)
    module.glossary_terms.set(terms)
    return module


def make_done(seat: Seat, module: Module, *, days_ago: int = 0) -> Reading:
    """All steps finished, and handed in."""
    return Reading.objects.create(
        school_id=seat.school_id,
        school_year=seat.school_year,
        seat=seat,
        module=module,
        furthest_step=module.steps.count(),
        done_on=timezone.localdate() - datetime.timedelta(days=days_ago),
    )
