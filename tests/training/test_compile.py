"""torch.compile: the same numbers where it works, one warning and the model as it was where it does not."""

import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import torch

from mmcourse.training import Batches, fit
from mmcourse.training.devices import Compiled
from tests.training.toys import Toy, differences, make_table

ROOT = Path(__file__).parents[2]


def train(compile):
    model, table = Toy(dropout=0.0), make_table(24)
    history = fit(model, Batches(table, 8), Batches(table, 8), epochs=2, seed=0, compile=compile)
    return model, history


@pytest.mark.skipif(not any(map(shutil.which, ("g++", "clang++", "cl"))), reason="there is no C++ compiler")
def test_a_compiled_model_learns_the_same():
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        fast, history = train(compile=True)
    plain, want = train(compile=False)
    assert history.val_loss == pytest.approx(want.val_loss, rel=1e-5)
    assert list(fast.state_dict()) == list(plain.state_dict())
    for one, other in zip(fast.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)


NO_COMPILER = """
import warnings
from tests.training.test_compile import train
from tests.training.toys import differences
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    slow, _ = train(compile=True)
plain, _ = train(compile=False)
assert differences(dict(slow.state_dict()), dict(plain.state_dict())) == []
print([str(warning.message) for warning in caught if "torch.compile" in str(warning.message)])
"""


def test_without_a_compiler_training_goes_on(tmp_path):
    """A machine without C++, as torch sees it: CXX names nothing, and nothing was compiled before."""
    done = subprocess.run(
        [sys.executable, "-c", NO_COMPILER],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={
            "PATH": str(tmp_path),
            "CXX": "/nonexistent/g++",
            "TORCHINDUCTOR_CACHE_DIR": str(tmp_path / "cache"),
            "OMP_NUM_THREADS": "1",
        },
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("torch.compile did not work here") == 1
    assert "Training goes on without it. On Linux it needs a C++ compiler: apt install g++" in done.stdout


def test_a_compiler_that_gives_up_is_asked_once(monkeypatch):
    from torch._dynamo.exc import BackendCompilerFailed

    asked = []

    def broken(model):
        def call(batch):
            asked.append(batch)
            raise BackendCompilerFailed(lambda: None, RuntimeError("no compiler here"), None)

        return call

    monkeypatch.setattr(torch, "compile", broken)
    with pytest.warns(UserWarning, match="torch.compile did not work here") as caught:
        slow, _ = train(compile=True)
    plain, _ = train(compile=False)
    assert len(asked) == len(caught) == 1
    assert differences(dict(slow.state_dict()), dict(plain.state_dict())) == []


def test_errors_of_the_model_itself_are_not_hidden(monkeypatch):
    monkeypatch.setattr(torch, "compile", lambda model: model)

    def model(batch):
        raise KeyError("x")

    with pytest.raises(KeyError):
        Compiled(model)({})
