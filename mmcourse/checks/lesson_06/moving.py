"""A moving average of the weights, beside the weights that are trained."""

from mmcourse.checks import Args, Case, Exercise, lazy
from mmcourse.checks.lesson_06 import moving_slips as slips
from mmcourse.checks.lesson_06._using import entries, has_graph, made, replaced, snapshot, unlike, unshared
from mmcourse.checks.lesson_06.moving_mistakes import MISTAKES

torch, comparing = lazy("torch"), lazy("mmcourse.checks.compare")


def _one_weight():
    return torch.nn.Linear(1, 1, bias=False)


def _two_layers():
    return torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Tanh(), torch.nn.Linear(3, 2))


def _batch_norm():
    return torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))


def _first_layer_frozen():
    model = _two_layers()
    model[0].requires_grad_(False)
    return model


def _double():
    return _two_layers().double()


_MODELS = {
    "one weight": _one_weight,
    "two layers": _two_layers,
    "batch norm": _batch_norm,
    "two layers, the first frozen": _first_layer_frozen,
    "two layers in float64": _double,
}


def _set(model, level, step, frozen=True):
    """All of the model's numbers follow `level`, in place; the frozen ones too if `frozen`."""
    still = set() if frozen else {name for name, p in model.named_parameters() if not p.requires_grad}
    for place, (name, value) in enumerate(entries(model)):
        if name in still:
            continue
        if value.is_floating_point():
            pattern = torch.arange(1.0, value.numel() + 1, dtype=value.dtype).reshape(value.shape)
            value.copy_(level * pattern + place * (pattern - 1))
        else:
            value.fill_(step)


def _trained(model, level, step):
    """What an optimiser step leaves: gradients, and other weights where they may change."""
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter) if parameter.requires_grad else None
    _set(model, level, step, frozen=False)


def _use(answer, model, weights, decay, **options):
    return unshared(answer, lambda: _average(answer, model, weights, decay, **options))


def _average(answer, model, weights, decay, freeze_at=None):
    """Train by leaps from weight to weight and average; then write the average into fresh models."""
    trained, another, fresh = (_MODELS[model]() for _ in range(3))
    _set(trained, weights[0], 0)
    _set(another, 500.0, 0)
    flags = [p.requires_grad for p in trained.parameters()]
    average, beside = made(answer, model=trained, decay=decay), made(answer, model=another, decay=0.25)
    seen = {}
    for step, level in enumerate(weights[1:], 1):
        _trained(trained, level, step)
        if step == freeze_at:  # all that is there has been trained, and from now on stays
            trained.requires_grad_(False)
            flags = [False] * len(flags)
        before = snapshot(trained)
        average.update(trained)
        if unlike(trained, before) or not trained.training:
            seen["changed"] = "weights" if trained.training else "mode"
        _trained(another, 500.0 + step, step)
        beside.update(another)
    if flags != [p.requires_grad for p in trained.parameters()]:
        seen["changed"] = "requires_grad"
    if has_graph(average):
        seen["graph"] = "grows"
    _trained(trained, -7.0, 70)
    before = snapshot(trained)
    seen |= _written(average, fresh, _MODELS[model]())
    if unlike(trained, before):
        seen["written"] = "changed the model that the object was made with, and not the one it was given"
    return seen


def _written(average, fresh, second):
    """What copy_to writes into a fresh model, and, after that one has been trained on, into a second."""
    _set(fresh, 99.0, 99)
    parameters = list(fresh.parameters())
    flags = [p.requires_grad for p in parameters]
    average.copy_to(fresh)
    seen = {"average": snapshot(fresh)}
    if replaced(fresh, parameters):
        seen["written"] = "put other parameters into the model, which its optimiser does not know"
    elif [p.requires_grad for p in fresh.parameters()] != flags:
        seen["written"] = "changed requires_grad of the model's parameters"
    elif not fresh.training:
        seen["written"] = "put the model into eval mode"
    _set(fresh, 55.0, 55)
    _set(second, 33.0, 33)
    average.copy_to(second)
    if unlike(second, seen["average"]):
        seen["later"] = snapshot(second)
    return seen


def _judge(got, wanted, args):
    if "shared" in got:
        return "What is kept belongs to the class, so two averages at a time disturb each other"
    if "changed" in got:
        return (
            f"The {got['changed']} of the model that is being trained changed; update should only look at it"
        )
    if "written" in got:
        return f"copy_to {got['written']}"
    fault = comparing.compare(got["average"], wanted["average"], comparing.Rules(), "average")
    if fault is not None:
        return fault.says
    if "later" in got:
        fault = comparing.compare(got["later"], got["average"], comparing.Rules(tolerance=0), "average")
        return f"The model was trained on after copy_to, and the average changed with it: {fault.says}"
    if "graph" in got:
        return "The numbers are right, but the averages carry a graph, and every update makes it longer"
    return None


def _random(generator):
    return "two layers", torch.randn(6, generator=generator).tolist(), 0.9


EMA = Exercise(
    id="06.7",
    name="EMA",
    title="A moving average of the weights",
    difficulty=2,
    minutes=15,
    stub="keep a copy of the weights that moves a little towards the model with every update",
    parameters=("model", "weights", "decay"),
    reference=slips.Average,
    call=_use,
    judge=_judge,
    hints=(
        "What do you have to remember from one update to the next, and is it yours or the model's?",
        "Begin with copy.deepcopy(model.state_dict()). Which of its names are parameters, to be averaged, "
        "and which are buffers, to be copied?",
        "update, under torch.no_grad(): for name, w in model.named_parameters(): kept[name] = decay * "
        "kept[name] + (1 - decay) * w; for name, b in model.named_buffers(): kept[name] = b.clone(). "
        "copy_to: model.load_state_dict(kept).",
    ),
    cases=(
        Case("one weight: 1, then 5, then 10", lambda g: ("one weight", [1.0, 5.0, 10.0], 0.75)),
        Case("no update yet", lambda g: ("one weight", [3.0], 0.5)),
        Case("six random levels", _random),
        Case("with buffers", lambda g: ("batch norm", [1.0, 2.0, 4.0, 3.0], 0.75)),
        Case("with frozen weights", lambda g: ("two layers, the first frozen", [1.0, 2.0, 4.0], 0.75)),
        Case(
            "all frozen from the second update on",
            lambda g: Args(("two layers", [1.0, 2.0, 4.0, 4.0], 0.75), {"freeze_at": 2}),
        ),
        Case("in float64", lambda g: ("two layers in float64", [1.0, 2.0, 4.0], 0.9)),
        Case("a decay of 0", lambda g: ("two layers", [1.0, 2.0, 4.0], 0.0)),
        Case("a decay of 1", lambda g: ("two layers", [1.0, 2.0, 4.0], 1.0)),
        Case("many updates", lambda g: ("one weight", [float(n) for n in range(40)], 0.95)),
    ),
    mistakes=MISTAKES,
    variants=(),
    noticing="With a decay of 0.99 the average looks back over about a hundred steps: it is less noisy than "
    "the weights of any one step, at the price of a copy of the model.",
)
