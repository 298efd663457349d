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
    for model, train, val, epochs, lr, _ in inputs(lesson_06.train):  # one of the devices is pretended
        ours = copy.deepcopy(model)
        accuracies = lesson_06.train.reference(ours, train, val, epochs, lr, "cpu")
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
    @pytest.fixture
    def model(self):
        model = nn.Sequential(nn.Linear(2, 3))
        with elsewhere.Pretended(model):
            yield model

    def test_nothing_is_computed_with_what_lies_apart(self, model):
        x, y = torch.ones(4, 2), torch.zeros(4, dtype=torch.long)
        logits = model.to("xpu")(x.to("xpu"))
        for wrong in (lambda: model(x), lambda: cross_entropy(logits, y), lambda: x.to("xpu") + x):
            with pytest.raises(RuntimeError, match="the batch lies on another one"):
                wrong()

    def test_the_model_has_to_be_moved_as_well(self, model):
        with pytest.raises(RuntimeError, match="the model has not been moved"):
            model(torch.ones(4, 2).to("xpu"))

    @pytest.mark.parametrize("where", ["cpu", "cuda"])
    def test_another_device_than_the_one_asked_for_is_not_enough(self, model, where):
        """Even where there is a GPU: the device asked for is another."""
        with pytest.raises(RuntimeError, match="moved elsewhere"):
            model.to(where)(torch.ones(1, 2).to(where))
        with pytest.raises(RuntimeError, match="moved elsewhere"):
            model.to("xpu")(getattr(torch.ones(1, 2), where)())

    @pytest.mark.parametrize(
        "move",
        [
            lambda v: v.to("xpu"),
            lambda v: v.to(device="xpu"),
            lambda v: v.to(torch.device("xpu"), non_blocking=True),
            lambda v: v.to("xpu", torch.float64),
        ],
    )
    def test_however_it_is_moved(self, model, move):
        assert move(model)(move(torch.ones(4, 2))).device.type == "xpu"

    def test_where_it_lies_can_be_asked_for(self, model):
        x = torch.ones(4, 2)
        there = x.to(next(model.to("xpu").parameters()).device, copy=True)
        assert [x.device.type, there.device.type, x.to(there).device.type] == ["cpu", "xpu", "xpu"]
        assert torch.zeros(3, device=there.device).device.type == "xpu"

    def test_the_way_back_is_open(self, model):
        labels = torch.zeros(4, dtype=torch.long)
        assert (model.to("xpu")(torch.ones(4, 2).to("xpu")).argmax(-1).cpu() == labels).shape == (4,)

    def test_a_change_of_dtype_does_not_move(self, model):
        with pytest.raises(RuntimeError, match="the batch lies on another one"):
            model.to("xpu")(torch.ones(1, 2).to(torch.float64).float())

    def test_gradients_lie_where_their_weights_do(self, model):
        model.to("xpu")(torch.ones(4, 2).to("xpu")).sum().backward()
        torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9).step()
        assert {p.grad.device.type for p in model.parameters()} == {"xpu"}
