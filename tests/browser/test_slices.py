"""What a page needs of a lesson is kept; the rest goes."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.browser.conftest import ROOT, shows_html
from tests.browser.slices import keep, rested_on

LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))


@pytest.mark.parametrize(
    ("sources", "ends", "kept"),
    [
        (["a = 1", "b = 2", "print(a)"], {2}, {0, 2}),
        (["import math as m", "x = 1", "def f():\n    return m.pi", "f()"], {3}, {0, 2, 3}),
        (["a = 1", "a = 2", "a"], {2}, {1, 2}),  # the latest
        (["a = 1", "a += 1", "a"], {2}, {0, 1, 2}),  # and what that rests on
        (["i = 0", "for i in range(3):\n    print(i)"], {1}, {1}),
        (["x = 0", "[x for x in range(3)]"], {1}, {1}),
        (["a = 1", "a", "a = 3"], {1}, {0, 1}),  # not what comes later
        (["print(never_bound)"], {0}, {0}),
        (["a = 1\n\nb = 2\n", "c = 1", "b"], {2}, {0, 2}),
    ],
)
def test_a_cell_keeps_what_binds_its_names(sources, ends, kept):
    assert rested_on(sources, ends) == kept


def test_text_stays_and_cells_that_nothing_rests_on_go():
    book = new_notebook(cells=[new_markdown_cell("text"), new_code_cell("a = 1"), new_code_cell("b = 1")])
    text, _, last = book.cells
    assert keep(book, {last.id}).cells == [text, last]


def test_cells_that_are_no_python_are_named():
    with pytest.raises(SyntaxError):
        rested_on(["a = = 1", "a"], {1})


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_lesson_has_something_for_the_page(path):
    """Otherwise the browser would run nothing of it, and be content."""
    assert any(shows_html(cell) for cell in nbformat.read(path, as_version=4).cells)
