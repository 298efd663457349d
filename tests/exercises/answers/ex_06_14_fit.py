"""Answers to 06.14 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import copy
import math

import torch
from torch import nn
from torch.nn.functional import cross_entropy


def learning_rate(step, total, peak, warmup):
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    return peak * (1 + math.cos(math.pi * (step - warmup) / max(total - warmup, 1))) / 2


def validate(model, batches):
    model.eval()
    total = right = count = 0
    with torch.no_grad():
        for x, y in batches:
            logits = model(x)
            total += cross_entropy(logits, y).item() * len(y)
            right += (logits.argmax(dim=1) == y).sum().item()
            count += len(y)
    return total / count, right / count


def clipped_step(model, x, y, optimiser, max_norm):
    model.train()
    optimiser.zero_grad()
    loss = cross_entropy(model(x), y)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    return loss.item()


def epochs_of(model, train, val, epochs, optimiser, rate, max_norm, step_of=clipped_step):
    """An epoch at a time: its losses and those on val."""
    step = 0
    for _ in range(epochs):
        total = count = 0
        for x, y in train:
            optimiser.param_groups[0]["lr"] = rate(step)
            total += step_of(model, x, y, optimiser, max_norm) * len(y)
            count += len(y)
            step += 1
        yield total / count, *validate(model, val)


def built(model, train, val, epochs, peak, warmup, max_norm, patience, *, rate=None, keep=copy.deepcopy,
          load=True, step_of=clipped_step, better=lambda now, best: now < best, optimiser=None,
          over=lambda waited, patience: waited >= patience):  # fmt: skip
    total = epochs * len(train)
    rate = rate or (lambda step: learning_rate(step, total, peak, warmup))
    optimiser = optimiser or torch.optim.AdamW(model.parameters(), lr=peak)
    history = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    best, waited = math.inf, 0
    for found in epochs_of(model, train, val, epochs, optimiser, rate, max_norm, step_of):
        for name, value in zip(history, found, strict=True):
            history[name].append(value)
        if better(found[1], best):
            best, waited, kept = found[1], 0, keep(model.state_dict())
        else:
            waited += 1
        if over(waited, patience):
            break
    if load:
        model.load_state_dict(kept)
    return history


def wrong_constant_rate(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: the learning rate is peak at every step"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience, rate=lambda step: peak)


def wrong_warmup_from_zero(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: your first step has a learning rate of 0"""
    total = epochs * len(train)

    def rate(step):
        return peak * step / warmup if step < warmup else learning_rate(step, total, peak, warmup)

    return built(model, train, val, epochs, peak, warmup, max_norm, patience, rate=rate)


