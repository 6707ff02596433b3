"""Rules for the files that all modules share: glossary, help services."""

from collections.abc import Iterator

from lessons.linting.reading import Document, Fault
from lessons.schemas import TERRITORIES, Glossary, Helplines

LEAST_TERMS = 40


def of_glossary(document: Document[Glossary]) -> Iterator[Fault]:
    terms = document.value.terms
    if len(terms) < LEAST_TERMS:
        yield document.fault(("terms",), f"a glossary of {len(terms)} terms; at least {LEAST_TERMS}")
    seen: set[str] = set()
    for number, entry in enumerate(terms):
        if entry.slug in seen:
            yield document.fault(("terms", number), f"the term {entry.slug} is there twice")
        seen.add(entry.slug)
        if entry.avoid and entry.why is None:
            yield document.fault(("terms", number), f"{entry.slug}: avoided terms without a reason why")


def of_helplines(document: Document[Helplines]) -> Iterator[Fault]:
    """Every territory has an emergency number and somebody whom pupils may call."""
    lines = document.value.helplines
    for territory in TERRITORIES:
        own = [line for line in lines if line.territory == territory]
        if not any(line.for_pupils and not line.staff_page_only for line in own):
            yield document.fault(("helplines",), f"{territory}: no help service for pupils")
        if territory != "ANY" and not any(line.is_emergency for line in own):
            yield document.fault(("helplines",), f"{territory}: no emergency number")
