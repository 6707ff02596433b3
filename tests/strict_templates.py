"""Of the suite only: a variable that one of our templates names and nobody gave raises.

Django asks `string_if_invalid` for what to print. This object looks which node asked. `default` and `default_if_none`
say that a variable may be missing; templates of other packages are left as they are.
"""

import sys
from types import FrameType

from django.conf import settings
from django.template.base import FilterExpression, Node

FORGIVING = {"default", "default_if_none", "firstof"}


class UndefinedVariable(str):
    __slots__ = ()

    def __new__(cls) -> "UndefinedVariable":
        return super().__new__(cls, "%s")

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, variable: object) -> str:
        expression, origin, engine, context = _who_asks(sys._getframe(1))
        filters = {function.__name__ for function, _arguments in expression.filters} if expression else set()
        if not (filters & FORGIVING) and _is_ours(origin):
            raise AssertionError(f"{origin}: nobody gave the template “{variable}”")
        if expression is None or not expression.filters:
            return ""
        engine.string_if_invalid = ""  # as in production: the filters are applied to nothing
        try:
            return expression.resolve(context)
        finally:
            engine.string_if_invalid = self


def _who_asks(frame: FrameType | None):
    """The expression that is resolved, if it is one, and the file of the nearest node above it."""
    expression = engine = context = None
    while frame is not None:
        asker = frame.f_locals.get("self")
        if expression is None and isinstance(asker, FilterExpression):
            expression, context = asker, frame.f_locals["context"]
            engine = context.template.engine
        if isinstance(asker, Node) and getattr(asker, "origin", None):
            return expression, str(asker.origin), engine, context
        frame = frame.f_back
    return expression, "", engine, context


def _is_ours(origin: str) -> bool:
    ours = str(settings.BASE_DIR / "templates")
    return origin.startswith(ours) and not origin.startswith(f"{ours}/allauth")
