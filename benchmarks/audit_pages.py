"""Every page, as every role, in a real browser: accessibility, weight, strangers, errors, speed on a slow phone.

`make audit-pages` serves the real curriculum with the production server and prints a table. A missed goal is a
non-zero exit. `--quick` leaves the slow profile out.
"""

import argparse
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.places import FIGURES, keep
from benchmarks.server import ROOT

with socket.create_server(("127.0.0.1", 0)) as _free:
    PORT = _free.getsockname()[1]
ORIGIN = f"http://localhost:{PORT}"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLD_BYTES, WARM_BYTES, SCRIPT_BYTES = 60_000, 8_000, 12_000  # of a page, a pupil's step, a pupil's page, as sent
PAINT_MS, LONG_TASK_MS = 1500, 100
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 7.5e5 / 8}
# Named by no visitor: they answer a POST, a machine or another program, or lead on at once.
NOT_PAGES = {
    "service_worker", "module_kept", "late", "report_csv", "figures_csv", "staff_home", "invitation_accept",
    "quiz_save", "sit_down_wait", "quiz_explained",
}  # fmt: skip
SEE_PAINT = """() => new Promise((done) => {
  const seen = { paint: 0, task: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { seen.paint = one.startTime; }))
    .observe({ type: "largest-contentful-paint", buffered: true });
  const longer = (one) => { seen.task = Math.max(seen.task, one.duration); };
  new PerformanceObserver((list) => list.getEntries().forEach(longer))
    .observe({ type: "longtask", buffered: true });
  setTimeout(() => done(seen), 600);
})"""


@dataclass
class Row:
    role: str
    path: str
    status: int = 0
    violations: list[str] = field(default_factory=list)
    cold: int = 0
    warm: int = 0
    scripts: int = 0
    requests: int = 0
    strangers: int = 0
    errors: list[str] = field(default_factory=list)
    paint: int = 0
    task: int = 0

    @property
    def is_step(self) -> bool:
        parts = self.path.strip("/").split("/")
        return self.role.startswith("pupil") and len(parts) == 4 and parts[3].isdigit()

    def misses(self) -> list[str]:
        """Which goals this page misses."""
        goals = {
            "axe": bool(self.violations),
            "off-origin": bool(self.strangers),
            "console": bool(self.errors),
            "status": self.status >= 500,
            "cold": self.cold > COLD_BYTES,
            "warm": self.is_step and self.warm > WARM_BYTES,
            "scripts": self.role.startswith("pupil") and self.scripts > SCRIPT_BYTES,
            "paint": self.is_step and self.paint > PAINT_MS,
            "long task": self.is_step and self.task > LONG_TASK_MS,
        }
        return [name for name, missed in goals.items() if missed]


def serve(var: str) -> subprocess.Popen:
    command = [
        sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(PORT), "--workers", "1", "--blocking-threads", "1", "--log-level", "warning",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"BALISE_VAR": var})
    for _try in range(400):
        try:
            urllib.request.urlopen(f"{ORIGIN}/healthz", timeout=1)
            return server
        except OSError:
            time.sleep(0.2)
    server.terminate()
    raise SystemExit("the server does not answer")


def prepare(var: str) -> dict[str, object]:
    """An installation of its own with the real curriculum, a class of each band, and who teaches and administers."""
    random = {"SECRET_KEY": secrets.token_urlsafe(48), "BALISE_PEPPERS": f"1:{secrets.token_hex(32)}"}
    random |= {"BALISE_LEDGER_KEY": secrets.token_hex(32), "BALISE_OUTBOX_KEY": secrets.token_hex(32)}
    os.environ.update(random, BALISE_VAR=var, DJANGO_SETTINGS_MODULE="config.settings", DEBUG="")
    for name in ("DATABASE_URL", "PUBLIC_URL"):
        os.environ.pop(name, None)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.core.management import call_command

    from config.static import collect_changed

    call_command("migrate", verbosity=0)
    call_command("load_curriculum", verbosity=0)
    Path(os.environ["BALISE_VAR"], "static").mkdir(exist_ok=True)
    collect_changed()
    return _people()


def _people() -> dict[str, object]:
    from django.utils import timezone

    from accounts.enums import Band
    from accounts.queries import card_of
    from lessons.models import Module
    from lessons.operations import assign_module
    from tests.factories.accounts import PASSWORD, ClassroomFactory, make_administrator, make_teacher

    teacher = make_teacher(email="teacher@example.org", ready_to_teach_on=timezone.localdate())
    administrator = make_administrator(teacher.memberships.get().school, email="administrator@example.org")
    made: dict[str, object] = {"staff": [teacher.email, administrator.email], "password": PASSWORD, "classes": {}}
    for age, band in ((6, Band.SIX), (9, Band.NINE), (12, Band.TWELVE), (15, Band.FIFTEEN)):
        classroom = ClassroomFactory(teacher=teacher, age_of_youngest=age, is_open=True, form="A", seat_count=30)
        module = Module.objects.filter(band=band, is_sensitive=False).order_by("position")[0]
        assign_module(classroom=classroom, module=module)
        sensitive = Module.objects.filter(band=band, is_sensitive=True).order_by("position").first()
        if sensitive is not None:
            assign_module(classroom=classroom, module=sensitive)
        seats = classroom.seats.in_order()
        _finish(seats[1], module)
        made["classes"][band.value] = {
            "id": str(classroom.pk),
            "slug": module.slug,
            "sensitive": sensitive.slug if sensitive else "",
            "fresh": card_of(seats[0]).token,
            "done": card_of(seats[1]).token,
        }
    return made


