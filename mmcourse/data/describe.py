"""What a data set is, in words and figures: a datasheet, and a table for terminal and notebook."""

import html
import textwrap
from dataclasses import dataclass, fields, replace

_LINE = 88  # characters of an answer in a terminal


@dataclass(frozen=True)
class Table:
    """A small table that a terminal prints as text and a notebook shows as HTML."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [self.header, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]
        text = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
        ]
        rule = "  ".join("-" * width for width in widths)
        return "\n".join(line.rstrip() for line in (self.title, "", text[0], rule, *text[1:], *self.notes))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def row(cells, tag):
            return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        body = "".join(row(cells, "td") for cells in self.rows)
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        caption = f"<caption>{html.escape(self.title)}</caption>"
        return f"<table>{caption}<thead>{row(self.header, 'th')}</thead><tbody>{body}</tbody></table>{notes}"


@dataclass(frozen=True)
class Datasheet:
    """Where data come from and what may be done with them, after Gebru et al., "Datasheets for Datasets".

    layout  how the files must lie, where that is the learner's own affair
    load    the call that loads them
    """

    name: str
    images: str
    speech: str
    origin: str
    licence: str
    size: str
    how_made: str
    splits: str
    caution: str
    layout: str = ""
    load: str = ""

    def table(self) -> Table:
        rows = [
            (field.name.replace("_", " "), value)
            for field in fields(self)
            if (value := getattr(self, field.name))
        ]
        return Table(f"Datasheet of {self.name}", ("what", "answer"), tuple(rows))

    def __str__(self) -> str:
        # A terminal would break a long answer anywhere; so it is cut here, between words.
        table = self.table()
        rows = (
            ("" if number else what, line)
            for what, answer in table.rows
            for number, line in enumerate(textwrap.wrap(answer, _LINE, break_on_hyphens=False))
        )
        return str(replace(table, rows=tuple(rows)))

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()
