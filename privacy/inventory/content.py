"""Lessons: files are their truth, and they concern no person. A translated column counts with its field. Pure."""

from django.utils.translation import gettext_lazy as _

from privacy.inventory.terms import Eraser, Ground, Purpose, Readers, Retention, Subject, declare

CONTENT = {
    "subject": Subject.CONTENT,
    "purpose": Purpose.TEACH,
    "ground": Ground.NONE,
    "retention": Retention.CONTENT,
    "readers": Readers.ANYBODY,
    "eraser": Eraser.LOADING,
}
TABLES = {
    "lessons.Topic": "slug position title bands",
    "lessons.GlossaryTerm": "slug from_age term definition avoid why",
    "lessons.Helpline": "slug territory position name purpose contacts is_for_pupils is_for_adults is_staff_page_only"
    " is_emergency languages hours source verified_on",
    "lessons.Module": "id slug band position topics glossary_terms is_sensitive opens_sensitive minutes title summary"
    " way_back next_words frameworks sources plan paper content_hash review_state is_published has_unexported_draft",
    "lessons.Module_topics": "id module topic",
    "lessons.Module_glossary_terms": "id module glossaryterm",
    "lessons.Objective": "id module slug position text",
    "lessons.Step": "id module slug position kind from_age is_sensitive topics title body picture picture_alt"
    " neutral_title neutral_body",
    "lessons.Scene": "id step slug position title text picture picture_alt is_ending",
    "lessons.Reply": "id scene slug position text sign feedback next_scene",
    "lessons.Draft": "module changes changed_on",
    "quizzes.Quiz": "id module kind",
    "quizzes.Question": "id quiz slug revision is_current pair position kind objective prompt picture picture_alt"
    " content_hash",
    "quizzes.Choice": "id question slug position text partner thing partner_thing speaker is_right why",
}
LESSONS = _("Words, pictures and questions of the lessons")

DECLARATIONS = [
    declaration for place, names in TABLES.items() for declaration in declare(place, {names: LESSONS}, **CONTENT)
]
