"""Answers to 06.1 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import copy

import torch
from torch import nn
from torch.nn import functional


def wrong_gradients_never_emptied(model, batch, optimiser):
    """hint: backward adds the new ones"""
    x, y = batch
    model.train()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_emptied_at_the_end(model, batch, optimiser):
    """hint: after the step only"""
    x, y = batch
    model.train()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


def wrong_emptied_between(model, batch, optimiser):
    """hint: between backward and step"""
    x, y = batch
    model.train()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.zero_grad()
    optimiser.step()
    return loss.item()


def wrong_emptied_between_by_hand(model, batch, optimiser):
    """hint: between backward and step"""
    x, y = batch
    model.train()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    for p in model.parameters():
        p.grad = None
    optimiser.step()
    return float(loss)


def wrong_no_step(model, batch, optimiser):
    """hint: who steps?"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = nn.CrossEntropyLoss()(model(x), y)
    loss.backward()
    return loss.item()


def wrong_no_backward(model, batch, optimiser):
    """hint: which call computes them?"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = nn.CrossEntropyLoss()(model(x), y)
    optimiser.step()
    return loss.item()


def wrong_step_before_backward(model, batch, optimiser):
    """hint: first backward, then step"""
    x, y = batch
    model.train()
    loss = functional.cross_entropy(model(x), y)
    optimiser.step()
    optimiser.zero_grad()
    loss.backward()
    return loss.item()


def wrong_steps_twice(model, batch, optimiser):
    """hint: runs twice: once a batch"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    optimiser.step()
    return loss.item()


def wrong_mode_as_it_was(model, batch, optimiser):
    """hint: switch training on first"""
    x, y = batch
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_mode_switched_too_late(model, batch, optimiser):
    """hint: switch training on first"""
    x, y = batch
    logits = model(x)
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(logits, y)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_eval_mode(model, batch, optimiser):
    """hint: that is for measuring"""
    x, y = batch
    model.eval()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_summed(model, batch, optimiser):
    """hint: a step twice as long"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y, reduction="sum")
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_divided_by_the_batch(model, batch, optimiser):
    """hint: divide by the batch size once more"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y) / len(x)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_softmax_twice(model, batch, optimiser):
    """hint: does the softmax itself"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    probs = torch.softmax(model(x), dim=1)
    loss = functional.cross_entropy(probs, y)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_sigmoid_first(model, batch, optimiser):
    """hint: does the softmax itself"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(torch.sigmoid(model(x)), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_nll_of_logits(model, batch, optimiser):
    """hint: takes log_probs and gets logits"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.nll_loss(model(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_brackets_forgotten(model, batch, optimiser):
    """hint: only their brackets"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward  # noqa: B018
    optimiser.step  # noqa: B018
    return loss.item()


