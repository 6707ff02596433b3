"""Rules for the files that all modules share: glossary, help services."""

from collections.abc import Iterator

from lessons.linting.reading import Document, Fault
from lessons.schemas import TERRITORIES, Glossary, HelplineEntry, Helplines

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
    """Every territory has an emergency number, a suicide line and somebody whom pupils may call."""
    lines = document.value.helplines
    for territory in TERRITORIES:
        own = [line for line in lines if line.territory == territory]
        open_to_pupils = [line for line in own if line.for_pupils and not line.staff_page_only]
        if not any(not line.is_emergency and not line.is_suicide_line for line in open_to_pupils):
            yield document.fault(("helplines",), f"{territory}: no help service for pupils")
        if not any(line.is_emergency and _may_be_called(line) for line in open_to_pupils):
            yield document.fault(("helplines",), f"{territory}: no emergency number")
        if not any(line.is_suicide_line and (_may_be_called(line) or territory == "ANY") for line in open_to_pupils):
            yield document.fault(("helplines",), f"{territory}: no suicide line")


def _may_be_called(line: HelplineEntry) -> bool:
    return any(contact.kind == "phone" for contact in line.contacts)
