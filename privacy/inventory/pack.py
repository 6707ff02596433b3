"""The pack of a data protection officer: which documents, and what of a school goes into their brackets. Pure."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from privacy.inventory.terms import Text

DOCUMENTS: Mapping[str, tuple[Text, Text]] = {
    "register": (
        _("Register of processing"),
        _("What is kept, why, how long; facts for an impact assessment"),
    ),
    "dpia": (_("Impact assessment"), _("Risks and what meets each, to be completed and decided")),
    "processor-agreement": (_("Agreement with the processor"), _("A draft, with its sub-processors")),
    "notices": (_("Notices"), _("For pupils, parents and staff")),
    "requests": (_("Requests of pupils and parents"), _("Access, rectification, erasure: how the school answers")),
    "paper-list": (_("The paper list"), _("Its rules, and the slip for its destruction")),
    "certificate-of-deletion": (_("Certificate of deletion"), _("For the end of a contract")),
    "breach-notice": (_("Breach notice"), _("What is said to whom, and by when")),
}

RESPONSABLE = "Responsable du traitement : {controller}"
BRACKETS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "Responsable du traitement : [nom, adresse]": RESPONSABLE,
        "Responsable du traitement : [nom]": RESPONSABLE,
        "Responsable du traitement : celui que nomment les réglages de l’école.": RESPONSABLE,
        "[responsable du traitement]": "{controller}",
        "[établissement ou autorité]": "{controller}",
        "Responsable : [nom]": "Responsable : {controller}",
        "École : [nom]": "École : {school}",
        "Clé de l’école : [UUID]": "Clé de l’école : {key}",
        "Délégué à la protection des données : [contact]": "Délégué à la protection des données : {officer}",
        "Délégué à la protection des données : [nom et adresse]": "Délégué à la protection des données : {officer}",
    },
    "en": {
        "Data controller: [name, address]": "Data controller: {controller}",
        "Data controller: [name]": "Data controller: {controller}",
        "Data controller: the one named in the settings of the school.": "Data controller: {controller}",
        "[data controller]": "{controller}",
        "[school or authority]": "{controller}",
        "Controller: [name]": "Controller: {controller}",
        "School: [name]": "School: {school}",
        "Key of the school: [UUID]": "Key of the school: {key}",
        "Data protection officer: [contact]": "Data protection officer: {officer}",
        "Data protection officer: [name and address]": "Data protection officer: {officer}",
    },
}
"""What stands in the documents, and what stands there instead once the school has said it."""


def filled(text: str, language: str, values: Mapping[str, str]) -> str:
    """The brackets that the school's settings fill; what was not said keeps its bracket."""
    said = {name: value for name, value in values.items() if value}
    for bracket, sentence in BRACKETS[language].items():
        name = sentence.rpartition("{")[2].removesuffix("}")
        if name in said:
            text = _pattern(bracket).sub(lambda _found, new=sentence, value=said[name]: _put(new, value), text)
    return text


def _pattern(bracket: str) -> re.Pattern[str]:
    """Whichever space stands there: French has one of its own before a colon."""
    return re.compile(r"\s".join(map(re.escape, bracket.split(" "))))


def _put(sentence: str, value: str) -> str:
    before, _brace, name = sentence.partition("{")
    return before + plain(value) + name.partition("}")[2]


def plain(text: str) -> str:
    """A school's own words inside a document: no mark of it makes a heading, a table or emphasis."""
    return "".join(f"\\{one}" if one in "\\`*_{}[]<>#|~!" else one for one in " ".join(text.split()))