def wrong_trains_a_copy(model, batch, optimiser):
    """hint: a copy of the model"""
    x, y = batch
    own = copy.deepcopy(model)
    own.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(own(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_softmax_over_the_batch(model, batch, optimiser):
    """hint: over the classes"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    log_probs = torch.log_softmax(model(x), dim=0)
    loss = -log_probs[range(len(y)), y].mean()
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_every_label(model, batch, optimiser):
    """hint: one number a row"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = -torch.log_softmax(model(x), dim=1)[:, y].mean()
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_squared_error(model, batch, optimiser):
    """hint: squared error"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    logits = model(x)
    loss = ((logits - torch.eye(logits.shape[1], dtype=x.dtype)[y]) ** 2).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


def wrong_uphill(model, batch, optimiser):
    """hint: goes uphill"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    (-loss).backward()
    optimiser.step()
    return loss.item()


def wrong_loss_after_the_step(model, batch, optimiser):
    """hint: loss after the step"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    functional.cross_entropy(model(x), y).backward()
    optimiser.step()
    return functional.cross_entropy(model(x), y).item()


def wrong_runs_the_model_twice(model, batch, optimiser):
    """hint: running averages"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    functional.cross_entropy(model(x), y).backward()
    with torch.no_grad():
        loss = functional.cross_entropy(model(x), y)
    optimiser.step()
    return loss.item()


def wrong_keeps_the_graph(model, batch, optimiser):
    """hint: drags its whole graph along"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    return loss


def wrong_returns_the_logits(model, batch, optimiser):
    """hint: one number is wanted"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    logits = model(x)
    functional.cross_entropy(logits, y).backward()
    optimiser.step()
    return logits.detach()


def wrong_returns_the_accuracy(model, batch, optimiser):
    """hint: this is the accuracy"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    logits = model(x)
    functional.cross_entropy(logits, y).backward()
    optimiser.step()
    return (logits.argmax(dim=1) == y).sum().item() / len(y)


def wrong_times_the_batch(model, batch, optimiser):
    """hint: mean over the batch, not times its size"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    return loss.item() * x.size(0)


def wrong_returns_a_pair(model, batch, optimiser):
    """hint: one number is wanted"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    logits = model(x)
    loss = functional.cross_entropy(logits, y)
    loss.backward()
    optimiser.step()
    return loss.item(), (logits.argmax(dim=1) == y).float().mean().item()


def wrong_returns_nothing(model, batch, optimiser):
    """hint: should end with return"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()


def wrong_sgd_of_its_own(model, batch, optimiser):
    """hint: call its step()"""
    x, y = batch
    own = torch.optim.SGD(model.parameters(), lr=optimiser.param_groups[0]["lr"])
    model.train()
    own.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    own.step()
    return loss.item()


def wrong_by_hand(model, batch, optimiser):
    """hint: call its step()"""
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    for p in model.parameters():
        if p.grad is not None:
            p.data = p.data - optimiser.param_groups[0]["lr"] * p.grad
    return loss.item()


def wrong_example_by_example(model, batch, optimiser):
    """hint: step once an example"""
    total = 0
    model.train()
    for x, y in zip(*batch, strict=True):
        optimiser.zero_grad()
        loss = functional.cross_entropy(model(x.unsqueeze(0)), y.unsqueeze(0))
        loss.backward()
        optimiser.step()
        total += loss.item()
    return total / len(batch[0])


def right_model_zero_grad(model, batch, optimiser):
    model.train()
    model.zero_grad()
    loss = nn.CrossEntropyLoss()(model(batch[0]), batch[1])
    loss.backward()
    optimiser.step()
    return loss.detach()


def right_log_softmax_by_hand(*, model, batch, optimiser):
    x, y = batch
    mode = model.training
    model.train()
    log_probs = model(x).log_softmax(dim=-1)
    loss = -log_probs[torch.arange(len(y)), y].mean()
    optimiser.zero_grad(set_to_none=False)
    loss.backward()
    optimiser.step()
    model.train(mode)
    return loss.detach().numpy()[()]


def right_autograd_grad(model, batch, optimiser, device="cpu"):
    x, y = batch
    model.train(True)
    learning = [p for p in model.parameters() if p.requires_grad]
    loss = functional.cross_entropy(model(x), y)
    grads = torch.autograd.grad(loss, learning, allow_unused=True)
    for p, grad in zip(learning, grads, strict=True):
        p.grad = grad
    optimiser.step()
    optimiser.zero_grad()
    return float(loss)


def right_summed_and_divided(model, batch, optimiser):
    x, y = batch
    model.train()
    for p in model.parameters():
        p.grad = None
    loss = functional.cross_entropy(model(x), y, reduction="sum") / y.shape[0]
    loss.backward()
    optimiser.step()
    return loss.item()


def crash_number_before_backward(model, batch, optimiser):
    """line: loss.backward()
    hint: at the very end
    """
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y).item()
    loss.backward()
    optimiser.step()
    return loss


def crash_under_no_grad(model, batch, optimiser):
    """line: loss.backward()
    hint: no way back
    """
    x, y = batch
    model.train()
    optimiser.zero_grad()
    with torch.no_grad():
        logits = model(x)
    loss = functional.cross_entropy(logits, y)
    loss.backward()
    optimiser.step()
    return loss.item()


def crash_share_of_errors(model, batch, optimiser):
    """line: loss.backward()
    hint: no way back
    """
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = (model(x).argmax(dim=1) != y).float().mean()
    loss.backward()
    optimiser.step()
    return loss.item()


def crash_a_loss_for_each(model, batch, optimiser):
    """line: loss.backward()
    hint: a single number
    """
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y, reduction="none")
    loss.backward()
    optimiser.step()
    return loss.mean().item()


def crash_labels_first(model, batch, optimiser):
    """line: functional.cross_entropy(y, model(x))
    hint: logits first
    """
    x, y = batch
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(y, model(x))
    loss.backward()
    optimiser.step()
    return loss.item()


def crash_whole_pair(model, batch, optimiser):
    """line: model(batch)
    hint: a batch is a pair
    """
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(batch), batch[1])
    loss.backward()
    optimiser.step()
    return loss.item()


def crash_dict_of_the_lesson(model, batch, optimiser):
    """line: batch["label"]
    hint: not a dict as in the lesson
    """
    labels = batch["label"]
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(batch), labels)
    loss.backward()
    optimiser.step()
    return loss.item()


def right_detached_tensor(model, batch, optimiser):
    x, y = batch
    was = model.training
    model.train()
    optimiser.zero_grad()
    loss = functional.cross_entropy(model(x), y)
    loss.backward()
    optimiser.step()
    model.train(was)
    return loss.detach()
