"""Ways to take one step for several batches, right and wrong."""

from functools import partial

from mmcourse.checks import lazy

torch = lazy("torch")
F = lazy("torch.nn.functional")

# what of a batch's mean loss goes back, from (loss, its size, all sizes, number of examples so far)
SHARES = {
    "right": lambda loss, size, sizes, so_far: loss * size / sum(sizes),
    "mean of means": lambda loss, size, sizes, so_far: loss / len(sizes),
    "sum of means": lambda loss, size, sizes, so_far: loss,
    "sum": lambda loss, size, sizes, so_far: loss * size,
    "sum by batches": lambda loss, size, sizes, so_far: loss * size / len(sizes),
    "full batches": lambda loss, size, sizes, so_far: loss * size / (len(sizes) * sizes[0]),
    "so far": lambda loss, size, sizes, so_far: loss * size / so_far,
    "divided twice": lambda loss, size, sizes, so_far: loss / sum(sizes),
}
# what is returned, from the mean losses and the sizes
TOLD = {
    "right": lambda losses, sizes: (
        sum(SHARES["sum"](*pair, sizes, 0) for pair in zip(losses, sizes, strict=True)) / sum(sizes)
    ),
    "last": lambda losses, sizes: losses[-1],
    "last share": lambda losses, sizes: losses[-1] * sizes[-1] / sum(sizes),
    "mean of means": lambda losses, sizes: sum(losses) / len(losses),
    "sum of means": lambda losses, sizes: sum(losses),
    "sum": lambda losses, sizes: sum(
        SHARES["sum"](*pair, sizes, 0) for pair in zip(losses, sizes, strict=True)
    ),
    "divided twice": lambda losses, sizes: sum(losses) / sum(sizes),
    "list": lambda losses, sizes: losses,
    "nothing": lambda losses, sizes: None,
}


def accumulate(
    model,
    batches,
    optimiser,
    *,
    zero="first",  # or "each", "before the step", "last", None
    training=True,  # or None: as it was
    share="right",
    told="right",
    step="end",  # or "each", None
    retain=False,
    graph=False,  # the loss returned still holds it
    of=lambda logits: logits,
):
    """A step for all batches, with a switch for each slip."""
    if training is not None:
        model.train(training)
    sizes = [len(labels) for _, labels in batches]
    losses, so_far = [], 0
    if zero == "first":
        optimiser.zero_grad()
    for x, labels in batches:
        loss = F.cross_entropy(of(model(x)), labels)
        losses.append(loss if graph else loss.item())
        so_far += len(labels)
        if zero == "each":
            optimiser.zero_grad()
        SHARES[share](loss, len(labels), sizes, so_far).backward(retain_graph=retain)
        if step == "each":
            optimiser.step()
    if zero == "before the step":
        optimiser.zero_grad()
    if step == "end":
        optimiser.step()
    if zero == "last":
        optimiser.zero_grad()
    return TOLD[told](losses, sizes)


def joined(model, batches, optimiser):
    """The big batch after all."""
    xs, labels = zip(*batches, strict=True)
    return accumulate(model, [(torch.cat(xs), torch.cat(labels))], optimiser)


def one_backward(model, batches, optimiser, share="right"):
    """The losses summed up, and backward at the end."""
    model.train()
    optimiser.zero_grad()
    sizes = [len(labels) for _, labels in batches]
    losses = [F.cross_entropy(model(x), labels) for x, labels in batches]
    total = sum(SHARES[share](*pair, sizes, sum(sizes)) for pair in zip(losses, sizes, strict=True))
    total.backward()
    optimiser.step()
    return total.item()


def first_only(model, batches, optimiser, told):
    """Out of the loop after its first round."""
    model.train()
    optimiser.zero_grad()
    (x, labels), count = batches[0], sum(len(labels) for _, labels in batches)
    mean = F.cross_entropy(model(x), labels)
    loss = mean * len(labels) / count
    loss.backward()
    optimiser.step()
    return {"share": loss, "mean": mean}[told].item()


def growing_total(model, batches, optimiser, kept):
    """Backward in the loop, of the total so far."""
    model.train()
    optimiser.zero_grad()
    count, total = sum(len(labels) for _, labels in batches), 0
    for x, labels in batches:
        total = total + F.cross_entropy(model(x), labels) * len(labels) / count
        total.backward(retain_graph=kept)
    optimiser.step()
    return total.item()


def divided_afterwards(model, batches, optimiser):
    """Gradients of the sum divided in the end, those of parameters without any too."""
    accumulate(model, batches, optimiser, share="sum", step=None)
    for parameter in model.parameters():
        parameter.grad /= sum(len(labels) for _, labels in batches)


each_alone = partial(accumulate, zero="each", step="each", share="sum of means")
