"""Answers to 07.4 choose_weight: wrong ones with words of their hint, right ones, crashing ones."""

import torch
import torch.nn.functional as F


def mix(logits, w):
    a, b = logits.log_softmax(-1)
    return torch.logaddexp(a + torch.tensor(w).log(), b + torch.tensor(1 - w).log())


def probs(logits, w):
    a, b = logits.softmax(-1)
    return w * a + (1 - w) * b


def pick(grid, losses, best=min):
    return grid.tolist()[losses.index(best(losses))]


def right_loop(val_logits, val_labels, test_logits, grid):
    best, lowest = None, float("inf")
    for w in grid:
        p = probs(val_logits, w)[torch.arange(len(val_labels)), val_labels]
        loss = -p.clamp(min=1e-30).log().mean()
        if loss < lowest:
            best, lowest = w, loss
    return best, mix(test_logits, best.item())


def right_all_at_once(*, val_logits, val_labels, test_logits, grid):
    a, b = val_logits.softmax(-1).gather(2, val_labels.expand(2, -1)[..., None])[..., 0]
    loss = -(grid[:, None] * a + (1 - grid[:, None]) * b).clamp(min=1e-30).log().mean(1)
    w = grid[loss.argmin()].item()
    return w, mix(test_logits, w)


def right_sum_of_losses(val_logits, val_labels, test_logits, grid):
    losses = [F.nll_loss(mix(val_logits, w), val_labels, reduction="sum").item() for w in grid.tolist()]
    w = pick(grid, losses)
    return [w, mix(test_logits, w)]


def wrong_sureness_on_test(val_logits, val_labels, test_logits, grid):
    """hint: on the test set"""
    w = pick(grid, [mix(test_logits, w).max(-1).values.mean().item() for w in grid.tolist()], max)
    return w, mix(test_logits, w)


def wrong_most_right_answers(val_logits, val_labels, test_logits, grid):
    """hint: you choose by accuracy"""
    right = [(mix(val_logits, w).argmax(-1) == val_labels).sum().item() for w in grid.tolist()]
    w = pick(grid, right, max)
    return w, mix(test_logits, w)


def wrong_highest_loss(val_logits, val_labels, test_logits, grid):
    """hint: the *lowest* log loss"""
    w = pick(grid, [F.nll_loss(mix(val_logits, w), val_labels).item() for w in grid.tolist()], max)
    return w, mix(test_logits, w)


def wrong_mixes_logits(val_logits, val_labels, test_logits, grid):
    """hint: mix probabilities"""

    def mixed(x, w):
        return (w * x[0] + (1 - w) * x[1]).log_softmax(-1)

    w = pick(grid, [F.nll_loss(mixed(val_logits, w), val_labels).item() for w in grid.tolist()])
    return w, mixed(test_logits, w)


def wrong_mixes_logarithms(val_logits, val_labels, test_logits, grid):
    """hint: mix probabilities"""

    def mixed(x, w):
        return w * x[0].log_softmax(-1) + (1 - w) * x[1].log_softmax(-1)

    w = pick(grid, [F.nll_loss(mixed(val_logits, w), val_labels).item() for w in grid.tolist()])
    return w, mixed(test_logits, w)


def wrong_weight_of_the_second(val_logits, val_labels, test_logits, grid):
    """hint: w for the first sense"""
    w = pick(grid, [F.nll_loss(mix(val_logits.flip(0), w), val_labels).item() for w in grid.tolist()])
    return w, mix(test_logits.flip(0), w)


def wrong_turned_on_test(val_logits, val_labels, test_logits, grid):
    """hint: on test to the second"""
    w = pick(grid, [F.nll_loss(mix(val_logits, w), val_labels).item() for w in grid.tolist()])
    return w, mix(test_logits.flip(0), w)


def wrong_second_counts_in_full(val_logits, val_labels, test_logits, grid):
    """hint: they add up to 1"""

    def mixed(x, w):
        return (w * x[0].softmax(-1) + x[1].softmax(-1)).log()

    w = pick(grid, [F.nll_loss(mixed(val_logits, w), val_labels).item() for w in grid.tolist()])
    return w, mixed(test_logits, w)


def wrong_probabilities(val_logits, val_labels, test_logits, grid):
    """hint: their logarithm is wanted"""
    w = pick(grid, [F.nll_loss(mix(val_logits, w), val_labels).item() for w in grid.tolist()])
    return w, probs(test_logits, w)


def wrong_log_of_zero(val_logits, val_labels, test_logits, grid):
    """hint: logsumexp of log_softmax"""
    w = pick(grid, [F.nll_loss(probs(val_logits, w).log(), val_labels).item() for w in grid.tolist()])
    return w, probs(test_logits, w).log()


def wrong_place_in_the_grid(val_logits, val_labels, test_logits, grid):
    """hint: not its place in the grid"""
    losses = torch.stack([F.nll_loss(mix(val_logits, w), val_labels) for w in grid.tolist()])
    return losses.argmin().item(), mix(test_logits, grid[losses.argmin()].item())


def wrong_validation_mixture(val_logits, val_labels, test_logits, grid):
    """hint: the *test* opinions"""
    w = pick(grid, [F.nll_loss(mix(val_logits, w), val_labels).item() for w in grid.tolist()])
    return w, mix(val_logits, w)


def wrong_cross_entropy_of_probabilities(val_logits, val_labels, test_logits, grid):
    """hint: another softmax"""
    w = pick(grid, [F.cross_entropy(probs(val_logits, w), val_labels).item() for w in grid.tolist()])
    return w, mix(test_logits, w)


def wrong_no_logarithm_in_the_loss(val_logits, val_labels, test_logits, grid):
    """hint: mean of −log p"""
    w = pick(grid, [F.nll_loss(probs(val_logits, w), val_labels).item() for w in grid.tolist()])
    return w, mix(test_logits, w)


def wrong_all_for_the_better(val_logits, val_labels, test_logits, grid):
    """hint: throws the other away"""
    a, b = (F.cross_entropy(x, val_labels) for x in val_logits)
    w = 1.0 if a <= b else 0.0
    return w, mix(test_logits, w)


def wrong_always_half(val_logits, val_labels, test_logits, grid):
    """hint: always a half"""
    return 0.5, mix(test_logits, 0.5)


def crash_test_labels(val_logits, val_labels, test_logits, grid):
    """line: F.nll_loss(mix(test_logits, 0.5), val_labels[:0])"""
    return grid[0].item(), F.nll_loss(mix(test_logits, 0.5), val_labels[:0])


def crash_three_senses(val_logits, val_labels, test_logits, grid):
    """line: a, b, c = val_logits"""
    a, b, c = val_logits
    return 0.5, a + b + c
