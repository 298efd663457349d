"""What cannot be trained with: each bad input gets one or two sentences."""

import pytest
import torch
from torch import nn

from mmcourse.training import Batches, Diverged, OutOfMemory, fit, validate
from tests.training.test_resume import Normed
from tests.training.toys import Toy, make_table


def train(train=None, val=None, *, model=None, **options):
    table = make_table(24)
    train = Batches(table, 8, seed=0) if train is None else train
    val = Batches(table, 8) if val is None else val
    return fit(model or Toy(), train, val, **{"epochs": 1, "seed": 0, **options})


def refused(words, error=ValueError, **options):
    with pytest.raises(error) as caught:
        train(**options)
    assert words in str(caught.value)
    assert str(caught.value).count(". ") <= 1, "more than two sentences"
    return str(caught.value)


class Gives(Toy):
    """A model that returns what a function makes of its logits."""

    def __init__(self, change):
        super().__init__()
        self.change = change

    def forward(self, batch):
        return self.change(super().forward(batch))


# --- the loss


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_in_the_data(value):
    table = make_table(24)
    table["x"][19] = value
    words = refused("'x' of this batch", Diverged, train=Batches(table, 8), schedule="constant")
    assert words == (
        "epoch 1, batch 3: the loss is nan at a learning rate of 0.002; 'x' of this batch holds NaN or "
        "infinite numbers: look at how it was made."
    )


def test_steps_that_are_too_long():
    table = make_table(24)
    words = refused(
        "the batch itself is finite, so the steps were too long: try learning_rate=1e+29, or ",
        Diverged,
        train=Batches(table, 8),
        learning_rate=1e30,
        optimiser=torch.optim.SGD,
        schedule="constant",
        warmup=0.0,
        epochs=9,
    )
    assert words.startswith(("epoch 1, batch 2: the loss is ", "epoch 1, batch 3: the loss is "))


def test_diverging_leaves_no_checkpoint_of_broken_weights(tmp_path):
    table = make_table(24)
    table["x"][19] = float("nan")
    refused("epoch 1, batch 3", Diverged, train=Batches(table, 8), checkpoints=tmp_path)
    assert list(tmp_path.iterdir()) == []


# --- the memory


class Hungry(Toy):
    def forward(self, batch):
        if len(batch["label"]) == 8 and self.training:
            raise self.error
        return super().forward(batch)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB."),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory"
        ),
        RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"),
    ],
)
def test_too_little_memory(error):
    model = Hungry()
    model.error = error
    assert refused("out of memory", OutOfMemory, model=model, accumulate=2) == (
        "epoch 1, batch 1: out of memory with batches of 8. Try batches of 4 with accumulate=4, the same "
        "steps, or smaller pictures, clips or models."
    )


def test_memory_that_really_is_not_there():
    class Huge(Toy):
        def forward(self, batch):
            return super().forward(batch) + torch.empty(1 << 55).sum()

    refused("epoch 1, batch 1: out of memory with batches of 8. Try batches of 4", OutOfMemory, model=Huge())


def test_other_errors_stay_what_they_are():
    class Broken(Toy):
        def forward(self, batch):
            raise RuntimeError("something else")

    refused("something else", RuntimeError, model=Broken())


# --- the batches


def sorted_table():
    table = make_table(90)
    order = table["label"].argsort(stable=True)
    return {name: values[order] for name, values in table.items()}


def test_one_class_in_a_batch():
    with pytest.warns(UserWarning, match="all 16 examples are of class 0") as caught:
        train(Batches(sorted_table(), 16), epochs=2)
    assert len(caught) == 1
    assert str(caught[0].message) == (
        "epoch 1, batch 1: all 16 examples are of class 0. Sorted data teach one class after the other and "
        "forget the first: shuffle them (Batches with a seed, DataLoader with shuffle=True)."
    )


@pytest.mark.parametrize("where", ["train", "val"])
def test_no_batches(where):
    refused(f"{where} has no batches: is the data set smaller than one batch with drop_last?", **{where: []})


def test_a_generator_in_the_place_of_a_list():
    batches = (batch for batch in Batches(make_table(24), 8))
    refused(
        "train must have a length and give its batches anew each epoch, as a Batches, a DataLoader or a "
        "list does; got generator.",
        TypeError,
        train=batches,
    )


def test_validation_without_batches():
    with pytest.raises(ValueError, match="there are no batches to validate with: is the data set empty"):
        validate(Toy(), iter(()))


def test_a_batch_of_one_with_batch_norm():
    assert refused("batch norm", model=Normed(), train=Batches(make_table(9), 8)) == (
        "epoch 1, batch 2: batch norm cannot learn from a batch of one example. Leave the last batch out "
        "(drop_last=True), or choose a batch_size that does not leave one over."
    )


