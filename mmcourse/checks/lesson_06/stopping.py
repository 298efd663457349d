"""Stop when validation no longer gets better, and go back to where it was best."""

import math

from mmcourse.checks import Args, Case, Exercise, lazy
from mmcourse.checks.lesson_06 import stopping_slips as slips
from mmcourse.checks.lesson_06._using import entries, made, plain_bool, replaced, snapshot, unlike, unshared
from mmcourse.checks.lesson_06.stopping_mistakes import MISTAKES
from mmcourse.checks.show import describe

torch = lazy("torch")


def _model():
    return torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))


def _trained(model, epoch):
    """All of the model becomes the number of the epoch, in place, as an optimiser changes weights."""
    for _, value in entries(model):
        value.fill_(epoch)


def _whose(model):
    """Of which epoch all that the model holds is."""
    parameters = {value.item() for p in model.parameters() for value in p.detach().flatten()}
    buffers = {value.item() for b in model.buffers() for value in b.flatten()}
    if len(parameters) != 1 or len(buffers) != 1:
        return "a mixture"
    (one,), (two,) = parameters, buffers
    if one != two:
        return f"parameters of epoch {one:g} and buffers of epoch {two:g}"
    return f"epoch {one:g}"


def _use(answer, losses, patience, **options):
    return unshared(answer, lambda: _train(answer, losses, patience, **options))


def _train(answer, losses, patience, **options):
    """Train, as far as the answer lets us, and a second model with a stopper of its own beside it."""
    stopper, beside = made(answer, patience=patience, **options), made(answer, patience=99)
    model, another = _model(), _model()
    seen = {"stops": "never", "restores": ""}
    for epoch, loss in enumerate(losses, 1):
        _trained(model, epoch)
        before = snapshot(model)
        stop = plain_bool(stopper.update(model, loss))
        if unlike(model, before) or not model.training:
            seen["changed"] = "weights" if model.training else "mode"
        _trained(another, 1000 + epoch)
        beside.update(another, -float(epoch))
        if not isinstance(stop, bool):
            return seen | {"returned": describe(stop), "after": epoch}
        if stop:
            seen["stops"] = f"after epoch {epoch}"
            break
    _trained(model, epoch + 1)
    parameters = list(model.parameters())
    stopper.restore(model)
    seen["restores"] = _whose(model)
    if replaced(model, parameters) or not all(p.requires_grad for p in model.parameters()):
        seen["parameters"] = "others"
    if not model.training:
        seen["evaluates"] = True
    if seen["stops"] != "never" and not _still_stops(answer, losses[:epoch], patience, options):
        seen["goes on"] = True
    return seen | _again(stopper, model, epoch + 2, seen["restores"])


def _still_stops(answer, losses, patience, options):
    """Whether a stopper that has said stop says so again after one more epoch that is no better."""
    stopper, model = made(answer, patience=patience, **options), _model()
    for loss in losses:
        stopper.update(model, loss)
    return bool(stopper.update(model, math.inf))


def _again(stopper, model, epoch, first):
    """What a second restore gives, into a fresh model, after the first one has been trained on."""
    _trained(model, epoch)
    fresh = _model()
    _trained(fresh, 0)
    stopper.restore(fresh)
    then = _whose(fresh)
    return {} if then == first else {"then": "what it had" if then == "epoch 0" else then}


def _judge(got, wanted, args):
    if "shared" in got:
        return "What is kept belongs to the class, so two stoppers at a time disturb each other"
    if "returned" in got:
        return f"After epoch {got['after']} update returned {got['returned']}, wanted True or False"
    if got["stops"] != wanted["stops"]:
        stop = "Training never stops" if got["stops"] == "never" else f"Training stops {got['stops']}"
        kept = f"and restore gives {got['restores']}"
        return f"{stop}, {kept}; wanted: {wanted['stops']}, and {wanted['restores']}"
    if "changed" in got:
        return f"update changed the model's {got['changed']}: it should only look at it"
    then = f"; then it was trained on, and restore gave a fresh model {got['then']}" if "then" in got else ""
    if got["restores"] != wanted["restores"]:
        return f"restore gave the model {got['restores']}, wanted {wanted['restores']}{then}"
    if then:
        return f"restore gave the model {got['restores']}{then}"
    if "parameters" in got:
        return "After restore the model holds other parameters, which the optimiser does not know"
    if "evaluates" in got:
        return "restore put the model into eval mode"
    if "goes on" in got:
        return "update said stop, then came one more epoch that was no better, and it said go on"
    return None


def _losses(name, losses, patience, min_delta=None):
    options = {} if min_delta is None else {"min_delta": min_delta}
    return Case(name, lambda g: Args((losses, patience), options))


def _random(generator):
    losses = 2 + torch.randn(30, generator=generator) / (1 + torch.arange(30.0))
    return Args((losses.tolist(), 4), {"min_delta": 0.01})


EarlyStopping = Exercise(
    id="06.6",
    name="EarlyStopping",
    title="Stop early",
    difficulty=2,
    minutes=20,
    stub="count epochs without a better loss, keep copies of the best weights, put them back",
    parameters=("losses", "patience", "min_delta"),
    reference=slips.Stopping,
    call=_use,
    judge=_judge,
    hints=(
        "What has to be remembered from one epoch to the next?",
        "Three things: the best loss, how many epochs have passed since, and the weights of then. An "
        "optimiser changes weights in place. What becomes of weights that you only refer to?",
        "update: if loss < best − min_delta, set best, keep copy.deepcopy(model.state_dict()), set the "
        "count to 0, else add 1; return count >= patience. restore: model.load_state_dict(what you kept).",
    ),
    cases=(
        _losses("five epochs, the second is the best", [3.0, 2.0, 2.5, 2.2, 2.4], 2),
        _losses("a patience of 1", [3.0, 2.0, 2.5, 2.2], 1),
        _losses("worse and better in turn", [3.0, 4.0, 2.0, 3.0, 2.5, 2.1, 2.3], 3),
        _losses("better all the time", [3.0, 2.0, 1.0, 0.5], 2),
        _losses("the same loss again and again", [2.0, 2.0, 2.0, 2.0], 2),
        _losses("small gains that add up", [3.0, 2.8, 2.6, 2.4, 2.3, 2.2, 2.1, 2.0], 3, 0.5),
        _losses("large losses", [500.0, 400.0, 450.0, 420.0, 430.0], 2),
        _losses("a little worse each time", [2.0, 2.1, 2.2, 2.3], 2, 0.25),
        _losses("losses below 0", [-1.0, -2.0, -2.2, -2.1, -2.15], 2, 0.25),
        _losses("gains of a hundred-thousandth", [1.0, 0.99999, 0.99998, 0.99997, 0.99996], 2),
        _losses("a loss of NaN", [3.0, 2.0, math.nan, 2.5, 2.6, 2.7], 2),
        _losses("the first loss is NaN", [math.nan, 3.0, 2.0, 2.5, 2.1, 1.0], 2),
        Case("thirty epochs", _random),
    ),
    mistakes=MISTAKES,
    noticing="A patience of 2 costs two epochs and saves from a bad one; the weights that are kept are those "
    "that validation chose, so only test data say how good they are.",
)
