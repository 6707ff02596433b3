from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import Language
from privacy.inventory import ALL, Declaration, Kind, Subject
from privacy.inventory.words import ENDS, NEVER

FOLDER = "docs/privacy"


class Command(BaseCommand):
    help = "Writes the register of processing (Art. 30) and the facts for an impact assessment, from the inventory."

    def handle(self, **options) -> None:
        for language in Language.values:
            path = path_of(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(register(language))
            self.stdout.write(str(path.relative_to(settings.BASE_DIR)))


def path_of(language: str) -> Path:
    return settings.BASE_DIR / FOLDER / f"register.{language}.md"


def register(language: str) -> str:
    """The whole document. The same inventory gives the same bytes."""
    with translation.override(language):
        parts = [
            "# " + _("Register of processing, and facts for an impact assessment"),
            _("Made from the inventory by `manage.py write_register`; a test fails when it is out of date."),
            *_frame(),
            *[part for subject in Subject for part in _chapter(subject)],
            *_facts(),
        ]
        return "\n\n".join(parts) + "\n"


def _heading(text: str) -> str:
    return f"## {text}"


def _list(*lines: object) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _frame() -> list[str]:
    """What Art. 30(1) asks for and the inventory does not say by itself."""
    return [
        _heading(_("Who answers")),
        _list(
            _("Data controller: the one named in the settings of the school."),
            _("Data protection officer: [name and address]"),
            _("Processor: [who runs the machine]; sub-processors: [host], [sender of e-mail to staff]"),
            _("Transfers outside the European Union: none, unless the host or the sender of e-mail makes one"),
        ),
        _heading(_("Security")),
        _list(
            _("Pupils: cards with derived secrets, none of them stored; a throttle by seat and device"),
            _("Staff: slow password hashes, second factor, roles read at each request, a trail of what adults did"),
            _("Encrypted transport; no third party is loaded by any page; logs without addresses"),
            _("Backups with a ledger of erasures, applied before a restored database is served"),
        ),
    ]


def _chapter(subject: Subject) -> list[str]:
    declarations = [one for one in ALL if one.subject == subject]
    header = [_("What"), _("Where"), _("What for"), _("Ground"), _("How long"), _("Who sees it"), _("What erases it")]
    rows = [header, ["---"] * len(header), *map(_row, declarations)]
    return [f"## {subject.label}", "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)]


def _row(one: Declaration) -> list[object]:
    where = f"{one.kind.label}: `{one.place}`" + (f" ({', '.join(one.names)})" if any(one.names) else "")
    shown = [one.what, where, one.purpose.label, one.ground.label, one.retention.label, one.readers.label]
    return [str(cell).replace("|", "\\|") for cell in [*shown, one.eraser.label]]


def _facts() -> list[str]:
    names = [name for one in ALL for name in one.names if one.kind == Kind.FIELD]
    pupils = [name for one in ALL for name in one.names if one.kind == Kind.FIELD and one.subject == Subject.PUPIL]
    return [
        _heading(_("Facts for an impact assessment")),
        _list(
            _("Fields of the database: %(count)s") % {"count": len(names)},
            _("Fields about a pupil: %(count)s") % {"count": len(pupils)},
            NEVER["parents"],
            ENDS["parents"],
            _("Profiling, automated decisions, advertising: none"),
            _("Persons concerned: children from 6 to 18, and staff of schools; the subject is sensitive"),
            _("Risks and what meets each: see `dpia` beside this file"),
        ),
    ]
