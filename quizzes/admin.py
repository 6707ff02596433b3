"""For authors: prompts in both languages. Choices and keys change in the files only: that makes a new revision."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from lessons.admin import DraftAdmin
from lessons.models import Module
from quizzes.models import Question


@admin.register(Question)
class QuestionAdmin(DraftAdmin):
    list_display = ["prompt", "quiz", "position", "kind", "revision"]
    list_filter = ["quiz__module", "quiz__kind", "kind"]
    list_select_related = ["quiz__module"]
    search_fields = ["prompt_fr", "prompt_en", "slug"]
    fields = ["prompt", "picture_alt", "answers"]
    readonly_fields = ["answers"]

    def get_queryset(self, request) -> QuerySet[Question]:
        return super().get_queryset(request).current()

    @admin.display(description=_("Answers (they change in the files only)"))
    def answers(self, question: Question) -> str:
        rows = ((choice.text_fr, choice.text_en, "✓" if choice.is_right else "") for choice in question.choices.all())
        return format_html_join("", "<p>{}<br>{} {}</p>", rows)

    def module_of(self, obj: Question) -> Module:
        return obj.quiz.module
