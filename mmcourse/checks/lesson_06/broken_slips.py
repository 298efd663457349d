"""Loops with bugs: the five of exercise 06.12 in every company, and what goes wrong in mending them."""

from functools import partial

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def train(model, train, val, epochs, lr, device, *, bugs=(), **slips):
    """The loop of 06.12, with a switch for each bug and each slip."""
    slips = {"optimiser": "SGD", "score": "examples", **slips}
    if "model stays" not in bugs:
        model.to(device)
    optimiser = getattr(torch.optim, slips["optimiser"])(
        model.parameters(), lr=lr, **slips.get("options", {})
    )
    to = (lambda x: x) if "device" in bugs else (lambda x: x.to(device))
    found = []
    if slips.get("mode") == "train once":
        model.train()
    for _ in range(epochs):
        _one_epoch(model, [(to(x), to(y)) for x, y in train], optimiser, bugs, slips)
        if "eval" not in bugs and slips.get("mode") != "always train":
            model.eval()
        judged = train if slips.get("judged") == "train" else val
        found.append(_score(model, [(to(x), to(y)) for x, y in judged], slips["score"]))
    return found


def _one_epoch(model, batches, optimiser, bugs, slips):
    if slips.get("mode") not in ("train once", "never train"):
        model.train()
    if slips.get("mode") == "eval first":
        model.eval()
    if slips.get("zero") == "each epoch":
        optimiser.zero_grad()
    first = len(batches[0][1])
    for x, y in batches:
        if "zero" not in bugs and slips.get("zero") is None:
            optimiser.zero_grad()
        loss = _loss(model(x), y, bugs, slips, first)
        loss.backward()
        if slips.get("zero") == "before the step":
            optimiser.zero_grad()
        if slips.get("step") is None:
            optimiser.step()
    if slips.get("step") == "each epoch":
        optimiser.step()


def _loss(logits, y, bugs, slips, first):
    reduction = "sum" if "sum" in bugs else "mean"
    kind = slips.get("loss")
    if "softmax" in bugs:
        logits = logits.softmax(dim=-1)
    if kind == "sigmoid":
        return F.cross_entropy(logits.sigmoid(), y)
    if kind == "likelihood":
        return F.nll_loss(logits.softmax(dim=-1), y)
    if kind == "no softmax":
        return F.nll_loss(logits, y)
    if kind == "over the batch":
        return F.nll_loss(logits.log_softmax(dim=0), y)
    if kind == "first size":
        return F.cross_entropy(logits, y, reduction="sum") / first
    if kind == "divided twice":
        return F.cross_entropy(logits, y) / len(y)
    return F.cross_entropy(logits, y, reduction=reduction)


def _score(model, batches, kind):
    with torch.no_grad():
        dim = 0 if kind == "over the batch" else -1
        hits = [(model(x).argmax(dim=dim) == y).float() for x, y in batches]
        if kind == "batches":
            return sum(hit.mean().item() for hit in hits) / len(hits)
        if kind == "last batch":
            return hits[-1].mean().item()
    right, number = sum(hit.sum().item() for hit in hits), sum(map(len, hits))
    return {"count": right, "percent": 100 * right / number, "errors": 1 - right / number}.get(
        kind, right / number
    )


def only_the_last(*args):
    return train(*args)[-1]


def before_the_epoch(model, data, val, epochs, lr, device):
    """The accuracy of every epoch taken before it, not after."""
    model.to(device).eval()
    start = _score(model, [(x.to(device), y.to(device)) for x, y in val], "examples")
    return [start, *train(model, data, val, epochs, lr, device)][:-1]


def on(device):
    """`train` on this device, whichever was asked for."""
    return lambda model, data, val, epochs, lr, _: train(model, data, val, epochs, lr, device)


def slip(*bugs, **slips):
    """`train` with these."""
    return partial(train, bugs=bugs, **slips)
