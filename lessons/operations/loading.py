"""The curriculum's files as rows. Rows keep their keys, so that every seat's progress stays."""

from django.db import transaction

from lessons import schemas
from lessons.enums import ReviewState
from lessons.models import GlossaryTerm, Helpline, Module, Objective, Reply, Scene, Step, Topic


def _in_both(field: str, text: schemas.Text | None) -> dict[str, str]:
    """A text as the two columns of a translated field."""
    return {f"{field}_fr": text.fr if text else "", f"{field}_en": text.en if text else ""}


def _picture(picture: schemas.Picture | None) -> dict[str, object]:
    if picture is None:
        return {"picture": {}, **_in_both("picture_alt", None)}
    return {
        "picture": {"place": picture.place, "who": picture.who, "thing": picture.thing},
        **_in_both("picture_alt", picture.alt),
    }


def in_language(value: object, language: str) -> object:
    """A parsed part of a file as plain values of one language: each text becomes its words."""
    if isinstance(value, schemas.Text):
        return getattr(value, language)
    if isinstance(value, schemas.Strict):
        return {name: in_language(getattr(value, name), language) for name in type(value).model_fields}
    if isinstance(value, list):
        return [in_language(part, language) for part in value]
    return value


@transaction.atomic
def load_shared(
    *,
    topics: schemas.Topics,
    glossary: schemas.Glossary,
    helplines: schemas.Helplines,
) -> None:
    """Topics, words and help services; what the files no longer name goes."""
    for position, topic in enumerate(topics.topics, start=1):
        Topic.objects.update_or_create(
            slug=topic.slug,
            defaults={"position": position, "bands": topic.bands, **_in_both("title", topic.title)},
        )
    _load_terms(glossary.terms)
    _load_helplines(helplines.helplines)


def _load_terms(terms: list[schemas.GlossaryEntry]) -> None:
    for term in terms:
        GlossaryTerm.objects.update_or_create(
            slug=term.slug,
            defaults={
                "from_age": term.from_age or schemas.FIRST_AGE[term.from_band],
                **_in_both("term", term.term),
                **_in_both("definition", term.definition),
                **_in_both("why", term.why),
                "avoid_fr": [avoided.fr for avoided in term.avoid],
                "avoid_en": [avoided.en for avoided in term.avoid],
            },
        )
    GlossaryTerm.objects.exclude(slug__in=[term.slug for term in terms]).delete()


def _load_helplines(lines: list[schemas.HelplineEntry]) -> None:
    for line in lines:
        Helpline.objects.update_or_create(
            slug=line.slug,
            defaults={
                "territory": line.territory,
                "position": line.position,
                **_in_both("name", line.name),
                **_in_both("purpose", line.purpose),
                **_in_both("hours", line.hours),
                "contacts": [contact.model_dump() for contact in line.contacts],
                "is_for_pupils": line.for_pupils,
                "is_for_adults": line.for_adults,
                "is_staff_page_only": line.staff_page_only,
                "is_emergency": line.is_emergency,
                "languages": line.languages,
                "source": str(line.source),
                "verified_on": line.verified_on,
            },
        )
    Helpline.objects.exclude(slug__in=[line.slug for line in lines]).delete()


@transaction.atomic
def load_module(
    *,
    content: schemas.Module,
    plan: schemas.Plan | None,
    paper: schemas.Paper | None,
    frameworks: schemas.Frameworks,
    content_hash: str,
    is_reviewed: bool,
) -> Module:
    """One module from its files. Rows keep their keys, so that every seat's progress stays."""
    module, _created = Module.objects.update_or_create(
        slug=content.slug,
        defaults={
            "band": content.band,
            "position": content.position,
            "is_sensitive": content.is_sensitive,
            "opens_sensitive": content.opens_sensitive,
            "minutes": content.minutes,
            **_in_both("title", content.title),
            **_in_both("summary", content.summary),
            **_in_both("way_back", content.way_back),
            **_in_both("next_words", content.next_words),
            "frameworks": _references(content.frameworks, frameworks),
            "sources": [source.model_dump(mode="json") for source in content.sources],
            "plan_fr": in_language(plan, "fr") or {},
            "plan_en": in_language(plan, "en") or {},
            "paper_fr": in_language(paper, "fr") or {},
            "paper_en": in_language(paper, "en") or {},
            "content_hash": content_hash,
            "review_state": ReviewState.REVIEWED if is_reviewed else ReviewState.UNREVIEWED,
            "is_published": True,
        },
    )
    module.topics.set(Topic.objects.filter(slug__in=content.topics))
    module.glossary_terms.set(GlossaryTerm.objects.filter(slug__in=content.glossary))
    _load_objectives(module, content.objectives)
    _load_steps(module, content.steps)
    return module


