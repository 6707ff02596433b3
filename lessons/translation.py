from modeltranslation.translator import TranslationOptions, register

from lessons.models import GlossaryTerm, Helpline, Module, Objective, Reply, Scene, Step, Topic


@register(Topic)
class TopicTranslation(TranslationOptions):
    fields = ("title",)


@register(GlossaryTerm)
class GlossaryTermTranslation(TranslationOptions):
    fields = ("term", "definition", "avoid", "why")


@register(Helpline)
class HelplineTranslation(TranslationOptions):
    fields = ("name", "purpose", "hours")


@register(Module)
class ModuleTranslation(TranslationOptions):
    fields = ("title", "summary", "way_back", "next_words", "plan", "paper")
    required_languages = ("fr", "en")


@register(Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ("text",)


@register(Step)
class StepTranslation(TranslationOptions):
    fields = ("title", "body", "picture_alt", "neutral_title", "neutral_body")


@register(Scene)
class SceneTranslation(TranslationOptions):
    fields = ("title", "text", "picture_alt")


@register(Reply)
class ReplyTranslation(TranslationOptions):
    fields = ("text", "feedback")
