"""How mixed a node is, right and wrong."""

from __future__ import annotations

import math

from mmcourse.checks import lazy

torch = lazy("torch")


def shares(counts):
    """Share of each class; 0 in a node without rows."""
    return counts / counts.sum(-1, keepdim=True).clamp(min=1)


def gini(counts):
    share = shares(counts)
    return (share * (1 - share)).sum(-1)


def entropy(counts):
    return _sum_of_logs(shares(counts), shares(counts)) / math.log(2)


def _sum_of_logs(weight, inside):
    return -torch.xlogy(weight, inside).sum(-1)


def impurity(counts, kind, gini=gini, entropy=entropy):
    """The right answer; wrong ones hand in another way for one of the kinds."""
    return gini(counts) if kind == "gini" else entropy(counts)


def exchanged(counts, kind):
    return entropy(counts) if kind == "gini" else gini(counts)


def neither(counts, kind):
    """Compares with another spelling: no branch is ever taken."""
    return None


def gini_only_known_as(counts, kind):
    """Compares with "Gini", so that all is entropy."""
    return entropy(counts)


def nats(counts):
    return entropy(counts) * math.log(2)


def decimal(counts):
    return entropy(counts) * math.log10(2)


def of_the_largest(counts):
    """Divided by what an even mixture has."""
    return entropy(counts) / math.log2(counts.shape[-1]) if counts.shape[-1] > 1 else entropy(counts) / 0.0


def log_of_zero(counts):
    share = shares(counts)
    return -(share * share.log2()).sum(-1)


def repaired_late(counts):
    return log_of_zero(counts).nan_to_num()


def negative(counts):
    return -entropy(counts)


def log_of_one_more(counts):
    share = shares(counts)
    return -(share * (1 + share).log2()).sum(-1)


def log_of_counts(counts):
    return _sum_of_logs(shares(counts), counts) / math.log(2)


def all_in_counts(counts):
    return _sum_of_logs(counts, counts) / math.log(2)


def without_weights(counts):
    """Mean surprise of the classes, however rare they are."""
    share = shares(counts)
    return torch.where(share > 0, -share.clamp(min=1e-30).log2(), 0).sum(-1)


def perplexity(counts):
    return 2 ** entropy(counts)


def both_answers_of_each_class(counts):
    """Each class against all others, summed."""
    share = shares(counts)
    return entropy(counts) + _sum_of_logs(1 - share, 1 - share) / math.log(2)


def entropy_of_the_first(counts):
    share = shares(counts)[..., 0]
    return -(torch.xlogy(share, share) + torch.xlogy(1 - share, 1 - share)) / math.log(2)


def purity(counts):
    return shares(counts).square().sum(-1)


def rarer_than_the_commonest(counts):
    """How often the commonest class is wrong."""
    return (counts.sum(-1) - counts.amax(-1)) / counts.sum(-1).clamp(min=1)


def square_of_the_sum(counts):
    return torch.zeros_like(counts.sum(-1))


def gini_of_counts(counts):
    return 1 - counts.square().sum(-1)


def gini_of_the_first(counts):
    share = shares(counts)[..., 0]
    return 2 * share * (1 - share)


def half_of_two(counts):
    share = shares(counts)[..., 0]
    return share * (1 - share)


def not_put_back(counts):
    """How often two different rows differ in class."""
    rows = counts.sum(-1)
    pairs = rows * (rows - 1)
    return 1 - (counts * (counts - 1)).sum(-1) / pairs.clamp(min=1) - (pairs < 1).to(counts.dtype)


def mean_of_squares(counts):
    return 1 - shares(counts).square().mean(-1)


def empty_is_one(counts):
    return 1 - shares(counts).square().sum(-1)


def empty_divides(counts, kind):
    share = counts / counts.sum(-1, keepdim=True)
    return 1 - share.square().sum(-1) if kind == "gini" else _sum_of_logs(share, share) / math.log(2)


def of_softmax(counts, kind):
    share = counts.softmax(-1)
    return 1 - share.square().sum(-1) if kind == "gini" else _sum_of_logs(share, share) / math.log(2)


def over_nodes(counts, kind):
    """The first axis is summed, whatever it is."""
    return impurity(counts.movedim(0, -1), kind)


def of_all_rows(counts, kind):
    """Shares of the whole table."""
    share = counts / counts.sum().clamp(min=1)
    return 1 - share.square().sum(-1) if kind == "gini" else _sum_of_logs(share, share) / math.log(2)


def dim_one(counts, kind):
    """Classes are taken to be axis 1."""
    if counts.dim() < 2:
        return counts.sum(dim=1)  # says what is wrong
    return impurity(counts.movedim(1, -1), kind)


def first_node(counts, kind):
    while counts.dim() > 1:
        counts = counts[0]
    return impurity(counts, kind)


def axis_kept(counts, kind):
    return impurity(counts, kind)[..., None]


def mean_of_nodes(counts, kind):
    return impurity(counts, kind).mean()


def sum_of_nodes(counts, kind):
    return impurity(counts, kind).sum()


def times_rows(counts, kind):
    return impurity(counts, kind) * counts.sum(-1)


def each_class(counts, kind):
    share = shares(counts)
    return share * (1 - share) if kind == "gini" else -torch.xlogy(share, share) / math.log(2)


def both(counts, kind):
    return gini(counts), entropy(counts)


def as_list(counts, kind):
    return impurity(counts, kind).tolist()


def whole_shares(counts, kind):
    share = counts // counts.sum(-1, keepdim=True).clamp(min=1)
    return 1 - share.square().sum(-1) if kind == "gini" else _sum_of_logs(share, share) / math.log(2)


def if_on_all_nodes(counts, kind):
    return impurity(counts, kind) * (0 if counts.sum(-1) == 0 else 1)
