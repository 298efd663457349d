"""Ways to take a step along a clipped gradient, right and wrong."""

from functools import partial

from mmcourse.checks import lazy

torch = lazy("torch")
F = lazy("torch.nn.functional")


def learning(model):
    """The parameters that have a gradient."""
    return [parameter for parameter in model.parameters() if parameter.grad is not None]


def norms(model):
    return torch.stack([parameter.grad.norm() for parameter in learning(model)])


def total(model):
    return norms(model).norm().item()


def scale(model, factor):
    for parameter in learning(model):
        parameter.grad *= factor


def shortened(model, max_norm):
    """Clip; the total norm before."""
    before = total(model)
    if before > max_norm:
        scale(model, max_norm / before)
    return before


def by(measure):
    """Clip by another measure of length, which is returned too."""

    def clip(model, max_norm):
        length = float(measure(model))
        if length > max_norm:
            scale(model, max_norm / length)
        return length

    return clip


LENGTHS = {  # that are not the total norm
    "sum of norms": lambda model: norms(model).sum(),
    "largest norm": lambda model: norms(model).max(),
    "mean norm": lambda model: norms(model).mean(),
    "no root": lambda model: norms(model).square().sum(),
    "last parameter": lambda model: norms(model)[-1],
    "first parameter": lambda model: norms(model)[0],
    "largest entry": lambda model: max(parameter.grad.abs().max() for parameter in learning(model)),
    "sum of sizes": lambda model: sum(parameter.grad.abs().sum() for parameter in learning(model)),
}


def each_alone(model, max_norm, told=total):
    before = told(model)
    for parameter in learning(model):
        parameter.grad *= min(1.0, max_norm / max(parameter.grad.norm().item(), 1e-30))
    return before


def values(model, max_norm):
    before = total(model)
    for parameter in learning(model):
        parameter.grad.clamp_(-max_norm, max_norm)
    return before


def always(model, max_norm):
    before = total(model)
    scale(model, max_norm / (before + 1e-6))
    return before


def divided_by_zero(model, max_norm):
    before = norms(model).norm()
    for parameter in learning(model):
        parameter.grad.copy_(parameter.grad / before * before.clamp(max=max_norm))
    return before.item()


def to_one(model, max_norm):
    before = total(model)
    if before > max_norm:
        scale(model, 1 / before)
    return before


def upside_down(model, max_norm):
    before = total(model)
    if before > max_norm:
        scale(model, before / max_norm)
    return before


def thrown_away(model, max_norm):
    before = total(model)
    if before > max_norm:
        scale(model, 0.0)
    return before


def not_at_all(model, max_norm):
    return total(model)


def told_after(model, max_norm):
    shortened(model, max_norm)
    return total(model)


def factor_told(model, max_norm):
    before = shortened(model, max_norm)
    return min(1.0, max_norm / max(before, 1e-30))


def weights_instead(model, max_norm):
    """The weights are clipped."""
    with torch.no_grad():
        length = torch.stack([parameter.norm() for parameter in model.parameters()]).norm().item()
        for parameter in model.parameters():
            parameter *= min(1.0, max_norm / max(length, 1e-30))
    return length


def none_too(model, max_norm):
    return sum(parameter.grad.norm() ** 2 for parameter in model.parameters()) ** 0.5


def none_squared(model, max_norm):
    return sum((parameter.grad**2).sum() for parameter in model.parameters()) ** 0.5


def step(
    model,
    batch,
    optimiser,
    max_norm,
    *,
    clip=shortened,
    when="between",  # or "before backward"
    zero="first",  # or "before the step", "last", None
    training=True,  # or None: as it was
    steps=1,
    loss=lambda logits, labels, max_norm: F.cross_entropy(logits, labels),
    result=lambda norm, loss: norm,
):
    """A step, with a switch for each slip."""
    if training is not None:
        model.train(training)
    x, labels = batch
    value = loss(model(x), labels, max_norm)
    if zero in ("first", "before the step"):
        optimiser.zero_grad()
    norm = clip(model, max_norm) if when == "before backward" and learning(model) else 0.0
    value.backward()
    if when == "between":
        norm = clip(model, max_norm)
    if zero == "before the step":
        optimiser.zero_grad()
    for _ in range(steps):
        optimiser.step()
    if zero == "last":
        optimiser.zero_grad()
    return result(norm, value.item())


def clipped_loss(logits, labels, max_norm):
    return F.cross_entropy(logits, labels).clamp(max=max_norm)


def of_probs(logits, labels, max_norm):
    return F.cross_entropy(logits.softmax(-1), labels)


def summed(logits, labels, max_norm):
    return F.cross_entropy(logits, labels, reduction="sum")


no_clip = partial(step, clip=not_at_all)
