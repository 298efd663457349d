"""Loss and accuracy over data that is not trained on."""

from mmcourse.checks import Args, Case, Exercise, lazy
from mmcourse.checks.lesson_06 import _toys as toys
from mmcourse.checks.lesson_06.measuring_mistakes import MISTAKES
from mmcourse.checks.lesson_06.ways import measuring as ways

torch = lazy("torch")


def _measured(answer, model, batches, training=True):
    """What came back, and what the model and torch went through meanwhile."""
    toys.readied(model, batches[0][0], training=training)
    before = toys.weights(model)
    with toys.watched(model) as seen:
        results = answer(model, batches)
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
        "torch records no gradients afterwards": not torch.is_grad_enabled(),
        "The parameters ask for no gradients afterwards": not all(
            p.requires_grad for p in model.parameters()
        ),
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
    ),
    mistakes=MISTAKES,
    time_limit=30.0,
    noticing="In eval mode an example gets the same logits whatever else is in its batch, so the figures do "
    "not depend on the batch size.",
)
