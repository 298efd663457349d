"""Answers to 06.12 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
import torch.nn.functional as F
from torch import nn


def accuracy(model, val, device):
    right = number = 0
    with torch.no_grad():
        for x, y in val:
            x, y = x.to(device), y.to(device)
            right += (model(x).argmax(-1) == y).sum().item()
            number += len(y)
    return right / number


def loop(model, train, epochs, lr, device, step, after):
    model.to(device)
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    accuracies = []
    for _ in range(epochs):
        model.train()
        for x, y in train:
            step(optimiser, x.to(device), y.to(device))
        accuracies.append(after())
    return accuracies


def wrong_untouched(model, train, val, epochs, lr, device):
    """hint: the five bugs are still in it"""
    model.to(device)
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    accuracies = []
    for _ in range(epochs):
        model.train()
        for x, y in train:
            probs = model(x).softmax(dim=-1)
            loss = F.cross_entropy(probs, y, reduction="sum")
            loss.backward()
            optimiser.step()
        right, number = 0, 0
        with torch.no_grad():
            for x, y in val:
                right += (model(x).argmax(dim=-1) == y).sum().item()
                number += len(y)
        accuracies.append(right / number)
    return accuracies


def wrong_gradients_left(model, train, val, epochs, lr, device):
    """hint: what does backward() do with the gradients that the batch before has left?"""

    def step(optimiser, x, y):
        F.cross_entropy(model(x), y).backward()
        optimiser.step()

    def after():
        model.eval()
        return accuracy(model, val, device)

    return loop(model, train, epochs, lr, device, step, after)


def wrong_softmax_and_sum(model, train, val, epochs, lr, device):
    """hint: two of the five bugs"""

    def step(optimiser, x, y):
        optimiser.zero_grad()
        F.cross_entropy(model(x).softmax(-1), y, reduction="sum").backward()
        optimiser.step()

    def after():
        model.eval()
        return accuracy(model, val, device)

    return loop(model, train, epochs, lr, device, step, after)


def wrong_only_eval_left(model, train, val, epochs, lr, device):
    """hint: in which mode is the model while the validation data"""

    def step(optimiser, x, y):
        optimiser.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimiser.step()

    return loop(model, train, epochs, lr, device, step, lambda: accuracy(model, val, device))


def wrong_never_trains_again(model, train, val, epochs, lr, device):
    """hint: after the first validation the model stays in evaluation mode"""
    model.to(device).train()
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    accuracies = []
    for _ in range(epochs):
        for x, y in train:
            optimiser.zero_grad(set_to_none=True)
            nn.CrossEntropyLoss()(model(x.to(device)), y.to(device)).backward()
            optimiser.step()
        model.eval()
        accuracies.append(accuracy(model, val, device))
    return accuracies


def wrong_cleared_before_the_step(model, train, val, epochs, lr, device):
    """hint: nothing left to step by"""

    def step(optimiser, x, y):
        F.cross_entropy(model(x), y).backward()
        optimiser.zero_grad()
        optimiser.step()

    def after():
        model.eval()
        return accuracy(model, val, device)

    return loop(model, train, epochs, lr, device, step, after)


def wrong_divided_by_the_batch_size_of_the_first(model, train, val, epochs, lr, device):
    """hint: what of a batch that is smaller?"""
    size = len(train[0][1])

    def step(optimiser, x, y):
        optimiser.zero_grad()
        (F.cross_entropy(model(x), y, reduction="sum") / size).backward()
        optimiser.step()

    def after():
        model.eval()
        return accuracy(model, val, device)

    return loop(model, train, epochs, lr, device, step, after)


def wrong_mean_of_batch_accuracies(model, train, val, epochs, lr, device):
    """hint: a last batch that is smaller must not count like a whole one"""

    def step(optimiser, x, y):
        optimiser.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimiser.step()

    def after():
        model.eval()
        each = [accuracy(model, [batch], device) for batch in val]
        return sum(each) / len(each)

    return loop(model, train, epochs, lr, device, step, after)


def crash_moves_only_in_training(model, train, val, epochs, lr, device):
    """line: hits = [model(x).argmax
    hint: what of x and y, in training and in validation?
    """

    def step(optimiser, x, y):
        optimiser.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimiser.step()

    def after():
        model.eval()
        with torch.no_grad():
            hits = [model(x).argmax(-1) == y for x, y in val]
        return torch.cat(hits).float().mean().item()

    return loop(model, train, epochs, lr, device, step, after)


def crash_labels_stay(model, train, val, epochs, lr, device):
    """line: F.cross_entropy(model(x.to(device)), y)
    hint: what of x and y
    """
    model.to(device)
    optimiser = torch.optim.SGD(model.parameters(), lr)
    found = []
    for _ in range(epochs):
        model.train()
        for x, y in train:
            optimiser.zero_grad()
            F.cross_entropy(model(x.to(device)), y).backward()
            optimiser.step()
        model.eval()
        found.append(accuracy(model, val, device))
    return found


def crash_model_stays(model, train, val, epochs, lr, device):
    """line: F.cross_entropy(model(x), y).backward()
    hint: where is model.to(device)?
    """
    optimiser = torch.optim.SGD(model.parameters(), lr)
    found = []
    for _ in range(epochs):
        model.train()
        for x, y in train:
            x, y = x.to(device), y.to(device)
            optimiser.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimiser.step()
        model.eval()
        found.append(accuracy(model, val, device))
    return found


def wrong_probabilities_into_nll(model, train, val, epochs, lr, device):
    """hint: nll_loss takes log-probabilities"""

    def step(optimiser, x, y):
        optimiser.zero_grad()
        F.nll_loss(F.softmax(model(x), dim=1), y).backward()
        optimiser.step()

    def after():
        model.eval()
        return accuracy(model, val, device)

    return loop(model, train, epochs, lr, device, step, after)


def wrong_returns_nothing(model, train, val, epochs, lr, device):
    """hint: return"""

    def step(optimiser, x, y):
        optimiser.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimiser.step()

    loop(model, train, epochs, lr, device, step, lambda: accuracy(model.eval(), val, device))


def wrong_last_accuracy_alone(model, train, val, epochs, lr, device):
    """hint: where do you append?"""

    def step(optimiser, x, y):
        optimiser.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimiser.step()

    return loop(model, train, epochs, lr, device, step, lambda: accuracy(model.eval(), val, device))[-1]


def right_sum_over_the_count(model, train, val, epochs, lr, device):
    model = model.to(device)
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    accuracies = []
    for _ in range(epochs):
        model.train()
        for x, y in train:
            y = y.to(x.to(device).device)
            log_probs = model(x.to(device)).log_softmax(dim=-1)
            loss = -log_probs[torch.arange(len(y)), y].sum() / len(y)
            loss.backward()
            optimiser.step()
            optimiser.zero_grad()
        model.eval()
        accuracies.append(torch.tensor(accuracy(model, val, device)))
    return tuple(accuracies)


def right_by_hand_without_an_optimiser(model, train, val, epochs, lr, device):
    model.to(device=device)
    loss_of, found = nn.CrossEntropyLoss(), []
    for _ in range(epochs):
        model.train()
        for x, y in train:
            model.zero_grad()
            loss_of(model(x.to(device, non_blocking=True)), y.to(device, non_blocking=True)).backward()
            with torch.no_grad():
                for p in model.parameters():
                    if p.grad is not None:
                        p -= lr * p.grad
        model.eval()
        found.append(accuracy(model, val, device))
        model.train()
    return found


def right_keywords(*, model, train, val, epochs, lr, device):
    def step(optimiser, x, y):
        optimiser.zero_grad()
        F.cross_entropy(
            F.log_softmax(model(x), dim=-1), y
        ).backward()  # twice the log-softmax changes nothing
        optimiser.step()

    return loop(model, train, epochs, lr, device, step, lambda: accuracy(model.eval(), val, device))


def crash_gpu_by_name(model, train, val, epochs, lr, device):
    """line: model.to("a graphics card")"""
    model.to("a graphics card")
    return []


def crash_backward_of_a_number(model, train, val, epochs, lr, device):
    """line: loss.item().backward()"""
    model.to(device)
    for x, y in train:
        loss = F.cross_entropy(model(x.to(device)), y.to(device))
        loss.item().backward()
    return []


def moved(model, train, val, epochs, lr, move_model, move):
    """The right loop, which moves the model and the batches so."""
    move_model(model)
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    accuracies = []
    for _ in range(epochs):
        model.train()
        for x, y in train:
            x, y = move(x), move(y)
            optimiser.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimiser.step()
        model.eval()
        with torch.no_grad():
            hits = [model(move(x)).argmax(-1) == move(y) for x, y in val]
        accuracies.append(torch.cat(hits).float().mean().item())
    return accuracies


def crash_batches_to_the_cpu(model, train, val, epochs, lr, device):
    """line: F.cross_entropy(model(x), y).backward()
    hint: You name the device yourself
    """
    return moved(model, train, val, epochs, lr, lambda m: m.to(device), lambda x: x.cpu())


def crash_batches_to_the_cpu_by_name(model, train, val, epochs, lr, device):
    """line: F.cross_entropy(model(x), y).backward()
    hint: You name the device yourself
    """
    return moved(model, train, val, epochs, lr, lambda m: m.to(device), lambda x: x.to("cpu"))


def crash_model_to_the_cpu(model, train, val, epochs, lr, device):
    """line: F.cross_entropy(model(x), y).backward()
    hint: You name the device yourself
    """
    return moved(model, train, val, epochs, lr, lambda m: m.to("cpu"), lambda x: x.to(device))


def crash_chosen_by_itself(model, train, val, epochs, lr, device):
    """line: F.cross_entropy(model(x), y).backward()
    hint: You name the device yourself
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return moved(model, train, val, epochs, lr, lambda m: m.to(device), lambda x: x.to(device))


def crash_model_cpu_and_nothing_moved(model, train, val, epochs, lr, device):
    """line: F.cross_entropy(model(x), y).backward()
    hint: You name the device yourself
    """
    return moved(model, train, val, epochs, lr, lambda m: m.cpu(), lambda x: x)


def right_device_of_the_model(model, train, val, epochs, lr, device):
    where = next(model.to(torch.device(device)).parameters()).device
    return moved(model, train, val, epochs, lr, lambda m: m.to(where), lambda x: x.to(where, copy=True))


def right_counted_on_the_cpu(model, train, val, epochs, lr, device):
    """Predictions come back to the labels, and the sum of losses lies where the model is."""
    model.to(device)
    optimiser = torch.optim.SGD(model.parameters(), lr=lr)
    found, total = [], torch.zeros(1, device=device)
    for _ in range(epochs):
        model.train()
        for x, y in ([value.to(device) for value in batch] for batch in train):
            loss = F.cross_entropy(model(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.detach()
        model.eval()
        right = number = 0
        with torch.no_grad():
            for x, y in val:
                right += (model(x.to(device)).argmax(-1).cpu() == y).sum()
                number += len(y)
        found.append(right / number)
    return found
