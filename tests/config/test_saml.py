"""SAML is an extra: refused with a sentence where it is not installed; where it is, `saml_drill.py` signs people in."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from tests.config.test_settings import GOOD, manage

SAML = {
    "PUBLIC_URL": "https://balise.example",
    "SAML_SSO_URL": "https://identity.example/sso",
    "SAML_ENTITY_ID": "https://identity.example",
}
DRILL = Path(__file__).with_name("saml_drill.py")


def settings_of(tmp_path, *names, **environment):
    program = f"from django.conf import settings; print([getattr(settings, one) for one in {names!r}])"
    return manage("shell", "-v", "0", "-c", program, tmp_path=tmp_path, **GOOD | environment)


def test_without_the_extra_the_start_is_refused_and_says_what_to_install(tmp_path):
    status, said = manage("check", tmp_path=tmp_path, **GOOD | SAML)
    assert status != 0
    assert "pip install -r requirements-saml.txt" in said or "SAML_CERTIFICATE" in said, "or what is missing next"


def test_a_browser_may_follow_the_form_to_the_schools_own_provider_and_to_no_other(tmp_path):
    oidc = {"OIDC_SERVER_URL": "https://id.example/realm/a", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    status, said = settings_of(tmp_path, "IDENTITY_PROVIDERS", "CONTENT_SECURITY_POLICY", **oidc)
    assert status == 0, said
    assert """'form-action': ["'self'", 'https://id.example']""" in said
    status, said = settings_of(tmp_path, "IDENTITY_PROVIDERS")
    assert said.strip() == "[[]]"


if find_spec("onelogin") is not None:

    def test_people_sign_in_and_forged_answers_open_nothing(tmp_path):
        """CVE-2017-11427 and its like: a comment, another key, no signature, a change, an answer used twice;
        CVE-2012-5664: signature wrapping; CWE-611 and CWE-776: entities."""
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
        done = subprocess.run(
            [sys.executable, DRILL],
            cwd=settings.BASE_DIR, env=keep | GOOD | {"BALISE_VAR": str(tmp_path)}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        said = json.loads(done.stdout.splitlines()[-1])
        assert said.pop("invited teacher") is True
        assert {what for what, is_in in said.items() if is_in} == set()
        assert len(said) >= 28
