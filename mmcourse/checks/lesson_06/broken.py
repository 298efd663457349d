"""A loop with five bugs, to be found and mended."""

from contextlib import nullcontext

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_06 import _small as small
from mmcourse.checks.lesson_06.broken_mistakes import MISTAKES

torch, F = lazy("torch"), lazy("torch.nn.functional")
elsewhere = lazy("mmcourse.checks.lesson_06._elsewhere")


class _Away(list):
    """Batches that lie, like the model, on another device than the one that is asked for."""


def _use(answer, model, train, val, epochs, lr, device):
    """Call an answer; the weights that its training leads to count as well as what it returns."""
    with elsewhere.Pretended(model) if isinstance(train, _Away) else nullcontext():
        returned = answer(model, train, val, epochs, lr, device)
    return None if returned is None else {"returned": returned, "weights after": small.state(model)}


def _train(model, train, val, epochs, lr, device):
    model.to(device)
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    accuracies = []
    for _ in range(epochs):
        model.train()
        for x, y in train:
            optimiser.zero_grad()
            F.cross_entropy(model(x.to(device)), y.to(device)).backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = [model(x.to(device)).argmax(dim=-1) == y.to(device) for x, y in val]
        accuracies.append(torch.cat(hits).double().mean().item())
    return accuracies


def _tiny(_generator):
    """One feature, two classes, all weights 0: the first step can be taken by hand."""
    train = [
        (torch.tensor([[1.0], [3.0]]), torch.tensor([0, 1])),
        (torch.tensor([[2.0], [-1.0]]), torch.tensor([1, 0])),
    ]
    val = [(torch.tensor([[1.0], [-2.0]]), torch.tensor([1, 0]))]
    return small.linear([[0.0], [0.0]], [0.0, 0.0]), train, val, 1, 0.5, "cpu"


def _made(g, model, train, val, epochs, lr, *, classes=3, away=False, evaluating=False):
    """Batches of these sizes for a model, whose features they have."""
    features = next(layer.weight for layer in model if hasattr(layer, "weight")).shape[-1]
    train, val = (small.batches(g, counts, features, classes, shift=1.0) for counts in (train, val))
    kept, device = (_Away, elsewhere.ASKED) if away else (list, "cpu")
    return model.train(not evaluating), kept(train), kept(val), epochs, lr, device


train = Exercise(
    id="06.12",
    name="train",
    title="Find the five bugs",
    difficulty=2,
    minutes=20,
    stub="mend the five bugs of this loop",
    parameters=("model", "train", "val", "epochs", "lr", "device"),
    reference=_train,
    call=_use,
    hints=(
        "Go through the loop line by line and ask of each: what does it leave behind for the next batch, "
        "what does it take for granted about where things are, and in which mode is the model?",
        "One bug each in: what happens to p.grad between two batches; what cross_entropy is given; how the "
        "losses of a batch become one number; where x and y are; the mode during validation.",
        "optimiser.zero_grad() before backward(); cross_entropy of the logits, with its mean; x.to(device), "
        "y.to(device), in both loops; model.eval() behind the loop over train.",
    ),
    cases=(
        Case("one feature, two classes, two steps", _tiny),
        Case(
            "two layers, a smaller last batch",
            lambda g: _made(g, small.network(g, 4, 5, 3), (6, 6, 2), (5, 5, 1), 3, 0.3),
        ),
        Case(
            "batch norm", lambda g: _made(g, small.network(g, 3, 6, 3, norm=True), (5, 5, 3), (7, 4), 3, 0.2)
        ),
        Case(
            "batch norm, in evaluation mode when it comes",
            lambda g: _made(g, small.network(g, 3, 6, 3, norm=True), (5, 4), (6, 3), 2, 0.2, evaluating=True),
        ),
        Case("batches of one", lambda g: _made(g, small.network(g, 3, 3), (1, 1, 1), (1, 1), 2, 0.1)),
        Case(
            "a frozen layer",
            lambda g: _made(g, small.frozen(small.network(g, 4, 5, 3), 0), (4, 3), (5, 2), 2, 0.2),
        ),
        Case(
            "model and batches on another device (here pretended)",
            lambda g: _made(g, small.network(g, 4, 3), (5, 3), (4, 1), 2, 0.2, away=True),
        ),
    ),
    mistakes=MISTAKES,
    variants=(),
    tolerance=1e-4,
    time_limit=30.0,  # the first optimiser of a kernel loads half of torch
    noticing="None of the five raised an error as long as all was on one device. Such bugs show in numbers "
    "only: a loss at the start that is not the logarithm of the number of classes, one batch that cannot be "
    "learned by heart.",
)
