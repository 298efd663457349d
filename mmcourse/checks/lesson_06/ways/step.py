"""Ways to take a step of training, right and wrong."""

from mmcourse.checks import lazy

torch = lazy("torch")
F = lazy("torch.nn.functional")


def mean(logits, labels):
    return F.cross_entropy(logits, labels)


def item(loss, logits, labels):
    return loss.item()


def step(
    model,
    batch,
    optimiser,
    *,
    zero="first",  # or "after backward", "last", None
    training=True,  # or False, None: as it was
    loss=mean,
    backward=True,
    steps=1,
    sign=1,
    result=item,
):
    """A step, with a switch for each slip."""
    x, labels = batch
    if training is not None:
        model.train(training)
    logits = model(x)
    value = loss(logits, labels)
    if zero == "first":
        optimiser.zero_grad()
    if backward:
        (sign * value).backward()
    if zero == "after backward":
        optimiser.zero_grad()
    for _ in range(steps):
        optimiser.step()
    if zero == "last":
        optimiser.zero_grad()
    return result(value, logits, labels)


def step_first(model, batch, optimiser):
    x, labels = batch
    model.train()
    loss = mean(model(x), labels)
    optimiser.step()
    optimiser.zero_grad()
    loss.backward()
    return loss.item()


def summed(logits, labels):
    return F.cross_entropy(logits, labels, reduction="sum")


def divided_again(logits, labels):
    return mean(logits, labels) / len(labels)


def of_probs(logits, labels):
    return mean(logits.softmax(-1), labels)


def of_sigmoids(logits, labels):
    return mean(logits.sigmoid(), labels)


def of_logits_without_log(logits, labels):
    return F.nll_loss(logits, labels)


def over_the_batch(logits, labels):
    return F.nll_loss(logits.log_softmax(0), labels)


def every_label(logits, labels):
    return -logits.log_softmax(-1)[:, labels].mean()


def squared(logits, labels):
    return F.mse_loss(logits, F.one_hot(labels, logits.shape[-1]).to(logits.dtype))


def of_argmax(logits, labels):
    return (logits.argmax(-1) != labels).float().mean()


def each(logits, labels):
    return F.cross_entropy(logits, labels, reduction="none")


def exchanged(logits, labels):
    return F.cross_entropy(labels, logits)


def accuracy(loss, logits, labels):
    return (logits.argmax(-1) == labels).float().mean().item()


def loss_after(model, batch, optimiser):
    step(model, batch, optimiser)
    return mean(model(batch[0]), batch[1]).item()


def run_twice(model, batch, optimiser):
    before = mean(model.train()(batch[0]), batch[1]).item()
    step(model, batch, optimiser)
    return before


def by_hand(model, batch, optimiser):
    loss = step(model, batch, optimiser, steps=0)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.grad is not None:
                parameter -= optimiser.param_groups[0]["lr"] * parameter.grad
    return loss


def one_by_one(model, batch, optimiser):
    losses = [step(model, (x[None], y[None]), optimiser) for x, y in zip(*batch, strict=True)]
    return sum(losses) / len(losses)


def under_no_grad(model, batch, optimiser):
    with torch.no_grad():
        return step(model, batch, optimiser)


def number_first(model, batch, optimiser):
    return step(model, batch, optimiser, loss=lambda logits, labels: mean(logits, labels).item())
