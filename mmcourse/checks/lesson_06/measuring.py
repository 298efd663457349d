"""Loss and accuracy over data that is not trained on."""

from mmcourse.checks import Args, Case, Exercise, lazy
from mmcourse.checks.lesson_06 import _toys as toys
from mmcourse.checks.lesson_06.measuring_mistakes import MISTAKES
from mmcourse.checks.lesson_06.ways import measuring as ways

torch = lazy("torch")


def _asking(model):
    """Which parameters ask for a gradient."""
    return [p.requires_grad for p in model.parameters()]


def _gradients(model):
    """The gradients that lie there, added up; None where there is none."""
    return [None if p.grad is None else p.grad.sum().item() for p in model.parameters()]


def _measured(answer, model, batches, training=True, recording=True, old_gradients=False):
    """What came back, and what the model and torch went through meanwhile."""
    toys.readied(model, batches[0][0], training=training, old_gradients=old_gradients)
    before, asking, gradients = toys.weights(model), _asking(model), _gradients(model)
    with toys.watched(model) as seen, torch.set_grad_enabled(recording):
        results = answer(model, batches)
        recorded = torch.is_grad_enabled()
    if results is None:
        return None
    after, pair = toys.weights(model), isinstance(results, (tuple, list)) and len(results) == 2
    return {
        "Two results are wanted, the mean loss and the accuracy": not pair,
        "The mean loss": results[0] if pair else None,
        "The accuracy": results[1] if pair else None,
        "The model ran in training mode": any(seen.training),
        "A graph for the way back was built": any(seen.graph),
        "The model is no longer what it was": any(
            not torch.equal(after[name], before[name]) for name in before
        ),
        "The model came back in another mode": model.training != training,
        "torch records no gradients afterwards": recording and not recorded,
        "torch records gradients afterwards, as it did not before": recorded and not recording,
        "The parameters ask for no gradients afterwards": sum(_asking(model)) < sum(asking),
        "Frozen parameters ask for gradients afterwards": sum(_asking(model)) > sum(asking),
        "The gradients that lay there are no longer what they were": _gradients(model) != gradients,
    }


def _tiny(g):
    """Logits are the inputs; sizes 2 and 1, and the single one is named wrong."""
    first = torch.tensor([[2.0, 0.0], [0.0, 2.0]]), torch.tensor([0, 1])
    second = torch.tensor([[2.0, 0.0]]), torch.tensor([1])
    return toys.linear([[1.0, 0.0], [0.0, 1.0]]), [first, second]


validate = Exercise(
    id="06.2",
    name="validate",
    title="Measure without training",
    difficulty=1,
    minutes=15,
    stub="return the mean loss and the accuracy over all examples, and leave the model as it was",
    parameters=("model", "batches"),
    reference=ways.validate,
    call=_measured,
    judge=toys.judge,
    hints=(
        "Three things of the model differ between training and measuring. Which ones?",
        "The last batch is smaller. What has to be added up, and by what is it divided at the end?",
        "was = model.training; model.eval(); with torch.no_grad(): add up cross_entropy(…, "
        'reduction="sum"), the number of hits and len(y) of every batch; then model.train(was), and divide '
        "both sums by the count.",
    ),
    cases=(
        Case("logits are the inputs; two examples right, then one wrong", _tiny),
        Case("a small network, one batch", lambda g: (toys.network(g), toys.batches(g, 9))),
        Case("the last batch is smaller", lambda g: (toys.network(g), toys.batches(g, 5, 5, 2))),
        Case("batches of all sizes", lambda g: (toys.network(g), toys.batches(g, 1, 7, 3, 4))),
        Case("as many examples as classes", lambda g: (toys.network(g), toys.batches(g, 3, 3, 1))),
        Case("a model with dropout", lambda g: (toys.dropping(g), toys.batches(g, 6, 4))),
        Case("a model with batch normalisation", lambda g: (toys.normed(g), toys.batches(g, 6, 1))),
        Case(
            "the model is in eval mode before",
            lambda g: Args((toys.dropping(g), toys.batches(g, 4, 3)), {"training": False}),
        ),
        Case("a frozen layer", lambda g: (toys.partly_frozen(g), toys.batches(g, 4, 1))),
        Case(
            "gradients are being added up meanwhile",
            lambda g: Args((toys.network(g), toys.batches(g, 4, 2)), {"old_gradients": True}),
        ),
        Case(
            "called under torch.no_grad()",
            lambda g: Args((toys.network(g), toys.batches(g, 2, 3)), {"recording": False}),
        ),
    ),
    mistakes=MISTAKES,
    time_limit=30.0,
    noticing="In eval mode an example gets the same logits whatever else is in its batch, so the figures do "
    "not depend on the batch size.",
)
