"""For authors: every text of a module in both languages side by side, and which answers are right.

What is saved is a draft beside the files. Pupils go on reading what is published, until the draft is exported to the
files, reviewed there as a difference, and loaded.
"""

import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import Band, Language
from lessons import schemas
from lessons.linting import CurriculumError, read
from lessons.linting.writing import drafted_files
from lessons.models import Draft, Module
from lessons.operations import drop_drafts, previewed_steps, save_draft
from quizzes.forms import DraftForm
from quizzes.linting import faults_with

FILES = ("module.yaml", "quiz.yaml", "plan.yaml", "paper.yaml")
AGES = (Band.SIX, Band.NINE, Band.TWELVE, Band.FIFTEEN)


def _draft_of(module: Module) -> dict[str, dict]:
    draft = Draft.objects.filter(module=module).first()
    return draft.changes if draft else {}


def _changed(changes: dict[str, dict]) -> int:
    return sum(map(len, changes.values()))


@admin.register(Module)
class ModuleAdmin(admin.ModelAdmin):
    list_display = ["title", "band", "position", "is_sensitive", "review_state", "has_unexported_draft"]
    list_filter = ["band", "has_unexported_draft", "review_state"]
    search_fields = ["title_fr", "title_en", "slug"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_queryset(self, request) -> QuerySet[Module]:
        return super().get_queryset(request).order_by("band", "position")

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        return redirect("admin:module_texts", object_id, FILES[0])

    def get_urls(self) -> list:
        views = {
            "<uuid:key>/texts/<str:file>/": ("module_texts", require_http_methods(["GET", "HEAD", "POST"])),
            "<uuid:key>/preview/<int:number>/": ("module_preview", require_safe),
            "<uuid:key>/export/": ("module_export", require_POST),
            "<uuid:key>/drop/": ("module_drop", require_POST),
        }
        own = [
            path(where, self.admin_site.admin_view(only(getattr(self, name))), name=name)
            for where, (name, only) in views.items()
        ]
        return own + super().get_urls()

    def _module(self, request: HttpRequest, key) -> Module:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Module, pk=key)

    def module_texts(self, request: HttpRequest, key, file: str) -> HttpResponse:
        """One file of a module. Saving says at once what the linter thinks of it."""
        module = self._module(request, key)
        folder = settings.CURRICULUM_DIR / "modules" / module.slug
        names = [name for name in FILES if (folder / name).is_file()]
        if file not in names:
            raise Http404
        changes = _draft_of(module)
        form = DraftForm(request.POST or None, text=(folder / file).read_text("utf-8"), changes=changes.get(file, {}))
        if request.method == "POST" and form.is_valid():
            draft = save_draft(module=module, file=file, changes=form.changes())
            self._say_faults(request, module, draft)
            return redirect("admin:module_texts", module.pk, file)
        context = {
            **self.admin_site.each_context(request),
            "title": module.title,
            "module": module,
            "file": file,
            "files": names,
            "bands": [band.value for band in AGES if band.first_age >= Band(module.band).first_age]
            or [Band.FIFTEEN.value],
            "form": form,
            "opts": self.opts,
            "has_draft": bool(changes),
            "changed_count": _changed(changes),
        }
        return render(request, "admin/module_texts.html", context)

    def _say_faults(self, request: HttpRequest, module: Module, draft: Draft | None) -> None:
        if draft is None:
            messages.success(request, _("Nothing differs from the files: there is no draft."))
            return
        try:
            files = drafted_files(settings.CURRICULUM_DIR, module.slug, draft.changes)
        except KeyError:
            messages.warning(request, _("The files have changed meanwhile: look at what is marked, and save again."))
            return
        faults = faults_with(settings.CURRICULUM_DIR, files, {module.slug})
        for fault in faults[:20]:
            messages.warning(request, fault)
        if not faults:
            messages.success(request, _("The draft is saved, and the linter finds nothing. Pupils do not see it yet."))

    def module_export(self, request: HttpRequest, key) -> HttpResponse:
        module = self._module(request, key)
        try:
            call_command("export_curriculum", module.slug, path=settings.CURRICULUM_DIR, verbosity=0)
        except CommandError as error:
            for line in str(error).splitlines():
                messages.error(request, line)
        except OSError:
            messages.error(request, _("The files cannot be written here: export where they can (manage.py)."))
        else:
            messages.success(request, _("Exported. It is published once it was reviewed and loaded: load_curriculum."))
        return redirect("admin:module_texts", module.pk, FILES[0])

    def module_drop(self, request: HttpRequest, key) -> HttpResponse:
        """Only what was seen is given up: the ticked box says how many texts that were."""
        module = self._module(request, key)
        if request.POST.get("lost") == str(_changed(_draft_of(module))):
            drop_drafts(modules=[module])
            messages.success(request, _("The draft is given up: the files are as they were."))
        else:
            messages.error(request, _("Nothing is given up: look at what would be lost, then tick the box."))
        return redirect("admin:module_texts", module.pk, FILES[0])

    def module_preview(self, request: HttpRequest, key, number: int) -> HttpResponse:
        """A step of the draft as a pupil of an age sees it, in either language. Nothing is written or counted."""
        module = self._module(request, key)
        language = request.GET.get("language", Language.FR)
        band = next((one for one in Band if one.value == request.GET.get("band")), Band(module.band))
        with translation.override(language if language in Language.values else Language.FR):
            try:
                steps = self._steps(module, band)
            except (CurriculumError, KeyError) as error:
                messages.error(request, str(error))
                return redirect("admin:module_texts", module.pk, FILES[0])
            if not 1 <= number <= len(steps):
                raise Http404
            return render(request, "lessons/step_detail.html", self._preview(module, band, steps, number, language))

    def _steps(self, module: Module, band: Band) -> list[tuple]:
        """As loading would make them of the files with the draft, for the youngest of the band."""
        root = settings.CURRICULUM_DIR
        files = drafted_files(root, module.slug, {FILES[0]: _draft_of(module).get(FILES[0], {})})
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / FILES[0]
            copy.write_text(next(iter(files.values())), "utf-8")
            content = read(copy, schemas.Module, root=Path(folder))
        first_age = band.first_age
        return [
            one for one in previewed_steps(module, content) if one[0].from_age is None or one[0].from_age <= first_age
        ]

    def _preview(self, module: Module, band: Band, steps: list, number: int, language: str) -> dict:
        step, scenes = steps[number - 1]
        query = f"?language={language}&band={band.value}"

        def address(other: int) -> str:
            return reverse("admin:module_preview", args=[module.pk, other]) + query if 1 <= other <= len(steps) else ""

        return {
            "module": module,
            "step": step,
            "scenes": scenes,
            "number": number,
            "total": len(steps),
            "terms": module.glossary_terms.for_age(band.first_age),
            "is_preview": True,
            "band": band.value,
            "preview_before": address(number - 1),
            "preview_after": address(number + 1),
            "preview_end": reverse("admin:module_texts", args=[module.pk, FILES[0]]),
        }
