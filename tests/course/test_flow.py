"""One way through the library: data, features, model, training, evaluation, plotting; nothing points back."""

import ast
from pathlib import Path

import pytest

import mmcourse

ROOT = Path(mmcourse.__file__).parent
# A part may import those before it. Beside each other: parts that know nothing of one another.
FLOW = (
    {"errors"},
    {"data"},
    {"features"},
    {"scratch"},
    {"modules", "metrics"},
    {"training"},
    {"classical", "joint", "colearning"},
    {"evaluation"},
    {"plotting"},
    {"compare"},
    {"leakage", "claims"},
    {"widgets"},
)
SHORT = {"training", "metrics", "classical", "joint", "colearning", "evaluation"}  # parts of short files
PLACE = {part: place for place, parts in enumerate(FLOW) for part in parts}
FILES = {
    str(path.relative_to(ROOT)): path
    for path in sorted(ROOT.rglob("*.py"))
    if path.relative_to(ROOT).parts[0].removesuffix(".py") in PLACE
}


def imported_parts(path: Path) -> set[str]:
    """Names of the parts of mmcourse that a file imports, at its head or within a function."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    parts = {name.split(".")[1] for name in names if name.startswith("mmcourse.")}
    return parts - {"__version__"}


@pytest.mark.parametrize("file", FILES)
def test_nothing_points_back(file: str):
    own = file.split("/")[0].removesuffix(".py")
    for part in imported_parts(FILES[file]) - {own}:
        assert part in PLACE, f"{file} imports {part}, which stands outside of the way"
        assert PLACE[part] < PLACE[own], f"{file} imports {part}, which comes later"


def test_only_checks_know_exercises():
    knowing = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if "checks" in imported_parts(path) and "checks" not in path.relative_to(ROOT).parts
    }
    assert knowing <= {"cli.py", "notebooks.py", "kernels.py"}, knowing


@pytest.mark.parametrize("file", [file for file in FILES if file.split("/")[0] in SHORT])
def test_a_file_can_be_read_in_one_sitting(file: str):
    lines = FILES[file].read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 250, f"{len(lines)} lines"
    tree = ast.parse("\n".join(lines))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            doc = ast.get_docstring(node, clean=False)
            length = node.end_lineno - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
            # the signature of fit, a line for each option, is read like its docstring
            signature = node.body[0].lineno - node.lineno if node.name == "fit" else 0
            assert length - signature <= 40, f"{node.name} has {length} lines beside its docstring"
    for scope in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
        for node in scope.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{node.name} has no docstring"
