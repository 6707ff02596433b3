from modeltranslation.translator import TranslationOptions, register

from quizzes.models import Choice, Question


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("prompt", "picture_alt")


@register(Choice)
class ChoiceTranslation(TranslationOptions):
    fields = ("text", "partner", "speaker", "why")
