"""Log lines that name no person and nothing a person reads or wrote."""

import logging
import re
import traceback

VALUE = re.compile(r" ?[\"'(]?%[a-z][\"')]?")


def _kind_of(record: logging.LogRecord) -> str:
    """What Django says before the first colon, without what it fills in: a path, an address, a line of a request.

    Its answers are “%s: %s”: a phrase of HTTP, which is a kind, and a path.
    """
    said = str(record.msg).split(":")[0]
    if said == "%s" and record.args:
        return str(record.args[0]).split(":")[0]
    return VALUE.sub("", said).strip() or "Request"


class PlainFormatter(logging.Formatter):
    """Level, logger and message; of a fault its kind and where in the code it came from.

    The path of a request may hold a token or say what somebody reads, and the text of an exception may hold a value
    (a database names the row): both are left out, unless `with_details`, which is for developers.
    """

    def __init__(self, *, with_details: bool = False) -> None:
        super().__init__("{levelname} {name} {message}", style="{")
        self.with_details = with_details

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another formatter made of the fault
        line = super().format(record)
        record.exc_text = None
        return line

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        if not self.with_details and record.name.startswith(("django.request", "django.security", "django.server")):
            record.message = _kind_of(record)
        return super().formatMessage(record)

    def formatException(self, ei) -> str:  # noqa: N802
        if self.with_details:
            return super().formatException(ei)
        kind, _fault, trace = ei
        frames = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return "\n".join([*frames, f"  {kind.__module__}.{kind.__qualname__}"])
