"""For authors: texts in both languages side by side. What is saved is a draft, which no pupil sees.

Files are the truth: a draft reaches pupils when it was exported, reviewed as a difference, and loaded again.
"""

from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from lessons.enums import ReviewState
from lessons.models import Module, Objective, Reply, Scene, Step


def mark_draft(module: Module) -> None:
    """Takes a changed module off the shelf: nobody is taught an unseen word."""
    Module.objects.filter(pk=module.pk).update(
        has_unexported_draft=True, is_published=False, review_state=ReviewState.UNREVIEWED
    )


class TextsOnly:
    """Texts may be changed; what there is, its order and its keys are the files'."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class DraftAdmin(TextsOnly, TranslationAdmin):
    change_form_template = "admin/draft_change_form.html"

    def module_of(self, obj: Model) -> Module:
        raise NotImplementedError

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            mark_draft(self.module_of(form.instance))


class ObjectiveInline(TextsOnly, TranslationStackedInline):
    model = Objective
    extra = 0
    fields = ["text"]


class ReplyInline(TextsOnly, TranslationStackedInline):
    model = Reply
    fk_name = "scene"
    extra = 0
    fields = ["text", "feedback"]


@admin.register(Module)
class ModuleAdmin(DraftAdmin):
    list_display = ["title", "band", "position", "is_sensitive", "review_state", "has_unexported_draft"]
    list_filter = ["band", "has_unexported_draft", "review_state"]
    search_fields = ["title_fr", "title_en", "slug"]
    fields = ["title", "summary", "way_back", "next_words"]
    inlines = [ObjectiveInline]

    def module_of(self, obj: Module) -> Module:
        return obj


@admin.register(Step)
class StepAdmin(DraftAdmin):
    list_display = ["title", "module", "position", "kind", "from_age"]
    list_filter = ["module__band", "kind", "module"]
    list_select_related = ["module"]
    search_fields = ["title_fr", "title_en", "slug"]
    fields = ["preview", "title", "body", "picture_alt", "neutral_title", "neutral_body"]
    readonly_fields = ["preview"]

    @admin.display(description=_("As a pupil sees it"))
    def preview(self, step: Step) -> str:
        place = list(step.module.steps.order_by("position").values_list("pk", flat=True)).index(step.pk) + 1
        address = reverse("lessons:step_preview", args=[step.module.slug, place])
        return format_html('<a href="{}">{}</a>', address, _("Preview; it is not counted"))

    def module_of(self, obj: Step) -> Module:
        return obj.module


@admin.register(Scene)
class SceneAdmin(DraftAdmin):
    list_display = ["slug", "step", "position", "is_ending"]
    list_filter = ["step__module"]
    list_select_related = ["step"]
    search_fields = ["text_fr", "text_en", "slug"]
    fields = ["title", "text", "picture_alt"]
    inlines = [ReplyInline]

    def module_of(self, obj: Scene) -> Module:
        return obj.step.module
