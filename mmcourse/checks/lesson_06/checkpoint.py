"""A file from which training goes on as if it had never been cut off."""

import os
import re
import tempfile
from contextlib import chdir, contextmanager, suppress
from pathlib import Path

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.frames import says
from mmcourse.checks.lesson_06 import _runs as runs
from mmcourse.checks.lesson_06 import checkpoint_slips as slips
from mmcourse.checks.lesson_06._using import made, snapshot, unlike
from mmcourse.checks.lesson_06.checkpoint_mistakes import MISTAKES
from mmcourse.checks.show import describe, kind

torch = lazy("torch")


@contextmanager
def _folders():
    """A folder for checkpoints; and another one, in which the program stands and which should stay empty."""
    with tempfile.TemporaryDirectory() as folder:
        folder, elsewhere, before = Path(folder) / "run", Path(folder) / "elsewhere", tempfile.tempdir
        folder.mkdir()
        elsewhere.mkdir()
        with chdir(elsewhere):
            try:
                tempfile.tempdir = str(elsewhere)
                yield folder, elsewhere
            finally:
                tempfile.tempdir = before


def _use(answer, model, optimiser, steps):
    with _folders() as (folder, elsewhere):
        path = folder / "run.pt"
        run = runs.started(model, optimiser, seed=1)
        run.train(steps)
        run.slow_down()
        saving, loading = made(answer, path=path), made(answer, path=path)
        seen = _saved(saving, path, run, steps)
        if seen:
            return seen
        try:
            seen = _continued(loading, run, runs.started(model, optimiser, seed=2))
        except AttributeError as error:
            if error.obj is loading and error.name in vars(saving):
                return {"kept": f"self.{error.name}"}
            raise
        seen |= _replaced(answer, path, run, steps, runs.started(model, optimiser, seed=3), elsewhere)
        if runs.code_is_run(
            lambda file: _load(made(answer, path=file), runs.started(model, optimiser)), folder
        ):
            seen["code"] = "run"
        return seen


def _save(checkpoint, run, step):
    return checkpoint.save(run.model, run.optimiser, step, run.generator)


def _load(checkpoint, run):
    return checkpoint.load(run.model, run.optimiser, run.generator)


def _saved(checkpoint, path, run, steps):
    """Save; what that left undone, or did to the run."""
    weights, state = snapshot(run.model), run.generator.get_state()
    try:
        _save(checkpoint, run, steps)
    except FileNotFoundError as error:  # os.replace with its two names swapped
        if error.filename != str(path) or not any(path.parent.iterdir()):
            raise
    if not path.exists():
        return {"file": "under another name" if any(path.parent.iterdir()) else "nowhere"}
    if unlike(run.model, weights):
        return {"disturbed": "weights"}
    if not torch.equal(run.generator.get_state(), state):
        return {"disturbed": "generator"}
    return {} if run.model.training else {"disturbed": "mode"}


def _continued(checkpoint, run, other):
    """Load into another run, as after a restart; then train both on."""
    own, global_ = other.generator.get_state(), torch.get_rng_state()
    step = _load(checkpoint, other)
    if isinstance(step, torch.Tensor) and step.dim() == 0:
        step = step.item()
    seen = {"step": step if isinstance(step, int) and not isinstance(step, bool) else describe(step, 40)}
    if seen["step"] is not step:
        seen["kind"] = kind(step)
    parts = run.unlike(other)
    if parts:
        seen["not as it was"] = parts
    if "generator" in parts:
        touched = not torch.equal(torch.get_rng_state(), global_)
        seen["generator"] = "torch's own was set instead" if touched else _place(other.generator, own)
    run.train(3)
    other.train(3)
    if not parts and run.unlike(other):
        seen["afterwards not the same"] = run.unlike(other)
    return seen


def _place(generator, before):
    """Where a generator stands that is not where it should be."""
    state = generator.get_state()
    if torch.equal(state, before):
        return "as before load"
    begun = torch.Generator().manual_seed(generator.initial_seed()).get_state()
    return "at the beginning of its seed" if torch.equal(state, begun) else "elsewhere"


@contextmanager
def _gone(path):
    """Within, each call that takes the file under `path` away, the new one beside it, adds to a list."""
    gone, taken = [], {name: getattr(os, name) for name in ("unlink", "remove", "rename", "replace")}

    def watched(name):
        def call(first, *args, **kwargs):
            taken[name](first, *args, **kwargs)
            if not path.exists() and len(list(path.parent.iterdir())) > 1:  # beside the link, a new one
                gone.append(name)

        return call

    for name in taken:
        setattr(os, name, watched(name))
    try:
        yield gone
    finally:
        for name, function in taken.items():
            setattr(os, name, function)


