"""Checkpoints on the disk: whole, the right ones, and a sentence for whatever else lies there."""

import pytest
import torch

from mmcourse import metrics
from mmcourse.training import Batches, Callback, Checkpoints, Interrupted, fit
from mmcourse.training.whole_files import Unreadable, read_whole, write_whole
from tests.training.toys import Stop, Toy, differences, last_state, make_table


def train(folder, *, epochs=2, seed=0, model=None, **options):
    model = model or Toy()
    val = Batches(make_table(20, seed=1), 8)
    fit(
        model,
        Batches(make_table(30), 8, seed=0),
        val,
        epochs=epochs,
        seed=seed,
        checkpoints=folder,
        **options,
    )
    return model


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def foreign(path):
    torch.save({"format": "lightning", "state_dict": {}}, path)


SPOILED = {
    "truncated": (
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        "truncated, or no checkpoint at all",
    ),
    "half": (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), "truncated"),
    "empty": (lambda path: path.write_bytes(b""), "it is empty"),
    "text": (lambda path: path.write_text("step 8 was here"), "truncated, or no checkpoint at all"),
    "foreign": (foreign, "its format is 'lightning', not 'mmcourse training checkpoint 1'"),
    "weights alone": (
        lambda path: torch.save(Toy().state_dict(), path),
        "it is no mmcourse training checkpoint 1",
    ),
    "a model": (lambda path: torch.save(Toy(), path), "it holds something else than tensors and numbers"),
    "a list": (lambda path: torch.save([1, 2], path), "it is no mmcourse training checkpoint 1"),
}


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_file_that_is_no_checkpoint_is_named_and_the_one_before_it_is_used(tmp_path, spoil):
    want = train(tmp_path / "whole")
    folder = tmp_path / "run"
    train(folder)
    assert names(folder) == ["step-0000000004.pt", "step-0000000008.pt"]
    damage, words = SPOILED[spoil]
    damage(folder / "step-0000000008.pt")
    with pytest.warns(UserWarning, match="step-0000000008.pt was passed over") as caught:
        again = train(folder)
    assert len(caught) == 1
    assert words in str(caught[0].message)
    assert str(caught[0].message).endswith("the one before it is used.")
    assert differences(want.state_dict(), again.state_dict()) == []
    assert differences(last_state(tmp_path / "whole"), last_state(folder)) == []


def test_bytes_that_turned_are_found(tmp_path):
    path = tmp_path / "step-1.pt"
    write_whole(path, {"format": "mark", "weights": torch.zeros(1000)})
    assert torch.equal(read_whole(path, "mark")["weights"], torch.zeros(1000))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="some of its bytes are damaged"):
        read_whole(path, "mark")


def test_where_none_can_be_read_nothing_begins_anew_in_silence(tmp_path):
    train(tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(b"")
    with (
        pytest.warns(UserWarning, match="passed over: it is empty"),
        pytest.raises(
            ValueError, match=r"none of the 2 checkpoints in .* can be read\. To begin anew, give resume=F"
        ),
    ):
        train(tmp_path)
    train(tmp_path, resume=False)
    assert last_state(tmp_path)["run"]["position"]["step"] == 8


def test_a_checkpoint_says_what_it_is_of(tmp_path):
    train(tmp_path)
    state = last_state(tmp_path)
    assert state["format"] == "mmcourse training checkpoint 1"
    assert state["versions"]["torch"] == torch.__version__
    assert set(state["versions"]) == {"mmcourse", "torch", "numpy", "python"}
    assert state["config"]["learning_rate"] == 2e-3
    assert state["config"]["model"] == "Toy"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"learning_rate": 0.1}, "learning_rate was 0.002 and is now 0.1"),
        ({"seed": 3}, "seed was 0 and is now 3"),
        (
            {"accumulate": 2, "max_norm": None},
            "max_norm was 1.0 and is now None, accumulate was 1 and is now 2",
        ),
        ({"optimiser": torch.optim.Adam}, "optimiser was 'AdamW' and is now 'Adam'"),
        ({"metrics": {"F1": metrics.F1(3)}}, "metrics was '' and is now 'F1'"),
        ({"epochs": 3}, 'More epochs change every learning rate, except with schedule="constant".'),
        ({"epochs": 1, "schedule": "constant"}, "schedule was 'one_cycle' and is now 'constant'"),
    ],
)
def test_another_training_is_refused_with_what_differs(tmp_path, change, words):
    train(tmp_path)
    before = names(tmp_path)
    with pytest.raises(ValueError, match="is of another training") as error:
        train(tmp_path, **change)
    assert words in str(error.value)
    assert "To begin anew, give resume=False or another folder; to go on, give the old values." in str(
        error.value
    )
    assert names(tmp_path) == before