def _finish(seat, module) -> None:
    """A seat that may open every page of its module: all steps read, done three weeks ago."""
    from tests.factories.lessons import make_done

    make_done(seat, module, days_ago=21)


def pages(classes: dict) -> list[tuple[str, str]]:
    """(role, path without language) of every address that a browser may open."""
    from django.urls import get_resolver

    one = classes["12-14"]
    values = {
        "slug": one["slug"], "number": "1", "moment": "practice", "classroom_id": one["id"], "kind": "worksheet",
    }  # fmt: skip
    found = []
    for app in ("accounts", "lessons", "quizzes", "progress", "privacy"):
        for name, route in _routes(get_resolver(f"{app}.urls").url_patterns):
            asked = re.findall(r"<(?:\w+:)?(\w+)>", route)
            if name not in NOT_PAGES and set(asked) <= set(values):
                path = re.sub(r"<(?:\w+:)?(\w+)>", lambda place: values[place[1]], route)
                found.extend((role, path) for role in _roles(path))
    steps = [
        (f"pupil {band}", f"me/{where['slug']}/{number}/") for band, where in classes.items() for number in (1, 2, 3)
    ]
    moments = [(f"pupil {band}", f"me/{where['slug']}/questions/practice/") for band, where in classes.items()]
    ends = [(f"pupil {band}", f"me/{where['slug']}/end/") for band, where in classes.items()]
    sensitive = [("pupil 12-14", f"me/{one['sensitive']}/{where}") for where in ("", "1/", "questions/before/")]
    doors = [("visitor", f"staff/account/{path}/") for path in ("login", "password/reset")]
    accounts = [("teacher", f"staff/account/{path}/") for path in ("password/change", "2fa", "2fa/totp/activate")]
    missing = [("visitor", "no/such/page/"), ("teacher", "staff/no/such/page/")]
    return [*dict.fromkeys([*found, *steps, *moments, *ends]), *sensitive, *doors, *accounts, *missing]


def _routes(patterns, before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield pattern.name, route


def _roles(route: str) -> tuple[str, ...]:
    if route.startswith("staff/"):
        return ("teacher", "administrator")
    return ("pupil 12-14",) if route.startswith("me/") or route == "help/" else ("visitor",)


class Traffic:
    """What a page loads, as sent: bytes with their headers; scripts without, since headers are no script of ours."""

    def __init__(self, page) -> None:
        self.sizes: dict[str, int] = {}
        self.heads: dict[str, tuple[str, int]] = {}
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._head)
        self.session.on("Network.loadingFinished", self._size)
        self.cache(False)

    def cache(self, is_on: bool) -> None:
        self.session.send("Network.setCacheDisabled", {"cacheDisabled": not is_on})

    def _head(self, event: dict) -> None:
        self.heads[event["requestId"]] = event["type"], int(event["response"]["encodedDataLength"])

    def _size(self, event: dict) -> None:
        self.sizes[event["requestId"]] = int(event["encodedDataLength"])

    @property
    def total(self) -> int:
        return sum(self.sizes.values())

    @property
    def scripts(self) -> int:
        return sum(
            max(0, self.sizes.get(one, 0) - head) for one, (kind, head) in self.heads.items() if kind == "Script"
        )


