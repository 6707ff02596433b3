"""Drafts of authors. What pupils read stays as it is until the files are exported and loaded."""

from django.db import transaction
from django.utils import timezone

from lessons.models import Draft, Module


@transaction.atomic
def save_draft(*, module: Module, file: str, changes: dict[str, list[str]]) -> Draft | None:
    """Keeps what differs from one file; the module's other files keep theirs. None when nothing differs any more."""
    draft = Draft.objects.select_for_update(no_key=True).filter(module=module).first() or Draft(module=module)
    draft.changes = {name: one for name, one in {**draft.changes, file: changes}.items() if one}
    draft.changed_on = timezone.localdate()
    if not draft.changes:
        drop_drafts(modules=[module])
        return None
    draft.save()
    Module.objects.filter(pk=module.pk).update(has_unexported_draft=True)
    return draft


@transaction.atomic
def drop_drafts(*, modules: list[Module]) -> None:
    """Exported, or given up."""
    keys = [module.pk for module in modules]
    Draft.objects.filter(module__in=keys).delete()
    Module.objects.filter(pk__in=keys).update(has_unexported_draft=False)