def test_a_constant_learning_rate_allows_more_epochs_and_not_fewer(tmp_path):
    options = {"schedule": "constant", "warmup": 0.0}
    want = train(tmp_path / "whole", epochs=4, **options)
    train(tmp_path / "run", epochs=2, **options)
    again = train(tmp_path / "run", epochs=4, **options)
    assert differences(want.state_dict(), again.state_dict()) == []
    with pytest.raises(ValueError, match="epochs was 4 and is now 3"):
        train(tmp_path / "run", epochs=3, **options)


def test_another_model_of_as_many_parameters_is_refused(tmp_path):
    class Other(Toy):
        def __init__(self):
            super().__init__()
            self.layers = torch.nn.ModuleDict({"0": self.layers})

        def forward(self, batch):
            return self.layers["0"](batch["x"])

    Other.__name__ = "Toy"
    train(tmp_path)
    with pytest.raises(
        ValueError, match=r"does not fit this model, optimiser or these batches: .*Missing key"
    ):
        train(tmp_path, model=Other())


def test_beginning_anew_wins_over_a_higher_step_of_the_old_run(tmp_path):
    train(tmp_path, epochs=4)
    with pytest.raises(Interrupted):
        train(tmp_path, seed=1, resume=False, callbacks=[Stop(2)])
    assert names(tmp_path) == ["step-0000000002.pt"]
    again = train(tmp_path, seed=1)
    assert differences(train(None, seed=1).state_dict(), again.state_dict()) == []


def test_the_old_run_stays_until_the_new_one_is_saved(tmp_path):
    class Break(Callback):
        def on_step(self, run):
            raise RuntimeError("broken")

    train(tmp_path)
    before = names(tmp_path)
    with pytest.raises(RuntimeError, match="broken"):
        train(tmp_path, seed=1, resume=False, callbacks=[Break()])
    assert names(tmp_path) == before


@pytest.mark.parametrize("keep", [1, 3])
def test_the_last_ones_are_kept(tmp_path, keep):
    train(Checkpoints(tmp_path, every=1, keep=keep))
    assert names(tmp_path) == [f"step-{step:010d}.pt" for step in range(9 - keep, 9)]


def test_a_file_with_a_high_number_does_not_push_out_good_ones(tmp_path):
    with pytest.raises(Interrupted):
        train(tmp_path, callbacks=[Stop(2)])
    (tmp_path / "step-0000009999.pt").write_text("not ours")
    with pytest.warns(UserWarning, match="step-0000009999.pt was passed over"):
        train(Checkpoints(tmp_path, keep=1))
    assert names(tmp_path) == ["step-0000000008.pt", "step-0000009999.pt"]


def test_leftovers_of_killed_runs_and_files_of_others(tmp_path):
    (tmp_path / "step-0000000003.4711.tmp").write_bytes(b"half a file")
    (tmp_path / "step-best.pt").write_bytes(b"mine")
    train(tmp_path)
    assert names(tmp_path) == ["step-0000000004.pt", "step-0000000008.pt", "step-best.pt"]


def test_every_so_many_minutes(tmp_path, monkeypatch):
    clock = [0]

    class Pass(Callback):
        def on_step(self, run):
            clock[0] += 25

    monkeypatch.setattr("mmcourse.training.checkpoints.monotonic", lambda: clock[0])
    train(Checkpoints(tmp_path, minutes=1, keep=99), callbacks=[Pass()])
    assert [int(name[5:-3]) for name in names(tmp_path)] == [3, 4, 7, 8]  # an epoch has 4 steps


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"every": 0}, "every must be at least 1 step, or None for the end of each epoch; got 0"),
        ({"minutes": 0}, "minutes must be above 0, or None for no clock; got 0"),
        ({"keep": 0}, "keep must be at least 1 checkpoint, got 0"),
    ],
)
def test_options_of_no_use_are_refused(tmp_path, options, words):
    with pytest.raises(ValueError, match=words):
        Checkpoints(tmp_path, **options)
