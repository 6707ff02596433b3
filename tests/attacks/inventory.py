"""The forms behind the routes: found by looking at every page as every role, with what their fields hold."""

from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from config.routes import routes
from tests.attacks.walking import places
from tests.world import World

LOOKING = ("visitor", "pupil", "administrator", "authority", "teacher")


@dataclass
class Form:
    """A form as a browser would send it: its address, method and fields, each with the values that it offers."""

    role: str
    view: str
    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self, role: str, view: str, path: str, text: str) -> None:
        super().__init__()
        self.role, self.view, self.path = role, view, path
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            action, method = urljoin(self.path, values.get("action", "")), values.get("method", "get").upper()
            self._form = Form(self.role, self.view, action, method)
            self.found.append(self._form)
        elif self._form is None:
            return
        elif tag in ("input", "button", "textarea") and values.get("name"):
            self._form.fields.setdefault(values["name"], []).append(values.get("value", ""))
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and self._select:
            self._form.fields.setdefault(self._select, []).append(values.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def forms(world: World, addresses: dict[str, str]) -> list[Form]:
    """Every form that a role sees; one that stands on several pages is one."""
    found: dict[tuple, Form] = {}
    for role in LOOKING:
        for view, path in addresses.items():
            answer = world.clients[role].get(path)
            if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
                for form in _Forms(role, view, path, answer.content.decode()).found:
                    form.fields.pop("csrfmiddlewaretoken", None)
                    found[role, form.action, form.method, *sorted(form.fields)] = form
    return list(found.values())


def inventory(world: World) -> dict:
    """Routes and forms, for a program."""
    return {"routes": [asdict(one) for one in routes()], "forms": [asdict(one) for one in forms(world, places(world))]}
