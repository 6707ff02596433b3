"""The one shape in which figures are printed, shown and downloaded."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString


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
        return format_html_join(
            "\n", '<tr><th scope="row">{}</th>{}</tr>', ((row[0], _cells(row[1:])) for row in self.rows)
        )


def _cells(cells: Iterable[str]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((cell,) for cell in cells))
