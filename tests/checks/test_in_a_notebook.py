"""What a learner sees in a running notebook: a calm line for a blank, a box, their own traceback lines."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from mmcourse.checks import fingerprint
from mmcourse.checks.result import MIME
from mmcourse.kernels import unattended

HELPER = "def helper(signal):\n    return signal / 0 + undefined"
CELLS = {
    "stub": 'def double(signal):\n    raise NotImplementedError("09.1: return the signal, twice as strong")',
    "try": "double(3)",
    "blank": "check.double(double)",
    "other error": "raise NotImplementedError('some library')",
    "helper": HELPER,
    "crash": "def double(signal):\n    signal = signal + 1\n    return helper(signal)",
    "crashed": "check.double(double)",
    "right": "# mine\ndef double(signal):\n    return 2 * signal",
    "correct": "check.double(double)",
    "strict": "import os\nos.environ['MMCOURSE_STRICT'] = '1'\ncheck.double(lambda signal: signal)",
    "strict and right": "check.double(double)",
}


@pytest.fixture(scope="module")
def cells():
    """The cells of one executed notebook, by name."""
    from pathlib import Path

    toy = Path(__file__).with_name("toy_lesson.py").read_text(encoding="utf-8")
    notebook = nbformat.v4.new_notebook(cells=[new_code_cell(toy), *map(new_code_cell, CELLS.values())])
    client = NotebookClient(notebook, timeout=120, allow_errors=True, kernel_name="python3")
    with unattended() as environment:
        environment.pop("MMCOURSE_STRICT", None)
        client.execute(env=environment)
    return dict(zip(CELLS, notebook.cells[1:], strict=True))


def text(cell):
    return "\n".join(
        output.get("text", output.get("data", {}).get("text/plain", "")) for output in cell.outputs
    )


def test_a_blank_that_is_tried_says_one_line(cells):
    (output,) = cells["try"].outputs
    assert output.output_type == "stream"
    assert output.text == "Not filled in yet. 09.1: return the signal, twice as strong\n"


def test_other_errors_look_as_ever(cells):
    (output,) = cells["other error"].outputs
    assert (output.output_type, output.ename) == ("error", "NotImplementedError")
    assert "some library" in output.evalue


def test_a_blank_is_not_attempted(cells):
    assert "○ 09.1 double: not attempted." in text(cells["blank"])


def test_the_traceback_is_cut_to_the_learners_own_cells(cells):
    said = text(cells["crashed"])
    assert "crashed. NameError: name 'undefined' is not defined" in said
    assert "line 3, in double: return helper(signal)" in said
    assert f"line 2, in helper: {HELPER.splitlines()[1].strip()}" in said
    assert said.count("cell [") == 2
    assert "mmcourse/checks" not in said
    assert "ipykernel" not in said


def test_a_result_is_a_box_and_data_and_text(cells):
    (output,) = cells["correct"].outputs
    assert "✓ 09.1 double: correct." in output.data["text/plain"]
    assert "--jp-success-color1" in output.data["text/html"]
    judged = fingerprint.of_source(CELLS["right"])
    assert output.data[MIME] == {"id": "09.1", "status": "correct", "answer": judged}
    assert judged == fingerprint.of_source("def double(signal):   # other words\n\n    return (2 * signal)")
    assert judged != fingerprint.of_source("def double(signal):\n    return 3 * signal")


def test_where_a_grade_hangs_on_it_a_wrong_answer_raises_shortly(cells):
    (output,) = cells["strict"].outputs
    assert (output.output_type, output.ename) == ("error", "NotPassed")
    shown = "\n".join(output.traceback)
    assert "09.1 double: wrong." in shown
    assert "Traceback" not in shown
    assert "mmcourse/checks" not in shown
    assert "✓ 09.1 double: correct." in text(cells["strict and right"])
