"""Where a page leads to when it is done, as the address before it said."""

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.operations import Undo, seal_undo


def onward_of(sent: QueryDict) -> str:
    """The address in `next`, if it is a page of ours; else nothing (CWE-601)."""
    address = sent.get("next", "")
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else ""


def confirm(request: HttpRequest, text: str, undo: Undo) -> None:
    """Says what was done, with the button that takes it back; the message's extra tag is what the button sends."""
    messages.success(request, text, extra_tags=seal_undo(undo, request.user))
