"""Answers to 06.13 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import copy
import itertools
import math

import torch
from torch import nn
from torch.nn.functional import cross_entropy


def walk(model, batches, rates, until=lambda losses: losses[-1] > 4 * min(losses)):
    """Steps of plain gradient descent at these rates, in place; the losses before them."""
    optimiser, losses = torch.optim.SGD(model.parameters(), lr=1.0), []
    model.train()
    for rate, (x, y) in zip(rates, itertools.cycle(batches), strict=False):
        optimiser.param_groups[0]["lr"] = rate
        loss = cross_entropy(model(x), y)
        losses.append(loss.item())
        if until(losses) or not math.isfinite(losses[-1]):
            break
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return losses


def exponential(low, high, steps):
    return [low * (high / low) ** (i / (steps - 1)) for i in range(steps)]


def wrong_model_ruined(model, batches, low, high, steps):
    """hint: other weights than it came with"""
    before, mode = model.state_dict(), model.training
    rates = exponential(low, high, steps)
    losses = walk(model, batches, rates)
    model.load_state_dict(before)
    model.zero_grad()
    model.train(mode)
    return rates[: len(losses)], losses


def wrong_buffers_forgotten(model, batches, low, high, steps):
    """hint: the buffers are not"""
    before, mode = [p.detach().clone() for p in model.parameters()], model.training
    rates = exponential(low, high, steps)
    losses = walk(model, batches, rates)
    with torch.no_grad():
        for p, old in zip(model.parameters(), before, strict=True):
            p.copy_(old)
            p.grad = None
    model.train(mode)
    return rates[: len(losses)], losses


def wrong_mode_forgotten(model, batches, low, high, steps):
    """hint: came in evaluation mode and goes out in training mode"""
    before = copy.deepcopy(model.state_dict())
    rates = exponential(low, high, steps)
    losses = walk(model, batches, rates)
    model.load_state_dict(before)
    model.zero_grad()
    return rates[: len(losses)], losses


def wrong_gradients_left(model, batches, low, high, steps):
    """hint: the gradients of the last step are left"""
    before, mode = copy.deepcopy(model.state_dict()), model.training
    rates = exponential(low, high, steps)
    losses = walk(model, batches, rates)
    model.load_state_dict(before)
    model.train(mode)
    return rates[: len(losses)], losses


def wrong_linear(model, batches, low, high, steps):
    """hint: which power of high / low"""
    rates = torch.linspace(low, high, steps).tolist()
    losses = walk(copy.deepcopy(model), batches, rates)
    return rates[: len(losses)], losses


def wrong_stride_too_short(model, batches, low, high, steps):
    """hint: there are steps − 1 strides"""
    rates = [low * (high / low) ** (i / steps) for i in range(steps)]
    losses = walk(copy.deepcopy(model), batches, rates)
    return rates[: len(losses)], losses


def wrong_never_ends(model, batches, low, high, steps):
    """hint: when is it to break off"""
    rates, copied, losses = exponential(low, high, steps), copy.deepcopy(model).train(), []
    optimiser = torch.optim.SGD(copied.parameters(), lr=low)
    for rate, (x, y) in zip(rates, itertools.cycle(batches), strict=False):
        optimiser.param_groups[0]["lr"] = rate
        loss = cross_entropy(copied(x), y)
        losses.append(loss.item())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return rates, losses


def wrong_first_loss(model, batches, low, high, steps):
    """hint: you compare with the first loss"""
    rates = exponential(low, high, steps)
    losses = walk(copy.deepcopy(model), batches, rates, until=lambda losses: losses[-1] > 4 * losses[0])
    return rates[: len(losses)], losses


def wrong_all_rates(model, batches, low, high, steps):
    """hint: rates that were never tried"""
    rates = exponential(low, high, steps)
    return rates, walk(copy.deepcopy(model), batches, rates)


def wrong_one_epoch(model, batches, low, high, steps):
    """hint: where does it go on with the first one"""
    rates = exponential(low, high, steps)[: len(batches)]
    losses = walk(copy.deepcopy(model), batches, rates)
    return rates[: len(losses)], losses


def wrong_exchanged(model, batches, low, high, steps):
    """hint: which one do you return first"""
    rates = exponential(low, high, steps)
    losses = walk(copy.deepcopy(model), batches, rates)
    return losses, rates[: len(losses)]


def wrong_pairs(model, batches, low, high, steps):
    """hint: yours is a list of pairs"""
    rates = exponential(low, high, steps)
    losses = walk(copy.deepcopy(model), batches, rates)
    return [(rate, loss) for rate, loss in zip(rates, losses, strict=False)]


def wrong_not_cleared(model, batches, low, high, steps):
    """hint: where is zero_grad()"""
    copied, rates, losses = copy.deepcopy(model).train(), exponential(low, high, steps), []
    for rate, (x, y) in zip(rates, itertools.cycle(batches), strict=False):
        loss = cross_entropy(copied(x), y)
        losses.append(loss.item())
        if losses[-1] > 4 * min(losses) or losses[-1] != losses[-1]:
            break
        loss.backward()
        torch.optim.SGD(copied.parameters(), lr=rate).step()
    return rates[: len(losses)], losses


def wrong_best_rate_only(model, batches, low, high, steps):
    """hint: choosing one of them comes later"""
    rates = exponential(low, high, steps)
    losses = walk(copy.deepcopy(model), batches, rates)
    return rates[losses.index(min(losses))]


def wrong_returns_nothing(model, batches, low, high, steps):
    """hint: return"""
    walk(copy.deepcopy(model), batches, exponential(low, high, steps))


def right_on_the_model_itself(model, batches, low, high, steps):
    before, mode = copy.deepcopy(model.state_dict()), model.training
    rates = exponential(low, high, steps)
    losses = walk(model, batches, rates)
    model.load_state_dict(before)
    model.zero_grad(set_to_none=False)
    model.train(mode)
    return [rates[: len(losses)], losses]


def right_with_torchs_schedule(model, batches, low, high, steps):
    copied, rates, losses = copy.deepcopy(model), [], []
    copied.train()
    optimiser = torch.optim.SGD(copied.parameters(), lr=low)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, (high / low) ** (1 / (steps - 1)))
    for step in range(steps):
        x, y = batches[step % len(batches)]
        loss = nn.CrossEntropyLoss()(copied(x), y)
        rates.append(schedule.get_last_lr()[0])
        losses.append(loss.detach())
        if not torch.isfinite(loss) or loss > 4 * min(losses):
            break
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return rates, losses


def right_tensors(*, model, batches, low, high, steps):
    rates = torch.logspace(math.log10(low), math.log10(high), steps, dtype=torch.float64)
    losses = walk(copy.deepcopy(model), batches, rates.tolist())
    return rates[: len(losses)], torch.tensor(losses)


def by_hand(model, batches, low, high, steps, learning, over, kept=lambda loss: loss.item()):
    """Without an optimiser; `over(loss, losses)` ends it."""
    rates, losses = [], []
    for step in range(steps):
        x, y = batches[step % len(batches)]
        loss = cross_entropy(model(x), y)
        rates.append(low * (high / low) ** (step / (steps - 1)))
        losses.append(kept(loss))
        if over(loss.item(), losses):
            break
        with torch.no_grad():
            for p, g in zip(learning, torch.autograd.grad(loss, learning), strict=True):
                p -= rates[-1] * g
    return rates, losses


def not_below(loss, losses):
    return not math.isfinite(loss) or loss > 4 * min(losses)


def right_by_hand_what_learns(model, batches, low, high, steps):
    model = copy.deepcopy(model).train()
    learning = [p for p in model.parameters() if p.requires_grad]
    return by_hand(model, batches, low, high, steps, learning, not_below)


def wrong_isnan_only(model, batches, low, high, steps):
    """hint: isnan says nothing of"""
    model = copy.deepcopy(model).train()
    learning = [p for p in model.parameters() if p.requires_grad]
    return by_hand(model, batches, low, high, steps, learning,
                   lambda loss, losses: math.isnan(loss) or loss > 4 * min(losses))  # fmt: skip


def wrong_losses_keep_their_graph(model, batches, low, high, steps):
    """hint: keep the number, loss.item()"""
    model = copy.deepcopy(model).train()
    learning = [p for p in model.parameters() if p.requires_grad]
    return by_hand(model, batches, low, high, steps, learning, not_below, kept=lambda loss: loss)


def wrong_losses_stacked_with_their_graph(model, batches, low, high, steps):
    """hint: keep the number, loss.item()"""
    rates, losses = wrong_losses_keep_their_graph(model, batches, low, high, steps)
    return rates, torch.stack(losses)


def crash_gradient_of_the_frozen(model, batches, low, high, steps):
    """line: torch.autograd.grad(loss, learning)
    hint: those with requires_grad alone
    """
    model = copy.deepcopy(model).train()
    return by_hand(model, batches, low, high, steps, list(model.parameters()), not_below)


def crash_rate_is_no_attribute(model, batches, low, high, steps):
    """line: optimiser.lr *= 2"""
    optimiser = torch.optim.SGD(copy.deepcopy(model).parameters(), lr=low)
    optimiser.lr *= 2
    return [], []
