"""Where a page leads to when it is done, as the address before it said."""

from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme


def onward_of(sent: QueryDict) -> str:
    """The address in `next`, if it is a page of ours; else nothing (CWE-601)."""
    address = sent.get("next", "")
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_ours else ""