def _references(references: list[schemas.FrameworkReference], frameworks: schemas.Frameworks) -> list[dict]:
    titles = {(entry.framework, entry.code): entry.title for entry in frameworks.frameworks}
    return [
        {
            "framework": reference.framework,
            "code": reference.code,
            **_in_both("title", titles.get((reference.framework, reference.code))),
        }
        for reference in references
    ]


def _load_objectives(module: Module, objectives: list[schemas.Objective]) -> None:
    for position, objective in enumerate(objectives, start=1):
        Objective.objects.update_or_create(
            module=module, slug=objective.id, defaults={"position": position, **_in_both("text", objective.text)}
        )
    gone = module.objectives.exclude(slug__in=[objective.id for objective in objectives])
    gone.filter(questions__isnull=True, results__isnull=True).delete()


def step_values(module: Module, content: schemas.Step, position: int) -> dict[str, object]:
    sensitive = module.is_sensitive if content.is_sensitive is None else content.is_sensitive
    neutral = content.neutral
    return {
        "position": position,
        "kind": content.kind.value,
        "from_age": content.from_age,
        "is_sensitive": sensitive,
        "topics": content.topics,
        **_in_both("title", content.title),
        **_in_both("body", content.body),
        **_picture(content.picture),
        **_in_both("neutral_title", neutral.title if neutral else None),
        **_in_both("neutral_body", neutral.body if neutral else None),
    }


def _scenes_in(content: schemas.Step) -> list[schemas.Scene]:
    """A scenario's scenes; a check is a scenario of one."""
    if content.scenario:
        return content.scenario.scenes
    if not content.check:
        return []
    replies = content.check.replies
    return [
        schemas.Scene.model_construct(id="check", title=None, text=None, picture=None, replies=replies, is_ending=False)
    ]


def unsaved_scenes(step: Step, content: schemas.Step) -> tuple[list[Scene], list[Reply]]:
    """A step's scenes and their replies as rows, none of them written."""
    scenes = _scenes_in(content)
    made = {
        scene.id: Scene(step=step, slug=scene.id, **_scene_values(scene, position))
        for position, scene in enumerate(scenes, start=1)
    }
    replies = [
        Reply(scene=made[scene.id], slug=reply.id, next_scene=made.get(reply.to), **_reply_values(reply, position))
        for scene in scenes
        for position, reply in enumerate(scene.replies, start=1)
    ]
    return list(made.values()), replies


def _scene_values(scene: schemas.Scene, position: int) -> dict[str, object]:
    return {
        "position": position,
        "is_ending": scene.is_ending,
        **_in_both("title", scene.title),
        **_in_both("text", scene.text),
        **_picture(scene.picture),
    }


def _reply_values(reply: schemas.Reply, position: int) -> dict[str, object]:
    return {
        "position": position,
        "sign": reply.sign or "",
        **_in_both("text", reply.text),
        **_in_both("feedback", reply.feedback),
    }


def _load_steps(module: Module, steps: list[schemas.Step]) -> None:
    module.steps.exclude(slug__in=[step.id for step in steps]).delete()
    for position, content in enumerate(steps, start=1):
        step, _created = Step.objects.update_or_create(
            module=module, slug=content.id, defaults=step_values(module, content, position)
        )
        step.scenes.all().delete()
        scenes, replies = unsaved_scenes(step, content)  # they hold nothing of anybody, and are made anew
        Scene.objects.bulk_create(scenes)
        Reply.objects.bulk_create(replies)
