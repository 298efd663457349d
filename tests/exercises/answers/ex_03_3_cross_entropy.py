"""Answers to 03.3 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def log_softmax(logits, dim=-1):
    shifted = logits - logits.amax(dim=dim, keepdim=True)
    return shifted - shifted.exp().sum(dim=dim, keepdim=True).log()


def wrong_sums_over_the_batch(logits, target):
    """hint: sum of the losses"""
    log_probs = log_softmax(logits)
    return -sum(log_probs[i, target[i]] for i in range(len(target)))


def wrong_softmax_without_shift(logits, target):
    """hint: log_softmax of 03.2"""
    p = logits.exp() / logits.exp().sum(dim=1, keepdim=True)
    return -p[torch.arange(len(target)), target].log().mean()


def wrong_log_of_the_safe_softmax(logits, target):
    """hint: hopeless class"""
    p = torch.softmax(logits, dim=1)
    return -torch.log(p.gather(1, target[:, None])).mean()


def wrong_epsilon_in_the_log(logits, target):
    """hint: ceiling"""
    p = torch.softmax(logits, dim=-1)[torch.arange(logits.shape[0]), target]
    return -(p + 1e-9).log().mean()


def wrong_softmax_twice(logits, target):
    """hint: twice"""
    return torch.nn.CrossEntropyLoss()(torch.softmax(logits, dim=-1), target)


def wrong_sign_forgotten(logits, target):
    """hint: sign"""
    return log_softmax(logits)[torch.arange(len(target)), target].mean()


def wrong_probability_without_log(logits, target):
    """hint: logarithm is missing"""
    return F.nll_loss(torch.softmax(logits, 1), target)


def wrong_log_of_the_mean(logits, target):
    """hint: each example has a loss"""
    p = log_softmax(logits).exp()
    return -torch.log(p[torch.arange(len(target)), target].mean())


def wrong_one_loss_an_example(logits, target):
    """hint: return their mean"""
    return -log_softmax(logits)[torch.arange(len(target)), target]


def wrong_looks_at_the_favourite(logits, target):
    """hint: favourite"""
    log_probs = log_softmax(logits)
    return -log_probs.max(dim=1).values.mean()


def wrong_takes_columns(logits, target):
    """hint: entry target[i] of row i"""
    log_probs = log_softmax(logits)
    return -torch.mean(log_probs[:, target])


def wrong_one_hot_mean_over_classes(logits, target):
    """hint: examples and classes"""
    hot = F.one_hot(target, logits.shape[1])
    return -(hot * log_softmax(logits)).mean()


def wrong_softmax_over_the_batch(logits, target):
    """hint: over the batch"""
    log_probs = log_softmax(logits, dim=0)
    return -log_probs[torch.arange(len(target)), target].mean()


def wrong_returns_in_the_loop(logits, target):
    """hint: inside your loop"""
    for row, right in zip(log_softmax(logits), target, strict=True):
        return -row[right]


def wrong_python_number(logits, target):
    """hint: no gradient"""
    return -log_softmax(logits)[torch.arange(len(target)), target].mean().item()


def wrong_logits_not_turned(logits, target):
    """hint: logits themselves"""
    return -logits[torch.arange(len(logits)), target].mean()


def right_one_hot(logits, target):
    hot = F.one_hot(target, logits.shape[1]).to(logits)
    return -(hot * log_softmax(logits)).sum(dim=1).mean()


def right_loop(*, logits, target):
    losses = [torch.logsumexp(row, dim=0) - row[t] for row, t in zip(logits, target, strict=True)]
    return sum(losses) / len(losses)


def right_gather(logits, target, reduction="mean"):
    return -log_softmax(logits).gather(1, target.unsqueeze(1)).squeeze(1).mean()


def crash_gathers_with_a_row(logits, target):
    """line: gather(1, target)
    hint: target[:, None]"""
    return -log_softmax(logits).gather(1, target).mean()


def crash_max_needs_an_axis(logits, target):
    """line: shifted.log_softmax()"""
    shifted = logits - logits.max()
    return -shifted.log_softmax()[torch.arange(len(target)), target].mean()


def wrong_largest_of_zero_and_logits(logits, target):
    """hint: even if it is negative"""
    largest = logits.max(dim=1, keepdim=True).values.clamp(min=0)
    log_sum = largest[:, 0] + torch.log(torch.exp(logits - largest).sum(dim=1))
    return (log_sum - logits[torch.arange(len(target)), target]).mean()
