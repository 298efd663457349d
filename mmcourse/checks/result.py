"""What a check says: a status and a few lines, as text in a terminal and as a small box in JupyterLab."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import groupby
from typing import Any

MIME = "application/vnd.mmcourse.check+json"
STATUSES = ("not attempted", "wrong", "crashed", "too slow", "correct")
SIGNS = {"not attempted": "○", "wrong": "✗", "crashed": "✗", "too slow": "◷", "correct": "✓"}
# JupyterLab's own colours follow its theme; the value after the comma serves nbviewer, VS Code and exports.
_COLOURS = {
    "not attempted": "var(--jp-border-color0, #888888)",
    "wrong": "var(--jp-error-color1, #d9534f)",
    "crashed": "var(--jp-error-color1, #d9534f)",
    "too slow": "var(--jp-warn-color1, #e08e0b)",
    "correct": "var(--jp-success-color1, #3a9d4a)",
}
_BOX = (
    "border-radius:3px;padding:6px 12px;margin:4px 0;max-width:60em;"
    "background:var(--jp-layout-color1, transparent);color:var(--jp-ui-font-color1, inherit)"
)
_PRE = (
    "margin:4px 0 0 0;padding:0;background:transparent;color:inherit;white-space:pre-wrap;"
    "word-break:normal;overflow-wrap:anywhere;"  # JupyterLab breaks names in the middle otherwise
    "font-family:var(--jp-code-font-family, monospace);font-size:var(--jp-code-font-size, 13px)"
)


class NotPassed(Exception):
    """Raised instead of showing a box where a grade hangs on it: under nbgrader or MMCOURSE_STRICT=1."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows: the sentence alone, no frames of ours."""
        return [str(self)]


@dataclass(frozen=True)
class Result:
    """The outcome of one check.

    exercise   its id, '01.2'
    status     one of STATUSES
    lines      what is said, below the first line
    hint       the sentence that names the likely mistake, or ''
    answer     fingerprint of the answer's source, by which `mmcourse progress` sees a later change
    """

    exercise: str
    name: str
    status: str
    headline: str
    lines: tuple[str, ...] = ()
    hint: str = ""
    seed: int = 0
    answer: str = ""

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status must be one of {STATUSES}, got {self.status!r}")

    @property
    def passed(self) -> bool:
        """Whether the answer is correct."""
        return self.status == "correct"

    @property
    def message(self) -> str:
        """All that is said, as plain text."""
        return "\n".join([self._title(), *self.lines])

    def _title(self) -> str:
        return f"{SIGNS[self.status]} {self.exercise} {self.name}: {self.status}. {self.headline}".rstrip()

    def __repr__(self) -> str:
        return self.message

    def __bool__(self) -> bool:
        return self.passed

    def _repr_html_(self) -> str:
        colour = _COLOURS[self.status]
        body = "".join(
            f'<pre style="{_PRE}">{html.escape(chr(10).join(lines))}</pre>'
            if aligned
            else "".join(f'<div style="margin-top:4px">{html.escape(line)}</div>' for line in lines)
            for aligned, lines in ((key, list(group)) for key, group in groupby(self.lines, _is_aligned))
        )
        return (
            f'<div style="{_BOX};border:1px solid {colour};border-left:6px solid {colour}">'
            f"<strong>{html.escape(self._title())}</strong>{body}</div>"
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        state = {"id": self.exercise, "status": self.status, "answer": self.answer}
        return {"text/plain": self.message, "text/html": self._repr_html_(), MIME: state}


def _is_aligned(line: str) -> bool:
    """Whether a line is a row (`  wanted  [1, 2]`) that wants letters of one width, or a sentence."""
    return line.startswith("  ")
