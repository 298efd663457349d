"""What holds for all of `mmcourse.scratch` and `mmcourse.modules`: imports, docstrings, annotations."""

import ast
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mmcourse import modules, scratch

FILES = {
    f"{package.__name__.rpartition('.')[2]}/{path.name}": path
    for package in (scratch, modules)
    for path in sorted(Path(package.__path__[0]).glob("*.py"))
}
SCRATCH = {name: path for name, path in FILES.items() if name.startswith("scratch/")}
# What a file of scratch would call if it let torch do what it is there to show.
READY_MADE = re.compile(
    r"\bnn\b|functional|_C\b|\baten\b|torch\.(conv\w*|max_pool\w*|avg_pool\w*|batch_norm|layer_norm|gru|lstm|rnn_\w+|"
    r"softmax|log_softmax|logsumexp|dropout|embedding|bilinear|native_\w+|cross_entropy_loss|unfold_copy)\b|"
    r"\.(softmax|log_softmax|logsumexp)\("
)


@pytest.mark.parametrize("path", SCRATCH.values(), ids=SCRATCH)
def test_scratch_is_made_of_bare_tensors(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""] if node.level == 0 else []
            assert node.level < 2, "scratch imports nothing of mmcourse beyond its own files"
        else:
            continue
        for name in names:
            root = name.split(".")[0]
            assert root in {"torch", "jaxtyping"} | set(sys.stdlib_module_names) or name.startswith(
                "mmcourse.scratch"
            ), name
            assert not name.startswith("torch.nn"), name
    code = ast.unparse(_without_docstrings(tree))
    found = READY_MADE.search(code)
    assert found is None, f"{found[0]!r} is what this file should show"


def _without_docstrings(node: ast.AST) -> ast.AST:
    for inner in ast.walk(node):
        body = getattr(inner, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                body[0] = ast.Pass()
    return node


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_a_file_has_one_reason_to_change(path: Path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 250, f"{len(lines)} lines"
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.FunctionDef):
            doc = ast.get_docstring(node, clean=False)
            length = node.end_lineno - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
            assert length <= 40, f"{node.name} has {length} lines beside its docstring"


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_public_functions_say_shapes_and_are_annotated(path: Path):
    if path.stem.startswith("__"):
        return
    module = importlib.import_module(f"mmcourse.{path.parent.name}.{path.stem}")
    assert inspect.getdoc(module)
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        assert inspect.getdoc(value), f"{name} has no docstring"
        if inspect.isfunction(value):
            bare = [p.name for p in inspect.signature(value).parameters.values() if p.annotation is p.empty]
            assert not bare, f"{name}: {bare} have no annotation"
            assert inspect.signature(value).return_annotation is not inspect.Signature.empty, name


WATCHED = """
from jaxtyping import TypeCheckError, install_import_hook
with install_import_hook(["mmcourse.scratch", "mmcourse.modules"], "beartype.beartype"):
    from tests.twins import test_twins
from hypothesis import HealthCheck, given, settings, strategies as st

for twin in test_twins.TWINS:
    @settings(max_examples=3, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def call(data):
        call = test_twins._call(twin, data)
        twin.ours(*call.args, **call.kwargs)

    try:
        call()
    except TypeCheckError as error:
        print("ANNOTATION", twin.name, str(error)[:800])
from mmcourse.scratch import activations
try:
    activations.relu("no tensor")
except TypeCheckError:
    print("watched")
except Exception:
    print("the hook watched nothing")
"""


def test_annotations_hold_when_jaxtyping_and_beartype_watch():
    done = subprocess.run(
        [sys.executable, "-c", WATCHED],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "watched", done.stdout
