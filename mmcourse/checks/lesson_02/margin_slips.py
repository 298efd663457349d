"""Multi-class hinge losses, right and as people get them wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def own(scores, target):
    """True at each row's own class: [row, class]."""
    return F.one_hot(target, scores.shape[1]).bool()


def missing(scores, target, margin=1.0):
    """What each class lacks of the margin, below 0 where it has more; the own class's entry is the margin."""
    return margin - scores.gather(1, target[:, None]) + scores


def each(scores, target, margin=1.0, p=1):
    """What each class costs: [row, class], 0 for the own one."""
    return missing(scores, target, margin).relu().masked_fill(own(scores, target), 0) ** p


def hinge(scores, target, margin=1.0):
    return each(scores, target, margin).sum(1).mean() / scores.shape[1]


def own_class_too(scores, target, margin=1.0):
    return missing(scores, target, margin).relu().mean()


def own_class_too_summed(scores, target, margin=1.0):
    return missing(scores, target, margin).relu().sum(1).mean()


def margin_off_the_mean(scores, target, margin=1.0):
    """The own class's margin taken away after the division by the classes."""
    return own_class_too(scores, target, margin) - margin


def by_the_others(scores, target, margin=1.0):
    return each(scores, target, margin).sum(1).mean() / (scores.shape[1] - 1)


def not_divided(scores, target, margin=1.0):
    return each(scores, target, margin).sum(1).mean()


def summed_over_rows(scores, target, margin=1.0):
    return each(scores, target, margin).mean(1).sum()


def summed(scores, target, margin=1.0):
    return each(scores, target, margin).sum()


def of_those_that_miss(scores, target, margin=1.0):
    """The mean over entries above 0 alone: 0 / 0 where no class is too near."""
    costs = each(scores, target, margin)
    return costs[costs > 0].mean()


def strongest_rival(scores, target, margin=1.0):
    """Crammer and Singer's loss: only the nearest other class."""
    return each(scores, target, margin).amax(1).mean()


def strongest_rival_divided(scores, target, margin=1.0):
    return strongest_rival(scores, target, margin) / scores.shape[1]


def turned(scores, target, margin=1.0):
    """The difference the other way round: the right class is pushed down."""
    costs = (margin + scores.gather(1, target[:, None]) - scores).relu()
    return costs.masked_fill(own(scores, target), 0).mean()


def margin_subtracted(scores, target, margin=1.0):
    return hinge(scores, target, -margin)


def no_margin(scores, target, margin=1.0):
    return hinge(scores, target, 0.0)


def margin_always_1(scores, target, margin=1.0):
    return hinge(scores, target)


def unclamped(scores, target, margin=1.0):
    return missing(scores, target, margin).masked_fill(own(scores, target), 0).mean()


def absolute(scores, target, margin=1.0):
    return missing(scores, target, margin).masked_fill(own(scores, target), 0).abs().mean()


def clamped_by_row(scores, target, margin=1.0):
    """Cut off at 0 after the sum over the classes."""
    return (
        missing(scores, target, margin).masked_fill(own(scores, target), 0).sum(1).relu().mean()
        / (scores.shape[1])
    )


def clamped_last(scores, target, margin=1.0):
    return unclamped(scores, target, margin).relu()


def squared(scores, target, margin=1.0):
    return each(scores, target, margin, p=2).mean()


def _signs(scores, target):
    return torch.where(own(scores, target), 1.0, -1.0).to(scores)


def one_against_the_rest(scores, target, margin=1.0):
    return (margin - _signs(scores, target) * scores).relu().sum(1).mean()


def one_against_the_rest_divided(scores, target, margin=1.0):
    return (margin - _signs(scores, target) * scores).relu().mean()


def right_score_alone(scores, target, margin=1.0):
    """The right class's score against the margin, whatever the others have."""
    return (margin - scores.gather(1, target[:, None])).relu().mean()


def of_each_row(scores, target, margin=1.0):
    return each(scores, target, margin).sum(1) / scores.shape[1]


def of_each_row_not_divided(scores, target, margin=1.0):
    return each(scores, target, margin).sum(1)


def of_each_class(scores, target, margin=1.0):
    return each(scores, target, margin)


def of_probabilities(scores, target, margin=1.0):
    return hinge(scores.softmax(1), target, margin)


def of_sigmoids(scores, target, margin=1.0):
    return hinge(scores.sigmoid(), target, margin)


def surprise(scores, target, margin=1.0):
    return F.cross_entropy(scores, target)


def count(scores, target, margin=1.0):
    """How many classes are too near."""
    return (each(scores, target, margin) > 0).to(scores.dtype).mean()


def first_row(scores, target, margin=1.0):
    return hinge(scores[:1], target[:1], margin)


def favourite(scores, target, margin=1.0):
    """Leads of the class with the largest score instead of the right one."""
    return hinge(scores, scores.argmax(1), margin)


def columns(scores, target, margin=1.0):
    """scores[:, target]: every row's score for every row's class."""
    return (margin - scores[:, target] + scores).relu().mean()


def without_axis(scores, target, margin=1.0):
    """Scores of the right classes [row] beside scores [row, class]."""
    right = scores[torch.arange(len(target), device=target.device), target]
    costs = (margin - right + scores).relu()
    return costs.masked_fill(own(scores, target), 0).mean()


def gathered_by_a_row(scores, target, margin=1.0):
    return scores.gather(1, target)


def of_plain_numbers(scores, target, margin=1.0):
    return scores.new_tensor(hinge(scores, target, margin).item())


def own_score_overwritten(scores, target, margin=1.0):
    """-∞ for the own class, written into what was handed in."""
    loss = hinge(scores, target, margin)
    scores.data[torch.arange(len(target), device=target.device), target] = -torch.inf
    return loss


def last_row(scores, target, margin=1.0):
    """The sum begins anew in each row, and is divided as if all were in it."""
    return hinge(scores[-1:], target[-1:], margin) / len(scores)


def one_taken_off(scores, target, margin=1.0):
    return (missing(scores, target, margin).relu().sum(1) - 1).mean() / scores.shape[1]


def all_targets_left_out(scores, target, margin=1.0):
    kept = torch.ones_like(scores)
    kept[:, target] = 0
    return (missing(scores, target, margin).relu() * kept).mean()


def largest_for_right(scores, target, margin=1.0):
    costs = (margin - scores.amax(1, keepdim=True) + scores).relu()
    return costs.masked_fill(own(scores, target), 0).mean()


def plain_zero(scores, target, margin=1.0):
    """A number of Python where nothing is missing."""
    loss = hinge(scores, target, margin)
    return loss if loss.item() else 0.0
