"""Rules for a module, its plan and its paper. Each yields faults; what the shapes already refuse is not repeated."""

import re
from collections.abc import Iterable, Iterator

from lessons.linting.passages import LANGUAGES, Context, Passage, Place, passages
from lessons.linting.phrases import breaches, found, says
from lessons.linting.reading import Document, Fault
from lessons.linting.sentences import LONGEST_AVERAGE, longest_allowed, sentence_lengths
from lessons.schemas import FIRST_AGE, Glossary, Module, Paper, Plan, Rules, StepKind, Strict, Text

EVERY_FRAMEWORK = {"ukcis", "itgse", "evars"}
LEAST_SCENES, LEAST_ENDINGS = 8, 3
PICTURES_FIRST = "6-8"  # the band that does not read alone yet
ARTICLE = re.compile(r"\b(?:article (?=\d))?(?P<number>l\. ?\d+-\d+|\d{3}-\d+(?:-\d+)*|(?<=article )\d+)\b")
LESSON = range(40, 61)  # minutes that a plan's timeline may take
COLUMNS = {"alt": 300, "title of a module": 120, "title": 160, "objective": 240, "reply": 400}  # of lessons.models


def context_of(module: Module) -> Context:
    return Context("staff" if module.band == "staff" else "pupil", module.band, FIRST_AGE[module.band])


def of_module(document: Document[Module], rules: Rules, glossary: Glossary) -> Iterator[Fault]:
    module = document.value
    yield from _names(document, rules)
    yield from _lengths(document)
    yield from _glossary_above_its_band(document, glossary)
    yield from _articles(document)
    if module.band == "staff":
        return
    yield from _help(document, rules)
    yield from _scenarios(document, rules)
    yield from _teaching(document)
    if module.band == PICTURES_FIRST:
        yield from _signs(document)


def of_words(texts: Iterable[Passage], rules: Rules) -> Iterator[Fault]:
    """The word rules, and texts that are the same in both languages."""
    for passage in texts:
        for rule in rules.rules:
            if (words := next(breaches(rule, passage), None)) is not None:
                yield passage.fault(f"{rule.reason} (“{words}”)")


def of_languages(document: Document[Strict], rules: Rules, part: object = None, place=()) -> Iterator[Fault]:
    """A text that is the same in French and English was forgotten, unless it is listed."""
    part = document.value if part is None else part
    if isinstance(part, Text):
        if part.fr.strip().lower() == part.en.strip().lower() and part.fr not in rules.same_in_both:
            yield document.fault((*place, "en"), f"the same text in both languages: {part.fr[:80]}")
    elif isinstance(part, Strict):
        for name in type(part).model_fields:
            if (value := getattr(part, name)) is not None:
                yield from of_languages(document, rules, value, (*place, name))
    elif isinstance(part, list):
        for number, item in enumerate(part):
            yield from of_languages(document, rules, item, (*place, number))


def of_sentences(texts: Iterable[Passage], band: str) -> Iterator[Fault]:
    """None too long, and not too long on average. Only running text counts for the average."""
    lengths: dict[str, list[int]] = {language: [] for language in LANGUAGES}
    first: dict[str, Passage] = {}
    for passage in texts:
        counts = sentence_lengths(passage.words, passage.language)
        if counts and max(counts) > longest_allowed(band):
            yield passage.fault(f"a sentence of {max(counts)} words; {longest_allowed(band)} at most for {band}")
        if passage.is_running_text:
            lengths[passage.language] += counts
            first.setdefault(passage.language, passage)
    for language, counts in lengths.items():
        if counts and (average := sum(counts) / len(counts)) > LONGEST_AVERAGE[band]:
            reason = f"sentences of {average:.1f} words on average; {LONGEST_AVERAGE[band]} at most for {band}"
            yield Fault(first[language].document.path, 1, f"{reason} [{language}]")


def of_plan(document: Document[Plan], module: Module) -> Iterator[Fault]:
    for name in ("timeline", "few_tablets", "no_device"):
        total = sum(moment.minutes for moment in getattr(document.value, name))
        if total not in LESSON or (name == "timeline" and total < module.minutes):
            reason = f"{name} takes {total} minutes; a lesson takes {LESSON[0]} to {LESSON[-1]}"
            yield document.fault((name,), f"{reason}, and at least the module's {module.minutes}")


def of_paper(document: Document[Paper], rules: Rules) -> Iterator[Fault]:
    easy = document.value.easy_read
    for language in LANGUAGES:
        if not any(says(rules.help, language, passage.plain) for passage in _texts(document, easy, language)):
            yield document.fault(("easy_read",), f"the easy-to-read version names no help [{language}]")
    for number, line in enumerate(easy.lines):
        if line.thing == "none":
            yield document.fault(("easy_read", "lines", number), "an easy-to-read line without a pictogram")


def _texts(document: Document, part: object, language: str, place=()) -> list[Passage]:
    context = Context("pupil", "6-8", 6)
    return [passage for passage in passages(document, part, context, place) if passage.language == language]


def _names(document: Document[Module], rules: Rules) -> Iterator[Fault]:
    """Slugs stand in addresses, titles in tabs: neither may be stopped by a filter or read over a shoulder."""
    module = document.value
    slugs = [(("slug",), module.slug), *((("steps", i, "id"), step.id) for i, step in enumerate(module.steps))]
    for place, slug in slugs:
        for language in LANGUAGES:
            if match := next(found(rules.filtered, language, slug.replace("-", " ")), None):
                yield document.fault(place, f"a filter stops the slug {slug} (“{match.group()}”)")
                break
    for language in LANGUAGES:
        title = getattr(module.title, language)
        if match := next(found(rules.filtered, language, title.lower()), None):
            yield document.fault(("title", language), f"a filter stops the title {title} (“{match.group()}”)")


