"""The drill of `test_backups.py`, in a process of its own on a database of its own. Prints what it saw as JSON."""

import json
import secrets
import sys
from pathlib import Path

import django

sys.path.insert(0, ".")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.management import CommandError, call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import School  # noqa: E402
from privacy.operations import erase_school  # noqa: E402

VAR = settings.VAR_DIR
KEY = VAR / "backup_key"


def names() -> list[str]:
    return sorted(School.objects.values_list("name", flat=True))


def refusal(file: Path, key: Path) -> str:
    try:
        call_command("restore", str(file), key=str(key))
    except CommandError as error:
        return str(error)
    return "it was restored"


call_command("migrate", verbosity=0, interactive=False)
KEY.write_text(f"1:{secrets.token_hex(32)}")
School.objects.create(name="Kept", territory="FR")
gone = School.objects.create(name="Erased", territory="FR")
Session.objects.create(session_key="k", session_data="", expire_date=timezone.now() + timezone.timedelta(hours=1))
call_command("backup", to=str(VAR / "backups"), key=str(KEY), stdout=sys.stderr)
erase_school(school=gone)
School.objects.create(name="Made afterwards", territory="FR")
seen = {"before": names(), "refusals": {}, "unchanged": []}
backup = next((VAR / "backups").glob("*.balise"))
seen["mode"] = oct(backup.stat().st_mode & 0o777)
cut = VAR / "cut.balise"
cut.write_bytes(backup.read_bytes()[:-100])
checked = VAR / "checked.balise"
checked.write_bytes(cut.read_bytes())
Path(f"{checked}.sha256").write_text(Path(f"{backup}.sha256").read_text())
other = VAR / "other_key"
other.write_text(f"1:{secrets.token_hex(32)}")
for what, changes in {
    "wrong key": (backup, other),
    "cut": (checked, KEY),
    "cut, without its checksum": (cut, KEY),
}.items():
    seen["refusals"][what] = refusal(*changes)
    seen["unchanged"].append(names())
ledger, aside = settings.BALISE_LEDGER, VAR / "aside"
ledger.rename(aside)
seen["refusals"]["no ledger"] = refusal(backup, KEY)
seen["unchanged"].append(names())
aside.rename(ledger)
call_command("restore", str(backup), key=str(KEY), stdout=sys.stderr)
seen["after"], seen["sessions"] = names(), Session.objects.count()
print(json.dumps(seen))