def wrong_peak_too_early(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: reaches peak one step early"""
    total = epochs * len(train)

    def rate(step):
        return peak * (step + 1) / warmup if step < warmup else learning_rate(step, total, peak, warmup)

    return built(model, train, val, epochs, peak, warmup, max_norm, patience, rate=rate)


def wrong_only_cosine(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: the warm-up is missing"""
    total = epochs * len(train)

    def rate(step):
        return learning_rate(step, total, peak, 0)

    return built(model, train, val, epochs, peak, warmup, max_norm, patience, rate=rate)


def wrong_rate_by_epoch(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: or once an epoch"""

    def rate(step):
        return learning_rate(step // len(train), epochs, peak, warmup)

    return built(model, train, val, epochs, peak, warmup, max_norm, patience, rate=rate)


def wrong_no_clipping(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: the gradients are not clipped"""
    return built(model, train, val, epochs, peak, warmup, math.inf, patience)


def wrong_clips_after_the_step(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: the gradients are not clipped"""

    def step_of(model, x, y, optimiser, max_norm):
        loss = clipped_step(model, x, y, optimiser, math.inf)
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        return loss

    return built(model, train, val, epochs, peak, warmup, max_norm, patience, step_of=step_of)


def wrong_never_stops(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: you train through all epochs"""
    return built(model, train, val, epochs, peak, warmup, max_norm, 10**9)


def wrong_one_epoch_too_long(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: is it > or >= patience"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience, over=lambda w, p: w > p)


def wrong_keeps_references(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: as a copy"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience, keep=lambda state: state)


def wrong_shallow_copy(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: hands out the tensors that training changes"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience, keep=dict)


def wrong_best_not_loaded(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: loaded in the end"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience, load=False)


def wrong_equal_is_better(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: is it < or <="""
    options = {"better": lambda now, best: now <= best}
    return built(model, train, val, epochs, peak, warmup, max_norm, patience, **options)


def wrong_plain_adam(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: Adam instead of AdamW"""
    adam = torch.optim.Adam(model.parameters(), lr=peak)
    return built(model, train, val, epochs, peak, warmup, max_norm, patience, optimiser=adam)


def wrong_gradients_add_up(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: where is zero_grad()"""

    def step_of(model, x, y, optimiser, max_norm):
        model.train()
        loss = cross_entropy(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimiser.step()
        return loss.item()

    return built(model, train, val, epochs, peak, warmup, max_norm, patience, step_of=step_of)


def wrong_mode_of_validation(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: trains in the mode of validation"""
    model.train()

    def step_of(model, x, y, optimiser, max_norm):
        optimiser.zero_grad()
        loss = cross_entropy(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimiser.step()
        return loss.item()

    return built(model, train, val, epochs, peak, warmup, max_norm, patience, step_of=step_of)


def wrong_mean_of_batch_losses(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: your train_loss is a mean of the batches' means"""
    losses = []

    def step_of(model, x, y, optimiser, max_norm):
        losses.append(clipped_step(model, x, y, optimiser, max_norm))
        return losses[-1]

    history = built(model, train, val, epochs, peak, warmup, max_norm, patience, step_of=step_of)
    each = [losses[n : n + len(train)] for n in range(0, len(losses), len(train))]
    return {**history, "train_loss": [sum(some) / len(some) for some in each]}


def wrong_no_train_loss(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: lacks the key 'train_loss'"""
    history = built(model, train, val, epochs, peak, warmup, max_norm, patience)
    return {name: history[name] for name in ("val_loss", "val_accuracy")}


def wrong_returns_nothing(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: return"""
    built(model, train, val, epochs, peak, warmup, max_norm, patience)


def right_of_pieces(model, train, val, epochs, peak, warmup, max_norm, patience):
    return built(model, train, val, epochs, peak, warmup, max_norm, patience)


def right_by_torchs_schedule(model, train, val, epochs, peak, warmup, max_norm, patience):
    total, place = epochs * len(train), 0
    optimiser = torch.optim.AdamW(model.parameters(), lr=peak)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: learning_rate(step, total, 1.0, warmup)
    )
    history = {"val_loss": [], "val_accuracy": [], "train_loss": [], "learning_rate": []}
    for epoch in range(epochs):
        model.train()
        seen = torch.zeros(())
        for x, y in train:
            loss = cross_entropy(model(x), y)
            optimiser.zero_grad(set_to_none=False)
            loss.backward()
            grads = [p.grad for p in model.parameters() if p.grad is not None]
            norm = torch.sqrt(sum(g.square().sum() for g in grads))
            if norm > max_norm:
                for g in grads:
                    g *= max_norm / norm
            optimiser.step()
            history["learning_rate"] += schedule.get_last_lr()
            schedule.step()
            seen += loss.detach() * len(y)
        history["train_loss"].append(seen / sum(len(y) for _, y in train))
        loss, accuracy = validate(model, val)
        history["val_loss"].append(torch.tensor(loss))
        history["val_accuracy"].append(accuracy)
        if epoch == 0 or loss < history["val_loss"][place].item() - 1e-6:
            place, kept = epoch, {name: value.clone() for name, value in model.state_dict().items()}
        if epoch - place == patience:
            break
    model.load_state_dict(kept)
    return history


def right_by_keyword(*, model, train, val, epochs, peak, warmup, max_norm, patience):
    return built(model, train, val, epochs, peak, warmup, max_norm, patience)


def crash_best_is_none(model, train, val, epochs, peak, warmup, max_norm, patience):
    """line: if loss < best"""
    best = None
    for _ in range(epochs):
        loss, _ = validate(model, val)
        if loss < best:
            best = loss
    return {}


def wrong_better_by_a_thousandth(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: who asked for a min_delta?"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience,
                 better=lambda now, best: now < best - 1e-3)  # fmt: skip


def wrong_better_by_a_ten_thousandth(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: who asked for a min_delta?"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience,
                 better=lambda now, best: best - now > 1e-4)  # fmt: skip


def wrong_losses_keep_their_graph(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: keep the number, loss.item()"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience, step_of=step_with_graph)


def step_with_graph(model, x, y, optimiser, max_norm):
    model.train()
    optimiser.zero_grad()
    loss = cross_entropy(model(x), y)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimiser.step()
    return loss


def wrong_best_begins_at_zero(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: no loss is below 0"""
    optimiser = torch.optim.AdamW(model.parameters())
    history = {"train_loss": [], "val_loss": [], "val_accuracy": []}
    best, waited, kept = 0.0, 0, copy.deepcopy(model.state_dict())
    rates = lambda step: learning_rate(step, epochs * len(train), peak, warmup)  # noqa: E731
    for found in epochs_of(model, train, val, epochs, optimiser, rates, max_norm):
        for name, value in zip(history, found, strict=True):
            history[name].append(value)
        waited += 1
        if found[1] < best:
            best, waited, kept = found[1], 0, copy.deepcopy(model.state_dict())
        if waited == patience:
            break
    model.load_state_dict(kept)
    return history


def wrong_returns_the_model(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: you return the model"""
    built(model, train, val, epochs, peak, warmup, max_norm, patience)
    return model


def wrong_first_worse_epoch_ends_it(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: where does patience come in?"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience,
                 over=lambda waited, patience: waited > 0)  # fmt: skip


def wrong_rate_after_the_step(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: set after the step"""
    optimiser = torch.optim.AdamW(model.parameters())
    total, step = epochs * len(train), 0

    def late(model, x, y, optimiser, max_norm):
        nonlocal step
        optimiser.param_groups[0]["lr"] = learning_rate(step - 1, total, peak, warmup) if step else 1e-3
        step += 1
        return clipped_step(model, x, y, optimiser, max_norm)

    return built(model, train, val, epochs, peak, warmup, max_norm, patience, step_of=late,
                 optimiser=optimiser)  # fmt: skip


def wrong_norm_of_one(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: whatever max_norm says"""
    return built(model, train, val, epochs, peak, warmup, 1.0, patience)


def wrong_warm_up_in_epochs(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: is it in epochs or in steps"""
    total, long = epochs * len(train), warmup * len(train)
    return built(model, train, val, epochs, peak, warmup, max_norm, patience,
                 rate=lambda step: learning_rate(step, total, peak, long))  # fmt: skip


def wrong_total_is_the_epochs(model, train, val, epochs, peak, warmup, max_norm, patience):
    """hint: how many steps are there in all?"""
    return built(model, train, val, epochs, peak, warmup, max_norm, patience,
                 rate=lambda step: learning_rate(step, epochs, peak, warmup))  # fmt: skip
