"""The one shape in which figures are printed, shown and downloaded."""

import html
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Table:
    """Headings and rows of words; the first column names the row."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def lines(self) -> Iterable[tuple[str, ...]]:
        """Headings first: what a file holds."""
        yield self.headings
        yield from self.rows

    @property
    def body(self) -> SafeString:
        """The rows as HTML, joined here: a table of many cells is no matter for a template."""
        return mark_safe("\n".join(map(_row, self.rows)))  # noqa: S308


def _row(row: tuple[str, ...]) -> str:
    name, *cells = (html.escape(cell) for cell in row)
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
