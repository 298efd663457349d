"""Ways to measure a model, right and wrong."""

from mmcourse.checks import lazy

torch = lazy("torch")
F = lazy("torch.nn.functional")

_LOSSES = {
    "logits": lambda logits, labels: F.cross_entropy(logits, labels),
    "probs": lambda logits, labels: F.cross_entropy(logits.softmax(-1), labels),
    "nll": lambda logits, labels: F.nll_loss(logits, labels),
}


def validate(
    model,
    batches,
    *,
    loss="logits",
    weigh="count",  # the mean loss of a batch, times its size ("sum" says the same); or "not"
    over="examples",  # what the loss is divided by: "batches", "full", "one"
    hits="mean",  # of a batch's hits, where hits_over is "batches"
    hits_over="examples",
    times=1,
    dim=-1,
    named="argmax",  # or "values"
    share_of="all",  # or "batch": hits divided by the size of the batch, too
    mode=False,  # or None: as it was
    grad=False,
    back="was",  # or "train", None
):
    """Mean loss and accuracy, with a switch for each slip."""
    was = model.training
    if mode is not None:
        model.train(mode)
    losses, rights, sizes = [], [], []
    with torch.set_grad_enabled(grad):
        for x, labels in batches:
            logits = model(x)
            losses.append(_LOSSES[loss](logits, labels).item())
            guess = logits.argmax(dim) if named == "argmax" else logits.amax(dim)
            right = (guess == labels).sum().item()
            rights.append(right / len(labels) if share_of == "batch" else right)
            sizes.append(len(labels))
    if back is not None:
        model.train(was if back == "was" else True)
    divisors = {
        "examples": sum(sizes),
        "batches": len(sizes),
        "full": len(sizes) * sizes[0],
        "one": 1,
    }
    shares = _weighed(losses, sizes, weigh if over != "batches" or weigh == "sum" else "not")
    counted = rights
    if hits_over == "batches" and hits == "mean":
        counted = [right / size for right, size in zip(rights, sizes, strict=True)]
    return sum(shares) / divisors[over], times * sum(counted) / divisors[hits_over]


def _weighed(losses, sizes, weigh):
    return losses if weigh == "not" else [value * size for value, size in zip(losses, sizes, strict=True)]


def error_rate(model, batches):
    loss, accuracy = validate(model, batches)
    return loss, 1 - accuracy


def switched_off(model, batches):
    torch.set_grad_enabled(False)
    results = validate(model, batches)
    torch.set_grad_enabled(False)
    return results


def frozen(model, batches):
    model.requires_grad_(False)
    return validate(model, batches, grad=True)


def thawed(model, batches):
    results = validate(model, batches)
    model.requires_grad_(True)
    return results


def switched_on(model, batches):
    results = validate(model, batches)
    torch.set_grad_enabled(True)
    return results


def emptied(model, batches):
    model.zero_grad()
    return validate(model, batches)


def trained(model, batches):
    """By hand: torch.optim loads half of torch in its first step, longer than a known mistake may take."""
    for x, labels in batches:
        model.zero_grad()
        F.cross_entropy(model(x), labels).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.grad is not None:
                    parameter -= 0.1 * parameter.grad
    return validate(model, batches)


def nothing(model, batches):
    validate(model, batches)
