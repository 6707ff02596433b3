"""A school's identity provider that speaks SAML, and those who forge its answers. Prints who got in, as JSON.

In a process of its own, with the extra of `requirements-saml.txt`; see `test_saml.py`.
"""

import base64
import datetime
import json
import os
import re
import secrets
import socket
import sys
import time
import zlib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

sys.path.insert(0, ".")
HOST, IDENTITY, SSO = "balise.example", "https://identity.example", "https://identity.example/sso"
NOW = datetime.datetime.now(datetime.UTC)


def key_pair() -> tuple[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "identity.example")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW + datetime.timedelta(days=1))
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    plain = serialization.NoEncryption()
    formats = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(*formats, plain).decode(), certificate


OURS, OTHER = key_pair(), key_pair()
file = Path(os.environ["BALISE_VAR"]) / "identity.pem"
file.write_text(OURS[1])
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "config.settings", "PUBLIC_URL": f"http://{HOST}", "SAML_SSO_URL": SSO,
    "SAML_ENTITY_ID": IDENTITY, "SAML_CERTIFICATE": str(file),
}  # fmt: skip

import django  # noqa: E402

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from onelogin.saml2.utils import OneLogin_Saml2_Utils  # noqa: E402

from accounts.models import Membership, School, User  # noqa: E402

ACS = "/en/staff/account/saml/school/acs/"
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{id}" Version="2.0"
IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject>
<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{uid}</saml:NameID>
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<saml:SubjectConfirmationData NotOnOrAfter="{later}" Recipient="{acs}" InResponseTo="{asked}"/>
</saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="{before}" NotOnOrAfter="{later}"><saml:AudienceRestriction>
<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
<saml:AuthnStatement AuthnInstant="{now}" SessionIndex="_s"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>
<saml:Attribute Name="uid"><saml:AttributeValue>{uid}</saml:AttributeValue></saml:Attribute>
<saml:Attribute Name="email"><saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute>
</saml:AttributeStatement>
</saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r{id}" Version="2.0" IssueInstant="{now}" Destination="{acs}"
InResponseTo="{asked}"><saml:Issuer>{issuer}</saml:Issuer><samlp:Status>
<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


def ask(client: Client) -> str:
    """Goes to the provider; gives the number of the question."""
    answer = client.post("/en/staff/account/saml/school/login/", headers={"host": HOST})
    assert answer.status_code == 302, answer.content[:300]
    assert answer.url.startswith(SSO)
    request = zlib.decompress(base64.b64decode(parse_qs(urlsplit(answer.url).query)["SAMLRequest"][0]), -15).decode()
    return request.split('ID="')[1].split('"')[0]