def _replaced(answer, path, run, steps, other, elsewhere):
    """Save again over the first checkpoint, and once more so that writing fails halfway."""
    link, before, seen = path.with_name("link"), path.read_bytes(), {}
    try:
        os.link(path, link)  # if the file is written over, what stands under this name changes, too
    except OSError:  # a disk without hard links
        link.write_bytes(before)
    with _gone(path) as gone:
        _save(made(answer, path=path), run, steps + 3)
    if gone:
        seen["old file"] = "gone for a while"
    elif link.read_bytes() != before:
        seen["old file"] = "written over"
        if len(list(path.parent.iterdir())) > 2:  # beside the checkpoint and the link
            seen["old file"] += " from a temporary one"
    with runs.disk_full(run), suppress(Exception):
        _save(made(answer, path=path), run, steps + 6)
    if any(elsewhere.iterdir()):
        seen["temporary file"] = "in another folder"
    try:
        _load(made(answer, path=path), other)
    except Exception as error:
        seen["after a full disk"] = "lost" if path.exists() else "gone"
        seen["why"] = re.sub(r"\x1b\[\d*m", "", says(error)).split(".")[0][:80]
    return seen


_DISTURBED = {
    "weights": "save changed the weights of the model",
    "generator": "save changed the state of the generator, so the run goes on with other random numbers",
    "mode": "save changed the mode of the model",
}
_PARTS = {
    "weights": "the weights of the model",
    "buffers": "the buffers of the model",
    "optimiser": "the state of the optimiser",
    "learning rate": "the learning rate of the optimiser",
    "generator": "the state of the generator",
    "mode": "the mode of the model",
}


def _judge(got, wanted, args):
    if "file" in got:
        return f"After save there is no file under path: it is {got['file']}"
    if "kept" in got:
        return "load needs what only save has put into self; after a restart there is nothing but the file"
    if "disturbed" in got:
        return _DISTURBED[got["disturbed"]]
    if "kind" in got:
        return f"load returned {got['kind']}, wanted the step, {wanted['step']}"
    if got["step"] != wanted["step"]:
        return f"load returned step {got['step']}, wanted {wanted['step']}"
    if "not as it was" in got:
        place = f" ({got['generator']})" if "generator" in got else ""
        return f"After load this is not as it was: {', '.join(map(_PARTS.get, got['not as it was']))}{place}"
    if "afterwards not the same" in got:
        return "After load all is as it was, but three steps later the weights differ"
    return _judge_safety(got)


def _judge_safety(got):
    if got.get("after a full disk") == "gone":
        return "Writing a second checkpoint failed, as on a full disk, and now there is none at all"
    if got.get("old file") == "gone for a while":
        return "Between the old checkpoint and the new one there is, for a moment, no file under path"
    if "old file" in got:
        return f"The old checkpoint is {got['old file']}: if that is cut off, neither of the two is whole"
    if "after a full disk" in got:
        return f"Writing a second checkpoint failed, as on a full disk, and load then ended with {got['why']}"
    if "temporary file" in got:
        return "The temporary file lies in another folder than the checkpoint"
    if "code" in got:
        return "load ran the code that a foreign file held"
    return None


Checkpoint = Exercise(
    id="06.8",
    name="Checkpoint",
    title="Save, and go on to the bit",
    difficulty=2,
    minutes=20,
    stub="keep model, optimiser, step and generator in a file that is never half written",
    parameters=("model", "optimiser", "steps"),
    reference=slips.Saving,
    call=_use,
    judge=_judge,
    hints=(
        "What, beside the weights, decides what the next step does?",
        "The optimiser has a state_dict, the generator a get_state. And what would be left in the folder if "
        "the program were killed in the middle of torch.save?",
        "save: torch.save({...all four...}, path.with_suffix('.tmp')), then os.replace of that to path. "
        "load: state = torch.load(path, weights_only=True), then model.load_state_dict, "
        "optimiser.load_state_dict, generator.set_state, and return state['step'].",
    ),
    cases=(
        Case("three plain steps", lambda g: ("two layers", "SGD", 3)),
        Case("with momentum", lambda g: ("two layers", "SGD with momentum", 3)),
        Case("with buffers", lambda g: ("batch norm", "SGD", 2)),
        Case("with AdamW and dropout", lambda g: ("dropout", "AdamW", 4)),
        Case("a learning rate that has been lowered", lambda g: ("two layers", "SGD, then slower", 3)),
        Case("before the first step", lambda g: ("two layers", "AdamW", 0)),
    ),
    mistakes=MISTAKES,
    variants=(),
    noticing="Equal to the bit on a CPU; on a GPU some sums are added up in an order that changes from run "
    "to run.",
)
