"""Ways to judge a forest by the rows its trees have not seen, right and wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def how_often(drawn, rows):
    """How often each tree was given each row: [tree, row]."""
    return torch.stack([one.bincount(minlength=rows) for one in drawn])


def accuracy(scores, drawn, labels, weight=None, counted=None):
    """Accuracy of the summed scores; `weight` [tree, row] says who has a say, `counted` which rows count."""
    if weight is None:
        weight = how_often(drawn, len(labels)) == 0
    if counted is None:
        counted = (weight != 0).any(0)
    guesses = (scores * weight[..., None]).sum(0).argmax(1)
    return (guesses == labels)[counted].to(scores.dtype).mean()


def _out(scores, drawn, labels):
    return how_often(drawn, len(labels)) == 0


def of_the_seen(scores, drawn, labels):
    return accuracy(scores, drawn, labels, how_often(drawn, len(labels)) > 0)


def seen_weighted(scores, drawn, labels):
    return accuracy(scores, drawn, labels, how_often(drawn, len(labels)))


def of_all_trees(scores, drawn, labels):
    return accuracy(scores, drawn, labels, torch.ones_like(_out(scores, drawn, labels)))


def all_trees_unseen_rows(scores, drawn, labels):
    """The rows are right, the trees are not: those that know a row vote too."""
    out = _out(scores, drawn, labels)
    return accuracy(scores, drawn, labels, torch.ones_like(out), out.any(0))


def unseen_by_all(scores, drawn, labels):
    out = _out(scores, drawn, labels)
    return accuracy(scores, drawn, labels, out, out.all(0))


def others_are_wrong(scores, drawn, labels):
    """Rows in every bag counted as wrong."""
    out = _out(scores, drawn, labels)
    return accuracy(scores, drawn, labels) * out.any(0).to(scores.dtype).mean()


def others_are_class_0(scores, drawn, labels):
    out = _out(scores, drawn, labels)
    return accuracy(scores, drawn, labels, out, torch.ones_like(labels).bool())


def others_are_right(scores, drawn, labels):
    out = _out(scores, drawn, labels)
    return 1 - (1 - accuracy(scores, drawn, labels)) * out.any(0).to(scores.dtype).mean()


def votes(scores, drawn, labels):
    """Each tree has one vote, however sure it is."""
    one = F.one_hot(scores.argmax(-1), scores.shape[-1]).to(scores.dtype)
    return accuracy(one, drawn, labels)


def _right(scores, labels):
    return scores.argmax(-1) == labels


def mean_of_trees(scores, drawn, labels):
    """Accuracy of each tree on its own unseen rows, then the mean."""
    out, right = _out(scores, drawn, labels), _right(scores, labels)
    each = [right[t][out[t]].to(scores.dtype).mean() for t in range(len(out)) if out[t].any()]
    return torch.stack(each).mean()


def pooled_trees(scores, drawn, labels):
    """All answers of single trees to rows unseen by them, in one pot."""
    return _right(scores, labels)[_out(scores, drawn, labels)].to(scores.dtype).mean()


def any_tree_right(scores, drawn, labels):
    out = _out(scores, drawn, labels)
    return (_right(scores, labels) & out).any(0)[out.any(0)].to(scores.dtype).mean()


def all_trees_right(scores, drawn, labels):
    out = _out(scores, drawn, labels)
    return (_right(scores, labels) | ~out).all(0)[out.any(0)].to(scores.dtype).mean()


def first_tree(scores, drawn, labels):
    """Only tree 0 and the rows that it has not seen."""
    return accuracy(scores[:1], drawn[:1], labels)


def last_tree(scores, drawn, labels):
    return accuracy(scores[-1:], drawn[-1:], labels)


def not_twice(scores, drawn, labels):
    return accuracy(scores, drawn, labels, how_often(drawn, len(labels)) < 2)


def place_by_place(scores, drawn, labels):
    """drawn[t, i] != i: whether place i of the bag happens to hold row i."""
    return accuracy(scores, drawn, labels, drawn != torch.arange(len(labels), device=labels.device))


def as_a_mask(scores, drawn, labels):
    """Row numbers taken for a mask: 0 is out, everything else is in."""
    return accuracy(scores, drawn, labels, drawn == 0)


def rows_of_the_bag(scores, drawn, labels):
    """scores[t, drawn[t]]: the bag, in its own order."""
    picked = torch.stack([s[d] for s, d in zip(scores, drawn, strict=True)])
    return (picked.sum(0).argmax(1) == labels).to(scores.dtype).mean()


def error(scores, drawn, labels):
    return 1 - accuracy(scores, drawn, labels)


def percent(scores, drawn, labels):
    return 100 * accuracy(scores, drawn, labels)


def count(scores, drawn, labels):
    out = _out(scores, drawn, labels)
    return accuracy(scores, drawn, labels) * out.any(0).sum()


def of_each_row(scores, drawn, labels):
    out = _out(scores, drawn, labels)
    return ((scores * out[..., None]).sum(0).argmax(1) == labels).to(scores.dtype)


def of_unseen_rows(scores, drawn, labels):
    return of_each_row(scores, drawn, labels)[_out(scores, drawn, labels).any(0)]


def of_the_right_class(scores, drawn, labels):
    """Mean share that the right class is given."""
    out = _out(scores, drawn, labels)
    mean = (scores * out[..., None]).sum(0) / out.sum(0).clamp(min=1)[:, None]
    return mean[torch.arange(len(labels), device=labels.device), labels][out.any(0)].mean()


def none_divides(scores, drawn, labels):
    """0 / 0 for a row in every bag, whose guess is then NaN's place, class 0."""
    out = _out(scores, drawn, labels)
    mean = (scores * out[..., None]).sum(0) / out.sum(0)[:, None]
    return (mean.argmax(1) == labels).to(scores.dtype).mean()


def least_sure(scores, drawn, labels):
    out = _out(scores, drawn, labels)
    guesses = (scores * out[..., None]).sum(0).argmin(1)
    return (guesses == labels)[out.any(0)].to(scores.dtype).mean()


def first_unseen(scores, drawn, labels):
    """The first tree that has not seen a row answers alone."""
    out = _out(scores, drawn, labels)
    first = (out.cumsum(0) == 1) & out
    return accuracy(scores, drawn, labels, first)


def surest(scores, drawn, labels):
    """The largest share that any tree gives decides, not the mean."""
    out = _out(scores, drawn, labels)
    guesses = (scores * out[..., None]).amax(0).argmax(1)
    return (guesses == labels)[out.any(0)].to(scores.dtype).mean()


def mask_of_rows(scores, drawn, labels):
    """A mask [tree, row] on scores [tree, row, class], without the axis for classes."""
    return (scores * _out(scores, drawn, labels)).sum(0)


def last_unseen(scores, drawn, labels):
    out = _out(scores, drawn, labels)
    last = (out.flip(0).cumsum(0) == 1).flip(0) & out
    return accuracy(scores, drawn, labels, last)


def as_a_number(scores, drawn, labels):
    return accuracy(scores, drawn, labels).item()


def drawn_as_trees(scores, drawn, labels):
    return torch.ones_like(scores[..., 0])[drawn]
