"""What an operator copies from `deploy/` names things that exist, and logs nothing of a pupil."""

import re
import shutil
import subprocess

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from progress.disclosure import period

DEPLOY = settings.BASE_DIR / "deploy"


def test_every_command_of_the_files_exists():
    text = "\n".join(file.read_text() for file in DEPLOY.iterdir() if file.is_file())
    assert set(re.findall(r"manage\.py (\w+)", text)) <= set(get_commands())
    assert set(re.findall(r"deploy/job (\w+)", text)) == {"retain", "release", "backup"}


@pytest.mark.parametrize(
    ("today", "name"),
    [("2026-01-01", "2025-T1"), ("2026-04-02", "2025-T2"), ("2026-09-01", "2025-T3"), ("2026-12-31", "2025-T3")],
)
def test_the_release_job_names_the_term_that_ended_last(tmp_path, today, name):
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/job").write_text((DEPLOY / "job").read_text())
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@"\n')
    date = tmp_path / "date"
    date.write_text(f'#!/bin/sh\nexec /bin/date -d {today} "$@"\n')
    for file in (python, date):
        file.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", tmp_path / "deploy/job", "release"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"manage.py make_release --period {name}\n"
    assert period(name).ends_on.isoformat() < today


def test_every_unit_is_one_that_systemd_takes(tmp_path):
    """Where systemd is: the files as they would stand, with programs that are there."""
    if (analyze := shutil.which("systemd-analyze")) is None:
        return
    for unit in DEPLOY.glob("*.*"):
        if unit.suffix in (".service", ".timer"):
            text = re.sub(r"^(ExecStart=)\S+", r"\1/bin/true", unit.read_text(), flags=re.MULTILINE)
            text = re.sub(r"^(User|EnvironmentFile|WorkingDirectory)=.*\n", "", text, flags=re.MULTILINE)
            (tmp_path / unit.name).write_text(text)
    names = [unit.name.replace("@.", "@retain.") for unit in tmp_path.iterdir()]
    done = subprocess.run(
        [analyze, "verify", "--man=no", *(tmp_path / name for name in names)],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "balise" in line] == []
    assert len(names) >= 6


def test_units_that_run_our_code_may_write_only_where_they_must():
    for unit in DEPLOY.glob("*.service"):
        facts = dict(re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE))
        assert (facts["ProtectSystem"], facts["NoNewPrivileges"], facts["UMask"]) == ("strict", "yes", "0077"), unit
        assert facts["User"] == "balise", unit


def test_what_stands_in_front_keeps_no_access_log():
    caddy = (DEPLOY / "Caddyfile").read_text()
    assert re.findall(r"^\s*log\b.*$", caddy, re.MULTILINE) == ["\tlog default {"]
    assert "-X-Forwarded-For" in caddy
    postgres = dict(re.findall(r"^(\w+) = (\S+)", (DEPLOY / "postgresql-logging.conf").read_text(), re.MULTILINE))
    assert postgres["log_statement"] == "'none'"
    assert postgres["log_min_error_statement"] == "panic"
    assert "%h" not in postgres["log_line_prefix"]


CLUSTER = DEPLOY / "cluster"


def test_the_cluster_answers_nothing_that_one_machine_alone_holds():
    settings_of_all = yaml.safe_load((CLUSTER / "patroni.yml").read_text())["bootstrap"]["dcs"]
    parameters = settings_of_all["postgresql"]["parameters"]
    assert settings_of_all["synchronous_mode"] is True
    assert settings_of_all["synchronous_mode_strict"] is True
    assert parameters["synchronous_commit"] == "on"
    assert parameters["statement_timeout"] == 0  # a cancelled wait for the standby leaves the commit on one machine
    assert parameters["log_min_error_statement"] == "panic"
    assert re.search(r"^query_timeout = 0$", (CLUSTER / "pgbouncer.ini").read_text(), re.MULTILINE)


def test_a_leader_of_the_cluster_renews_its_key_only_while_it_has_it():
    """Patroni 3.0.2 does so in etcd's second language only: see node.env."""
    node = (CLUSTER / "node.env").read_text()
    assert re.search(r"^PATRONI_ETCD_HOSTS=", node, re.MULTILINE)
    assert re.search(r"^ETCD_ENABLE_V2=true$", node, re.MULTILINE)
    assert "ETCD3" not in node


def test_the_parts_of_the_cluster_find_each_other():
    pgbouncer, haproxy = ((CLUSTER / name).read_text() for name in ("pgbouncer.ini", "haproxy.cfg"))
    assert re.search(r"host=127\.0\.0\.1 port=(\d+)", pgbouncer)[1] == re.search(r"bind 127\.0\.0\.1:(\d+)", haproxy)[1]
    assert "OPTIONS /primary" in haproxy
    assert haproxy.count("check port 8008") == 3
