"""The routes and forms as an OpenAPI 3.1 document: for programs that attack. Made of the URLconf; served to nobody."""

import re

from django.conf import settings
from django.urls import resolve
from django.utils import translation

from config.routes import Route, routes
from tests.attacks.inventory import Form, forms
from tests.attacks.walking import places
from tests.test_access import TABLE
from tests.world import World

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
KINDS = {"UUIDConverter": {"format": "uuid"}, "IntConverter": {"pattern": r"^\d{1,9}$"}}
KNOWN = ("200", "204", "301", "302", "304", "400", "401", "403", "404", "405", "409", "410", "413", "422", "429")
"""The answers of this place to people; any other is a finding."""
TYPES = ("text/html", "text/plain", "text/csv", "application/json", "image/svg+xml", "text/javascript", "application/*")
ANSWER = {"$ref": "#/components/responses/answer"}
ENCODINGS = ("application/x-www-form-urlencoded", "multipart/form-data")


def _text(offered: list[str], **more: object) -> dict:
    """What the place offers, or anything else of some length."""
    free = {"type": "string", "maxLength": 200, **more}
    known = sorted(set(offered))[:30]
    return {"anyOf": [{"type": "string", "enum": known}, free]} if known else free


def _arguments(route: Route, world: World) -> list[dict]:
    """Where the place has a thing of this name: that one, in valid requests. Others are what malformed ones ask for."""
    found = []
    for name in ARGUMENT.findall(route.path):
        schema: dict = {"type": "string", "minLength": 1} | KINDS.get(route.arguments.get(name, ""), {})
        if name == "language":
            schema = {"type": "string", "enum": ["en", "fr"]}
        elif route.name in TABLE:
            schema = {"type": "string", "enum": [str(world.name(name, route.name))]}
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    return found


def _answer() -> dict:
    exact = {name: {"type": "string", "const": value} for name, value in settings.SAFE_HEADERS.items()}
    exact["Content-Security-Policy"] = {"type": "string", "pattern": "default-src 'none'"}
    return {
        "description": "A page, or where to go",
        "headers": {name: {"required": True, "schema": schema} for name, schema in exact.items()},
        "content": {kind: {} for kind in TYPES},
    }


def _body(fields: dict[str, list[str]]) -> dict:
    schema = {"type": "object", "properties": {name: _text(offered) for name, offered in fields.items()}}
    return {"content": {kind: {"schema": schema} for kind in ENCODINGS}}


def _fields(found: list[Form], method: str) -> dict[str, list[str]]:
    together: dict[str, list[str]] = {}
    for form in found:
        if form.method == method:
            for name, offered in form.fields.items():
                together.setdefault(name, []).extend(offered)
    return together


def _operation(route: Route, method: str, arguments: list[dict], fields: dict[str, list[str]]) -> dict:
    made = {
        "operationId": f"{method} {route.name} {route.path}",
        "responses": dict.fromkeys(KNOWN, ANSWER),
        "parameters": arguments,
    }
    if method == "post":
        return made | {"requestBody": _body(fields)}
    asked = {"next": ["/en/"], "q": [], "territory": ["FR"], "classroom": []} | fields
    return made | {"parameters": arguments + [{"name": n, "in": "query", "schema": _text(o)} for n, o in asked.items()]}


def _view(action: str) -> str:
    with translation.override(action.split("/")[1]):
        return resolve(action.partition("?")[0]).view_name


def document(world: World) -> dict:
    """Every route, read and written to, with the fields of the forms that lead there."""
    leading: dict[str, list[Form]] = {}
    for form in forms(world, places(world)):
        leading.setdefault(_view(form.action), []).append(form)
    paths: dict[str, dict] = {}
    for route in routes():
        arguments, found = _arguments(route, world), leading.get(route.name, [])
        operations = {way: _operation(route, way, arguments, _fields(found, way.upper())) for way in ("get", "post")}
        paths.setdefault(ARGUMENT.sub(r"{\1}", route.path), operations)
    about = {"openapi": "3.1.0", "info": {"title": "Balise", "version": "1"}}
    return about | {"paths": paths, "components": {"responses": {"answer": _answer()}}}