@pytest.mark.parametrize(
    ("batch", "error", "words"),
    [
        (
            {"x": torch.zeros(2, 6)},
            TypeError,
            'a batch is a dict of what the model takes and "label", a tensor [batch]',
        ),
        ({"x": torch.zeros(2, 6), "label": [0, 1]}, TypeError, "got a dict with ['label', 'x']"),
        ({"x": torch.zeros(1, 6), "label": torch.tensor(1)}, TypeError, "got a dict with ['label', 'x']"),
        ((torch.zeros(2, 6), torch.zeros(2)), TypeError, "got a tuple."),
        (
            {"x": torch.zeros(0, 6), "label": torch.zeros(0, dtype=int)},
            ValueError,
            "the batch has no examples.",
        ),
    ],
)
@pytest.mark.parametrize("where", ["train", "val"])
def test_what_is_no_batch(where, batch, error, words):
    said = refused(words, error, **{where: [batch]})
    assert said.startswith("epoch 1, batch 1: " if where == "train" else "validation batch 1: ")


# --- the labels and logits


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (torch.tensor([0, 3]), "label 3 is out of range; the model has 3 classes, numbered 0 to 2."),
        (torch.tensor([0, -1]), "label -1 is out of range; the model has 3 classes, numbered 0 to 2."),
        (torch.tensor([0.0, 1.0]), "labels are class numbers of dtype torch.int64, got torch.float32."),
        (
            torch.tensor([[1, 0, 0], [0, 0, 1]]),
            "logits [batch, class] for labels [batch]; got [2, 3] for [2, 3].",
        ),
        (torch.tensor([[0], [1]]), "logits [batch, class] for labels [batch]; got [2, 3] for [2, 1]."),
        (torch.tensor([0, 1, 2]), "logits [batch, class] for labels [batch]; got [2, 3] for [3]."),
        (torch.tensor([True, False]), "labels are class numbers of dtype torch.int64, got torch.bool."),
    ],
)
@pytest.mark.parametrize("where", ["train", "val"])
def test_labels_that_do_not_fit(where, label, words):
    said = refused(words, **{where: [{"x": torch.zeros(2, 6), "label": label}]})
    assert said.startswith("epoch 1, batch 1: " if where == "train" else "validation batch 1: ")


@pytest.mark.parametrize(
    ("change", "shape"),
    [
        (lambda logits: logits[:, 0], "[8] for [8]"),
        (lambda logits: logits[:1], "[1, 3] for [8]"),
        (lambda logits: logits[:, None], "[8, 1, 3] for [8]"),
    ],
)
def test_logits_of_another_shape(change, shape):
    refused(
        f"epoch 1, batch 1: the model must give logits [batch, class] for labels [batch]; got {shape}.",
        model=Gives(change),
    )


# --- the model and the options


class Listed(nn.Module):
    """The classic mistake: layers in a Python list, where torch does not find them."""

    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(6, 3)]

    def forward(self, batch):
        return self.layers[0](batch["x"])


def test_a_model_without_parameters():
    words = "the model has no parameter that learns: is each layer an attribute, or in an nn.ModuleList?"
    refused(words, model=Listed())
    refused(words, model=Toy().requires_grad_(False))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epochs": 0}, "epochs must be at least 1, got 0."),
        ({"accumulate": 0}, "accumulate must be at least 1 batch a step, got 0."),
        ({"max_norm": 0.0}, "max_norm must be above 0, or None to follow any gradient; got 0.0."),
        ({"max_norm": float("nan")}, "max_norm must be above 0, or None to follow any gradient; got nan."),
        ({"learning_rate": -1.0}, "learning_rate must be 0 or more, got -1.0."),
        ({"learning_rate": float("nan")}, "learning_rate must be 0 or more, got nan."),
        ({"weight_decay": -0.1}, "weight_decay must be 0 or more, got -0.1."),
        ({"warmup": 1.0}, "warmup is a share of the steps, from 0 to below 1; got 1.0."),
        (
            {"schedule": "linear"},
            "schedule is one of one_cycle, cosine, constant, or a function; got 'linear'.",
        ),
        ({"monitor": "f1"}, "monitor is one of val_loss, val_accuracy; got 'f1'."),
        ({"precision": "int8"}, "precision is one of float32, bfloat16, float16; got 'int8'."),
        ({"patience": 0}, "patience must be at least 1 epoch, got 0; None never stops."),
        ({"device": "gpu"}, "device 'gpu' is not there: "),
        ({"device": "cuda:99"}, 'Take device="auto", which is the best that this machine has.'),
    ],
)
def test_options_of_no_use(options, words):
    model = Toy()
    before = [parameter.clone() for parameter in model.parameters()]
    refused(words, model=model, **options)
    assert all(map(torch.equal, before, model.parameters()))