class Auditor:
    def __init__(self, browser, people: dict, is_slow: bool) -> None:
        self.browser, self.people, self.is_slow = browser, people, is_slow
        self.contexts: dict[tuple[str, str], object] = {}
        self.last_counter = 0

    def context(self, role: str, language: str):
        if (role, language) in self.contexts:
            return self.contexts[role, language]
        context = self.browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
        page = context.new_page()
        if role in ("teacher", "administrator"):
            page.goto(f"{ORIGIN}/{language}/staff/account/login/")
            page.fill("[name=login]", self.people["staff"][role == "administrator"])
            page.fill("[name=password]", self.people["password"])
            page.click("main button[type=submit]")
            page.wait_for_load_state()
            if page.locator("[name=code]").count():
                page.fill("[name=code]", self._code())
                page.click("main button[type=submit]")
                page.wait_for_load_state()
        elif role.startswith("pupil"):
            where = self.people["classes"][role.split()[1]]
            page.goto(f"{ORIGIN}/{language}/card/#{where['done']}")
            page.wait_for_url("**/me/")
        page.close()
        self.contexts[role, language] = context
        return context

    def _code(self) -> str:
        """Of the administrator's app; each works once, so the next one is waited for."""
        from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

        from tests.factories.accounts import TOTP_SECRET

        while (counter := int(time.time()) // 30) == self.last_counter:
            time.sleep(1)
        self.last_counter = counter
        return format_hotp_value(hotp_value(TOTP_SECRET, counter))

    def audit(self, role: str, path: str, language: str) -> Row | None:
        """None for what is no page: an address that only takes a POST, or leads to another one."""
        row = Row(role, f"/{language}/{path}")
        context = self.context(role, language)
        if context.request.get(f"{ORIGIN}{row.path}", max_redirects=0).status in (302, 405):
            return None
        page = context.new_page()
        traffic = Traffic(page)
        page.on("request", lambda request: self._count(row, request.url))
        page.on("pageerror", lambda error: row.errors.append(str(error)))
        page.on(
            "console",
            lambda line: line.type == "error" and "status of 40" not in line.text and row.errors.append(line.text),
        )
        answer = page.goto(f"{ORIGIN}{row.path}")
        row.status = answer.status
        page.wait_for_load_state("networkidle")
        row.requests, row.cold, row.scripts = len(traffic.sizes), traffic.total, traffic.scripts
        row.violations = self._violations(page)
        traffic.cache(True)
        page.goto(f"{ORIGIN}{row.path}")
        page.wait_for_load_state("networkidle")
        traffic.sizes.clear()
        page.goto(f"{ORIGIN}{row.path}")
        page.wait_for_load_state("networkidle")
        row.warm = traffic.total
        page.close()
        if self.is_slow and language == "fr" and not row.path.startswith("/fr/staff/"):
            row.paint, row.task = self._best_time(row)
        return row

    def _count(self, row: Row, url: str) -> None:
        row.strangers += not url.startswith((ORIGIN, "data:", "blob:"))

    def _violations(self, page) -> list[str]:
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    def _best_time(self, row: Row) -> tuple[int, int]:
        """Of up to four tries: other work on this machine is no fault of the page."""
        tries = []
        for _try in range(4):
            tries.append(self._time(row))
            if tries[-1][0] <= PAINT_MS and tries[-1][1] <= LONG_TASK_MS:
                break
        return tuple(min(numbers) for numbers in zip(*tries, strict=True))

    def _time(self, row: Row) -> tuple[int, int]:
        """Largest contentful paint and longest task in ms: cold, with a processor four times slower, on slow 4G."""
        page = self.context(row.role, "fr").new_page()
        phone = page.context.new_cdp_session(page)
        phone.send("Network.enable")
        phone.send("Network.setCacheDisabled", {"cacheDisabled": True})
        phone.send("Network.emulateNetworkConditions", SLOW_4G)
        phone.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto(f"{ORIGIN}{row.path}")
        page.wait_for_load_state("networkidle")
        seen = page.evaluate(SEE_PAINT)
        page.close()
        return round(seen["paint"]), round(seen["task"])


def report(rows: list[Row]) -> str:
    sizes = ["cold kB", "warm kB", "scripts kB", "requests", "off-origin"]
    heads = ["role", "page", "axe", *sizes, "console", "paint ms", "task ms", "misses"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for row in sorted(rows, key=lambda row: (row.role, row.path)):
        cells = [
            row.role, re.sub(r"[0-9a-f-]{36}", "…", row.path), len(row.violations),
            f"{row.cold / 1000:.1f}", f"{row.warm / 1000:.1f}",
            f"{row.scripts / 1000:.1f}", row.requests, row.strangers, len(row.errors), row.paint or "", row.task or "",
            ", ".join(row.misses()),
        ]  # fmt: skip
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no slow profile")
    parser.add_argument("--only", default="", help="only pages whose address contains this")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as var:
        people = prepare(var)
        server = serve(var)
        try:
            rows = audit_all(people, options)
        finally:
            server.terminate()
            server.wait()
    keep("audit-pages", [asdict(row) | {"misses": row.misses()} for row in rows])
    (FIGURES / "audit-pages.md").write_text(report(rows) + "\n")
    say = sys.stdout.write
    say(report(rows) + "\n")
    missed = [row for row in rows if row.misses()]
    for row in missed:
        details = "".join(f"\n  {line}" for line in sorted({*row.violations, *row.errors}))
        say(f"\n{row.role} {row.path}: {', '.join(row.misses())}{details}\n")
    say(f"\n{len(rows)} pages, {len(missed)} miss a goal.\n")
    return 1 if missed else 0


def audit_all(people: dict, options: argparse.Namespace) -> list[Row]:
    from playwright.sync_api import sync_playwright

    from tests.conftest import CHROMIUM

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        auditor = Auditor(browser, people, not options.quick)
        wanted = [page for page in pages(people["classes"]) if options.only in page[1]]
        rows = [auditor.audit(role, path, language) for language in ("fr", "en") for role, path in wanted]
        browser.close()
    return [row for row in rows if row is not None]


if __name__ == "__main__":
    sys.exit(main())
