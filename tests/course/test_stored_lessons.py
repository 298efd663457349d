"""What a reader without a kernel finds in a stored lesson: each figure, claim and panel."""

import ast
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
PANELS = {
    "attention_map_panel",
    "corruption_panel",
    "draw_pair",
    "fusion_weights_panel",
    "inspect_pairs",
    "kernel_panel",
    "learning_curve_panel",
    "learning_rate_dial",
    "mute_panel",
    "stage",
    "retrieval_panel",
    "unrolled_panel",
}
lessons = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def code_cells(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def calls(cell):
    """The calls that run in every run of the cell: not inside a definition, nor where data may be absent."""
    sometimes = (ast.FunctionDef, ast.If, ast.Try)
    run = [node for node in ast.parse(cell.source).body if not isinstance(node, sometimes)]
    found = [node for top in run for node in ast.walk(top) if isinstance(node, ast.Call)]
    return [(ast.unparse(call.func), call) for call in found]


def draws(cell):
    """Whether the cell makes a figure: by a panel, or by plotting, whose other functions set it up."""
    names = {name for name, _ in calls(cell)} - {"plotting.use_style", "plotting.look"}
    return bool(PANELS & names) or any(name.startswith("plotting.") for name in names)


def kinds(cell):
    return [kind for output in cell.outputs for kind in output.get("data", {})]


@lessons
def test_every_figure_is_stored_once(path):
    drawing = [cell for cell in code_cells(path) if draws(cell)]
    assert len(drawing) >= 5
    for cell in drawing:
        assert kinds(cell).count("image/png") == 1, f"cell {cell.id!r}: one figure was to be seen"
        assert "nbval-ignore-output" in cell.metadata.get("tags", []), cell.id


@lessons
def test_every_claim_was_printed_and_is_compared(path):
    claims = 0
    for cell in code_cells(path):
        printed = "".join(output.get("text", "") for output in cell.outputs).splitlines()
        for name, call in calls(cell):
            if name == "claim" and isinstance(call.args[0], ast.Constant):
                claims += 1
                assert f"✓ {call.args[0].value}" in printed, cell.id
                assert "nbval-ignore-output" not in cell.metadata.get("tags", []), cell.id
    assert claims >= 5


@lessons
def test_nothing_is_printed_beside_a_figure(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            assert not str(output.get("data", {}).get("text/plain", "")).startswith(
                ("<Axes", "[<matplotlib")
            ), cell.id