def _lengths(document: Document[Module]) -> Iterator[Fault]:
    """A text longer than its column fails when it is loaded, on PostgreSQL only."""
    for passage in passages(document, document.value, context_of(document.value)):
        longest = COLUMNS.get(_column(passage.place), 6000)
        if len(passage.words) > longest:
            yield passage.fault(f"a text of {len(passage.words)} characters; {longest} at most here")


def _column(place: Place) -> str:
    if place == ("title",):
        return "title of a module"
    if place[-1] == "text" and place[0] == "objectives":
        return "objective"
    if place[-1] == "text" and "replies" in place:
        return "reply"
    return str(place[-1])


def _glossary_above_its_band(document: Document[Module], glossary: Glossary) -> Iterator[Fault]:
    last = {"6-8": 8, "9-11": 11, "12-14": 14, "15-18": 18, "staff": 99}[document.value.band]
    ages = {entry.slug: entry.from_age or FIRST_AGE[entry.from_band] for entry in glossary.terms}
    for number, slug in enumerate(document.value.glossary):
        if ages.get(slug, 0) > last:
            yield document.fault(("glossary", number), f"the term {slug} is above the band: from {ages[slug]}")


def _articles(document: Document[Module]) -> Iterator[Fault]:
    """A text that cites the law has that law among its sources, with the day it was checked, or none yet."""
    module = document.value
    known = {article.replace(" ", "") for source in module.sources if source.is_official for article in source.articles}
    for passage in passages(document, module.steps, context_of(module), ("steps",)):
        for match in ARTICLE.finditer(passage.plain):
            cited = match.group("number").replace(" ", "").upper()
            if cited not in known:
                yield passage.fault(f"cites article {cited}, which no source of the module has")


def _help(document: Document[Module], rules: Rules) -> Iterator[Fault]:
    module = document.value
    for language in LANGUAGES:
        for name in ("next_words", "way_back"):
            text = getattr(module, name)
            if text is not None and not says(rules.help, language, getattr(text, language).lower()):
                yield document.fault((name,), f"{name} names no help [{language}]")
        last = _texts(document, module.steps[-1], language, ("steps", len(module.steps) - 1))
        if not any(says(rules.help, language, passage.plain) for passage in last if passage.is_running_text):
            yield document.fault(("steps", len(module.steps) - 1), f"the last step names no help [{language}]")
        everything = _texts(document, module, language)
        if not any(says(rules.not_believed, language, passage.plain) for passage in everything):
            yield document.fault(("steps",), f"nothing says: if you are not believed, tell somebody else [{language}]")


def _scenarios(document: Document[Module], rules: Rules) -> Iterator[Fault]:
    """The shape refuses what cannot be reached or left; here: several endings, and help in each."""
    steps = [(i, step) for i, step in enumerate(document.value.steps) if step.kind == StepKind.SCENARIO]
    if not steps:
        yield document.fault(("steps",), "the module has no scenario")
    for number, step in steps:
        scenes, place = step.scenario.scenes, ("steps", number, "scenario", "scenes")
        endings = [(i, scene) for i, scene in enumerate(scenes) if scene.is_ending]
        if len(scenes) < LEAST_SCENES:
            yield document.fault(place, f"a scenario of {len(scenes)} scenes; at least {LEAST_SCENES}")
        if len(endings) < LEAST_ENDINGS:
            yield document.fault(place, f"a scenario of {len(endings)} endings; at least {LEAST_ENDINGS}")
        for index, scene in endings:
            for language in LANGUAGES:
                if not says(rules.help, language, getattr(scene.text, language).lower()):
                    yield document.fault((*place, index), f"the ending {scene.id} leads to no help [{language}]")


def without_pictures(pictures: list[str | None]) -> str | None:
    """What is wrong with the pictures of a few answers for those who do not read yet; none when they do."""
    if any(picture in (None, "none") for picture in pictures):
        return "an answer without a picture, for those who do not read yet"
    if len(set(pictures)) < len(pictures):
        return "two answers with the same picture: who does not read cannot tell them apart"
    return None


def _signs(document: Document[Module]) -> Iterator[Fault]:
    for number, step in enumerate(document.value.steps):
        asked = [(("check",), step.check.replies)] if step.check else []
        scenes = step.scenario.scenes if step.scenario else []
        asked += [(("scenario", "scenes", index), scene.replies) for index, scene in enumerate(scenes)]
        for place, replies in asked:
            if reason := without_pictures([reply.sign for reply in replies]):
                yield document.fault(("steps", number, *place), reason)


def _teaching(document: Document[Module]) -> Iterator[Fault]:
    module = document.value
    named = {reference.framework for reference in module.frameworks}
    if missing := EVERY_FRAMEWORK - named:
        yield document.fault(("frameworks",), f"names nothing of {', '.join(sorted(missing))}")
    for number, topic in enumerate(module.topics):
        if not any(topic in step.topics for step in module.steps):
            yield document.fault(("topics", number), f"no step teaches the topic {topic}")
        if not any(topic in objective.topics for objective in module.objectives):
            yield document.fault(("topics", number), f"no objective measures the topic {topic}")
