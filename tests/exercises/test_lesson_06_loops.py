"""What the checks of 06.10 to 06.14 call right is what autograd and mmcourse.training do."""

import copy
import re
from pathlib import Path

import nbformat
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from mmcourse import training
from mmcourse.checks import books, lesson_06
from mmcourse.checks.exercise import Args
from mmcourse.checks.lesson_06 import _elsewhere as elsewhere
from mmcourse.training.distributed import World

ROOT = Path(__file__).resolve().parents[2]


def inputs(exercise):
    """The arguments of every case."""
    return [
        Args.of(case.make(torch.Generator().manual_seed(n))).args for n, case in enumerate(exercise.cases)
    ]


class Labelled(nn.Module):
    """A model of pairs as the lesson's: it takes a dict."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, batch):
        return self.model(batch["x"])


def labelled(batches):
    return [{"x": x, "label": y} for x, y in batches]


def same(one, other):
    for name, value in one.state_dict().items():
        torch.testing.assert_close(value, other.state_dict()[name], rtol=1e-5, atol=1e-5, msg=name)


@pytest.mark.parametrize("case", lesson_06.fit.cases, ids=lambda case: case.name)
def test_a_training_built_whole_is_that_of_the_library(case):
    args = Args.of(case.make(torch.Generator().manual_seed(3))).args
    model, train, val, epochs, peak, warmup, max_norm, patience = args
    ours = copy.deepcopy(model)
    history = lesson_06.fit.reference(ours, *args[1:])
    whole = training.fit(
        Labelled(model),
        labelled(train),
        labelled(val),
        epochs=epochs,
        seed=0,
        learning_rate=peak,
        schedule="cosine",
        warmup=warmup / (epochs * len(train)),
        max_norm=max_norm,
        patience=patience,
    )
    for name, values in history.items():
        assert values == pytest.approx(getattr(whole, name), abs=1e-5), name
    same(ours, model)


def test_rows_of_a_process_are_those_that_the_library_gives_it():
    for rows, batch_size, epoch, seed, _, size in inputs(lesson_06.rows_of_process):
        whole = lesson_06.rows_of_process.reference(rows, batch_size, epoch, seed, 0, 1)
        for rank in range(size):
            shares = lesson_06.rows_of_process.reference(rows, batch_size, epoch, seed, rank, size)
            for share, batch in zip(shares, whole, strict=True):
                part, count = World(rank, size).share({"label": torch.tensor(batch)})
                assert part["label"].tolist()[:count] == share


def test_one_gradient_of_several_processes_is_that_of_the_whole_batch():
    network, x, y = nn.Linear(3, 4), torch.randn(11, 3), torch.arange(11) % 4

    def gradients(rows):
        return list(torch.autograd.grad(cross_entropy(network(x[rows]), y[rows]), list(network.parameters())))

    shares = [slice(0, 1), slice(1, 1), slice(1, 7), slice(7, 11)]
    found = lesson_06.reduced_gradients.reference([gradients(rows) for rows in shares], [1, 0, 6, 4])
    torch.testing.assert_close(found, gradients(slice(None)))


def test_the_mended_loop_is_that_of_the_library():
    for model, train, val, epochs, lr, device in inputs(lesson_06.train):
        ours = copy.deepcopy(model)
        accuracies = lesson_06.train.reference(ours, train, val, epochs, lr, device)
        whole = training.fit(
            Labelled(model),
            labelled(train),
            labelled(val),
            epochs=epochs,
            seed=0,
            learning_rate=lr,
            optimiser=torch.optim.SGD,
            schedule="constant",
            warmup=0.0,
            max_norm=None,
        )
        assert accuracies == pytest.approx(whole.val_accuracy)
        same(ours, model)


def test_the_loop_that_the_task_shows_has_its_bugs():
    """All of them: with the four that show without a second device, and the fifth where there is one."""
    notebook = nbformat.read(books.book(ROOT, "06", "solutions"), as_version=4)
    shown = re.search(r"```python\n(.*?)```", books.cell_of(notebook, "06.12", "task").source, re.DOTALL)[1]
    names = {"torch": torch, "cross_entropy": cross_entropy}
    exec(shown, names)
    result = lesson_06.train(names["train"])
    assert not result.passed
    assert "four of the five bugs" in result.hint
    mended = shown.replace(".softmax(dim=-1)", "").replace(', reduction="sum"', "")
    mended = mended.replace("loss.backward()", "optimiser.zero_grad(); loss.backward()")
    exec(mended.replace("right, number = 0, 0", "right, number = 0, 0; model.eval()"), names)
    result = lesson_06.train(names["train"])
    assert "what of x and y" in result.hint


class TestThePretendedDevice:
    def pair(self):
        model = nn.Sequential(nn.Linear(2, 3))
        (batch,) = elsewhere.away(model, [(torch.ones(4, 2), torch.zeros(4, dtype=torch.long))], "cpu")
        return model, *batch

    def test_nothing_is_computed_with_what_lies_there(self):
        model, x, y = self.pair()
        model.to("cpu")
        for wrong in (lambda: x + 1, lambda: model(x), lambda: cross_entropy(torch.zeros(4, 3), y)):
            with pytest.raises(RuntimeError, match="the same device"):
                wrong()

    def test_the_model_has_to_be_moved_as_well(self):
        model, x, _ = self.pair()
        with pytest.raises(RuntimeError, match="the model has not been moved"):
            model(x.to("cpu"))

    @pytest.mark.parametrize(
        "move",
        [
            lambda v: v.to("cpu"),
            lambda v: v.to(device="cpu"),
            lambda v: v.cpu(),
            lambda v: v.to("cpu", torch.float64),
        ],
    )
    def test_what_is_moved_is_plain(self, move):
        model, x, _ = self.pair()
        assert type(move(x)) is torch.Tensor
        assert move(model)(move(x)).shape == (4, 3)

    def test_its_form_can_be_asked_for(self):
        _, x, y = self.pair()
        assert (x.shape, len(y), x.device.type, x.dtype) == ((4, 2), 4, "cuda", torch.float32)

    def test_a_change_of_dtype_does_not_move(self):
        _, x, _ = self.pair()
        with pytest.raises(RuntimeError, match="the same device"):
            x.to(torch.float64)


def test_a_gpu_by_name_is_no_answer_where_there_is_one():
    """Even if there is a GPU: the device asked for is another."""
    model = nn.Sequential(nn.Linear(2, 3))
    elsewhere.away(model, [], "cuda")
    with pytest.raises(RuntimeError, match="moved elsewhere"):
        model.to("cpu")(torch.ones(1, 2))