def answer_to(
    asked: str, *, key=OURS, email="camille@example.org", change=lambda text: text, wrap=None, before="", **facts
) -> str:
    """`change` alters the signed assertion; `wrap` puts it and a forged one together; `before` stands before it all."""

    def moment(minutes: int) -> str:
        return (NOW + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")

    values = {
        "id": secrets.token_hex(8), "uid": "1", "email": email, "now": moment(0), "before": moment(-5),
        "later": moment(5), "issuer": IDENTITY, "audience": f"http://{HOST}/saml", "acs": f"http://{HOST}{ACS}",
        "asked": asked,
    } | facts  # fmt: skip
    assertion = ASSERTION.format(**values)
    if key:
        assertion = OneLogin_Saml2_Utils.add_sign(assertion, *key).decode()
        assertion = assertion.removeprefix("<?xml version='1.0' encoding='utf-8'?>").strip()
    if wrap:
        forged = {"id": "f" + secrets.token_hex(8), "uid": "1", "email": "camille@example.org"}
        assertion = wrap(assertion, ASSERTION.format(**values | forged))
    return base64.b64encode((before + RESPONSE.format(assertion=change(assertion), **values)).encode()).decode()


def gets_in(client: Client, response: str) -> bool:
    client.post(ACS, {"SAMLResponse": response, "RelayState": ""}, headers={"host": HOST})
    client.get(f"{ACS}finish/", headers={"host": HOST})
    return "_auth_user_id" in client.session


def tried(**answer) -> bool:
    client = Client()
    return gets_in(client, answer_to(ask(client), **answer))


def part(text: str, name: str) -> str:
    return re.search(rf"<{name}[ >].*</{name}>", text, re.DOTALL)[0]


def inside(signed: str, forged: str, place: str) -> str:
    """The signed assertion within the forged one, which bears its signature; in an object of that, or at the end."""
    signature = part(signed, "ds:Signature")
    plain = signed.replace(signature, "")
    held = signature.replace("</ds:Signature>", f"<ds:Object>{plain}</ds:Object></ds:Signature>")
    if place == "end":
        return forged.replace("</saml:Assertion>", f"{signed}</saml:Assertion>")
    return forged.replace("</saml:Issuer>", f"</saml:Issuer>{held}", 1)


def one_name(signed: str, forged: str) -> str:
    name = re.compile(r' ID="(_\w+)"')
    return name.sub(f' ID="{name.search(signed)[1]}"', forged, count=1)


WRAPPED = {
    "before": lambda signed, forged: forged + signed,
    "after": lambda signed, forged: signed + forged,
    "around, at the end": lambda signed, forged: inside(signed, forged, "end"),
    "around, in the signature": lambda signed, forged: inside(signed, forged, "signature"),
    "before, of the same name": lambda signed, forged: one_name(signed, forged) + signed,
    "after, of the same name": lambda signed, forged: signed + one_name(signed, forged),
    "around the whole": lambda signed, forged: forged + f"<samlp:Extensions>{signed}</samlp:Extensions>",
}
"""Signature wrapping (CVE-2012-5664 and its like): the answer for a stranger beside a forged one for Camille."""
listening = socket.create_server(("127.0.0.1", 0))
listening.settimeout(0.1)
OUTER = f"http://127.0.0.1:{listening.getsockname()[1]}/"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
ENTITIES = {
    "an outer entity": f'<!DOCTYPE r [<!ENTITY e SYSTEM "{OUTER}">]>',
    "a file as an entity": f'<!DOCTYPE r [<!ENTITY e SYSTEM "file://{file}">]>',
    "an outer grammar": f'<!DOCTYPE r SYSTEM "{OUTER}">',
    "a parameter entity": f'<!DOCTYPE r [<!ENTITY % e SYSTEM "{OUTER}"> %e;]>',
    "a billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY e "&l8;">]>',
}


def asked_outside() -> bool:
    try:
        listening.accept()
    except TimeoutError:
        return False
    return True


call_command("migrate", verbosity=0, interactive=False)
call_command("collectstatic", verbosity=0, interactive=False)
teacher = User.objects.create_user("camille@example.org", None, name="Camille")
EmailAddress.objects.create(user=teacher, email=teacher.email, verified=True, primary=True)
Membership.objects.create(user=teacher, school=School.objects.create(name="A", territory="FR"), role="TEACHER")
first, thief = Client(), Client()
good = answer_to(ask(first))
seen = {"invited teacher": gets_in(first, good)}
seen |= {
    "an answer used again, elsewhere": gets_in(thief, good),
    "a stranger": tried(uid="2", email="stranger@example.org"),
    "another key": tried(key=OTHER),
    "no signature": tried(key=None),
    "changed after it was signed": tried(
        email="camille@example.orgx", change=lambda text: text.replace("example.orgx", "example.org")
    ),
    "a comment in the address": tried(uid="3", email="camille@example.org<!-- -->.evil.example"),
    "for somebody else": tried(audience="http://another.example/saml"),
    "over": tried(later="2020-01-01T00:00:00Z"),
    "nobody asked": gets_in(Client(), answer_to("_nobody")),
    "of another provider": tried(issuer="https://another.example"),
}
stranger = {"uid": "2", "email": "stranger@example.org"}
seen |= {f"wrapped {how}": tried(wrap=wrap, **stranger) for how, wrap in WRAPPED.items()}
began = time.process_time()
for what, before in ENTITIES.items():
    seen[what] = tried(before=before)
    seen[f"{what}, used"] = tried(before=before, change=lambda text: text.replace(">camille@", ">&e;camille@"))
for what, text in {
    "no base64": "\x00%",
    "no XML": "eA==",
    "half of it": good[:900],
    "nothing": "",
    "bytes": "/////w==",
}.items():
    seen[what] = gets_in(Client(), text)
seen |= {"entities ask another machine": asked_outside(), "entities take seconds": time.process_time() - began > 2}
assert User.objects.count() == 1
metadata = Client().get("/en/staff/account/saml/school/metadata/", headers={"host": HOST})
assert b"AssertionConsumerService" in metadata.content
print(json.dumps(seen))
