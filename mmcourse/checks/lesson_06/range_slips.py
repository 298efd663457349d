"""Searches for a learning rate as people get them wrong: what the check of 06.13 compares an answer with."""

import copy
import math
from functools import partial
from itertools import cycle

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def rate_of(step, low, high, steps, kind):
    """The learning rate of a step, with a switch for each slip."""
    share = step / (steps if kind == "never high" else steps - 1)
    if kind == "linear":
        return low + share * (high - low)
    if kind == "begins above low":
        return low * (high / low) ** ((step + 1) / steps)
    if kind == "by tens":
        return low * 10**step
    if kind == "falls":
        return high * (low / high) ** share
    if kind == "logarithm":
        return math.log10(low) + share * (math.log10(high) - math.log10(low))
    return low * (high / low) ** share


def search(model, batches, low, high, steps, *, rates="right", loss_of="before", zero=True, mode="train",
           back="all", mode_back=True, cleared=True, stop="right", last=True, optimiser="SGD",
           reduction="mean", order="cycle", fresh=False, sign=1, late=False, smooth=0.0,
           graphs=False):  # fmt: skip
    """The search of 06.13, a switch for each slip."""
    was_training, saved = model.training, copy.deepcopy(model.state_dict())
    model.train(mode == "train") if mode in ("train", "eval") else None
    maker = getattr(torch.optim, optimiser)
    taken, losses, kept = [], [], []

    def note(rate, loss):
        """Whether the search ends with this loss."""
        taken.append(rate)
        losses.append(_smoothed(losses, loss.item(), smooth))
        kept.append(loss)
        over = _over(losses, stop)
        if over and not last:
            taken.pop(), losses.pop()
        return over

    stepper = maker(model.parameters(), lr=low)
    for step, (x, y) in zip(range(steps), _ordered(batches, order), strict=False):
        rate = rate_of(step, low, high, steps, rates)
        stepper.param_groups[0]["lr"] = abs(taken[-1] if late and taken else rate)
        loss = F.cross_entropy(model(x), y, reduction=reduction)
        if loss_of == "before" and note(rate, loss):
            break
        if zero:
            stepper.zero_grad()
        (sign * loss).backward()
        stepper.step()
        if loss_of == "after" and note(rate, F.cross_entropy(model(x), y)):
            break
        if fresh:
            model.load_state_dict(saved)
    _put_back(model, saved, back)
    if cleared:
        model.zero_grad()
    model.train(was_training) if mode_back else None
    return taken, kept if graphs else losses


def _smoothed(losses, loss, share):
    """`loss` with this share of the entry before; alone where there is none, since 0 · ∞ is NaN."""
    return share * losses[-1] + (1 - share) * loss if share and losses else loss


def _ordered(batches, order):
    if order == "once":
        return iter(batches)
    return cycle(batches[:1] if order == "first" else batches)


def _over(losses, stop):
    """Whether the search ends with the last of the losses."""
    last, before = losses[-1], losses[:-1] or losses
    if stop == "never":
        return False
    if not math.isfinite(last) and stop not in ("four times only", "four times or NaN"):
        return True
    if math.isnan(last):
        return stop == "four times or NaN"
    limit = {
        "four times the first": 4 * losses[0],
        "four times the one before": 4 * before[-1],
        "rises": min(before),
        "four above": 4 + min(before),
        "twice": 2 * min(before),
        "not finite only": math.inf,
    }
    return last > limit.get(stop, 4 * min(before))


def _put_back(model, saved, back):
    if back == "all":
        model.load_state_dict(saved)
    elif back == "parameters":
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(saved[name])


def grad_of_all(model, batches, low, high, steps):
    """What torch says when it is asked for the gradient of a frozen parameter."""
    x, y = batches[0]
    torch.autograd.grad(F.cross_entropy(model(x), y), list(model.parameters()))
    return search(model, batches, low, high, steps)


def all_rates(model, batches, low, high, steps):
    _, losses = search(model, batches, low, high, steps)
    return [rate_of(step, low, high, steps, "right") for step in range(steps)], losses


def exchanged(*args):
    rates, losses = search(*args)
    return losses, rates


def pairs(*args):
    return list(zip(*search(*args), strict=True))


def losses_alone(*args):
    return search(*args)[1]


def best_alone(*args):
    """The rate of the smallest loss, which is a use of the search and not its result."""
    rates, losses = search(*args)
    return rates[losses.index(min(losses))]


def slip(**switches):
    """`search` with these."""
    return partial(search, **switches)
