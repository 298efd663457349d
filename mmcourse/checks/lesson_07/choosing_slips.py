"""A weight for two senses, chosen on validation; right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def mixed(logits, weight):
    """Log of weight · p_1 + (1 − weight) · p_2, [batch, class]."""
    shares = torch.tensor([weight, 1 - weight], dtype=logits.dtype).log()
    return (logits.log_softmax(-1) + shares[:, None, None]).logsumexp(0)


def chosen(val_logits, val_labels, test_logits, grid):
    losses = [F.nll_loss(mixed(val_logits, w), val_labels).item() for w in grid.tolist()]
    best = grid.tolist()[losses.index(min(losses))]
    return best, mixed(test_logits, best)


def by(losses, test_logits, grid, mix=mixed, pick=min):
    losses = list(losses)
    best = grid.tolist()[losses.index(pick(losses))]
    return best, mix(test_logits, best)


def _losses(logits, labels, grid, mix=mixed):
    return [F.nll_loss(mix(logits, w), labels).item() for w in grid.tolist()]


def on_test(val_logits, val_labels, test_logits, grid):
    """The sureness on the test set, for want of its labels."""
    sure = [-mixed(test_logits, w).amax(-1).mean().item() for w in grid.tolist()]
    return by(sure, test_logits, grid)


def by_accuracy(val_logits, val_labels, test_logits, grid):
    right = [(mixed(val_logits, w).argmax(-1) == val_labels).double().mean().item() for w in grid.tolist()]
    return by(right, test_logits, grid, pick=max)


def highest(val_logits, val_labels, test_logits, grid):
    return by(_losses(val_logits, val_labels, grid), test_logits, grid, pick=max)


def logit_mix(logits, weight):
    return (weight * logits[0] + (1 - weight) * logits[1]).log_softmax(-1)


def of_logits(val_logits, val_labels, test_logits, grid):
    return by(_losses(val_logits, val_labels, grid, logit_mix), test_logits, grid, logit_mix)


def log_mix(logits, weight):
    logs = logits.log_softmax(-1)
    return weight * logs[0] + (1 - weight) * logs[1]


def of_log_probs(val_logits, val_labels, test_logits, grid):
    return by(_losses(val_logits, val_labels, grid, log_mix), test_logits, grid, log_mix)


def swap_mix(logits, weight):
    return mixed(logits.flip(0), weight)


def swapped(val_logits, val_labels, test_logits, grid):
    return by(_losses(val_logits, val_labels, grid, swap_mix), test_logits, grid, swap_mix)


def swapped_on_test(val_logits, val_labels, test_logits, grid):
    return by(_losses(val_logits, val_labels, grid), test_logits, grid, swap_mix)


def sum_mix(logits, weight):
    """The second with a weight of 1."""
    probs = logits.softmax(-1)
    return (weight * probs[0] + probs[1]).log()


def second_full(val_logits, val_labels, test_logits, grid):
    return by(_losses(val_logits, val_labels, grid, sum_mix), test_logits, grid, sum_mix)


def probabilities(val_logits, val_labels, test_logits, grid):
    best, logs = chosen(val_logits, val_labels, test_logits, grid)
    return best, logs.exp()


def unsafe_mix(logits, weight):
    probs = logits.softmax(-1)
    return (weight * probs[0] + (1 - weight) * probs[1]).log()


def log_of_zero(val_logits, val_labels, test_logits, grid):
    return by(_losses(val_logits, val_labels, grid, unsafe_mix), test_logits, grid, unsafe_mix)


def place_returned(val_logits, val_labels, test_logits, grid):
    best, logs = chosen(val_logits, val_labels, test_logits, grid)
    return grid.tolist().index(best), logs


def validation_returned(val_logits, val_labels, test_logits, grid):
    best, _ = chosen(val_logits, val_labels, test_logits, grid)
    return best, mixed(val_logits, best)


def softmax_twice(val_logits, val_labels, test_logits, grid):
    """cross_entropy of probabilities."""
    probs = [unsafe_mix(val_logits, w).exp() for w in grid.tolist()]
    return by([F.cross_entropy(p, val_labels).item() for p in probs], test_logits, grid)


def loss_of_probs(val_logits, val_labels, test_logits, grid):
    """nll_loss of probabilities: their mean, without a log."""
    probs = [unsafe_mix(val_logits, w).exp() for w in grid.tolist()]
    return by([F.nll_loss(p, val_labels).item() for p in probs], test_logits, grid)


def mean_weight(val_logits, val_labels, test_logits, grid):
    """Weights by how good each is, not the best."""
    losses = torch.tensor(_losses(val_logits, val_labels, grid))
    best = ((-losses).softmax(0) * grid).sum().item()
    return best, mixed(test_logits, best)


def better_alone(val_logits, val_labels, test_logits, grid):
    """All the weight for the better sense."""
    best = 1.0 if by_alone(val_logits, val_labels) else 0.0
    return best, mixed(test_logits, best)


def by_alone(val_logits, val_labels):
    first, second = (F.cross_entropy(x, val_labels).item() for x in val_logits)
    return first <= second


def half(val_logits, val_labels, test_logits, grid):
    return 0.5, mixed(test_logits, 0.5)


def over_batch_mix(logits, weight):
    probs = logits.softmax(1)
    return (weight * probs[0] + (1 - weight) * probs[1]).log()


def over_batch(val_logits, val_labels, test_logits, grid):
    return by(_losses(val_logits, val_labels, grid, over_batch_mix), test_logits, grid, over_batch_mix)
