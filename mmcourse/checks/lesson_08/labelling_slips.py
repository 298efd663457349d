"""Choosing pseudo-labels, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def order_of(sure):
    """Rows, the surest first, of equal ones the earlier."""
    return sure.argsort(descending=True, stable=True)


def balanced(rows, named, per_class):
    """The first `per_class` of each class among these rows, in their order."""
    seen: dict[int, int] = {}
    kept = []
    for row in rows.tolist():
        label = int(named[row])
        seen[label] = seen.get(label, 0) + 1
        if seen[label] <= per_class:
            kept.append(row)
    return torch.tensor(kept, dtype=torch.long, device=rows.device)


def chosen(log_probs, threshold, per_class, sureness=None, enough=None, order=order_of):
    """The choice, with another measure of how sure a row is, another bar, or another order."""
    sure, named = log_probs.exp().max(dim=1)
    sure = sure if sureness is None else sureness(log_probs)
    enough = sure >= threshold if enough is None else enough(log_probs, threshold)
    rows = order(sure)
    rows = balanced(rows[enough[rows]], named, per_class)
    return rows, named[rows]


def with_(**options):
    """A choice with such options."""
    return lambda log_probs, threshold, per_class: chosen(log_probs, threshold, per_class, **options)


def best(log_probs):
    return log_probs.max(dim=1).values


def margin(log_probs):
    """How far the best class is ahead of the second."""
    top = log_probs.exp().topk(2, dim=1).values
    return top[:, 0] - top[:, 1]


def entropy(log_probs):
    """Minus the entropy: the higher, the surer."""
    return torch.special.entr(log_probs.exp()).sum(dim=1).neg()


def log_bar(log_probs, threshold):
    return best(log_probs) >= threshold


def strict_bar(log_probs, threshold):
    return best(log_probs).exp() > threshold


def no_bar(log_probs, threshold):
    return torch.ones(len(log_probs), dtype=torch.bool, device=log_probs.device)


def unsure_bar(log_probs, threshold):
    return best(log_probs).exp() < threshold


def rising(sure):
    """The least sure first."""
    return sure.argsort(stable=True)


def by_row(sure):
    return torch.arange(len(sure), device=sure.device)


def later_of_equals(sure):
    return sure.flip(0).argsort(descending=True, stable=True).sub(len(sure) - 1).neg()


def no_limit(log_probs, threshold, per_class):
    return chosen(log_probs, threshold, len(log_probs))


def limit_of_all(log_probs, threshold, per_class):
    """At most per_class in all."""
    rows, named = no_limit(log_probs, threshold, per_class)
    return rows[:per_class], named[:per_class]


def limit_for_all(log_probs, threshold, per_class):
    """At most per_class times the classes in all, whatever they are."""
    rows, named = no_limit(log_probs, threshold, per_class)
    count = per_class * log_probs.shape[1]
    return rows[:count], named[:count]


def one_more(log_probs, threshold, per_class):
    return chosen(log_probs, threshold, per_class + 1)


def one_less(log_probs, threshold, per_class):
    return chosen(log_probs, threshold, per_class - 1)


def ties_overrun(log_probs, threshold, per_class):
    """Rows that fewer than per_class of their class are *surer* than: equals come in together."""
    sure, named = log_probs.exp().max(dim=1)
    surer = ((named[:, None] == named) & (sure > sure[:, None])).sum(dim=1)
    rows = order_of(sure)
    rows = rows[((surer < per_class) & (sure >= threshold))[rows]]
    return rows, named[rows]


def as_rarest(log_probs, threshold, per_class):
    """Of each class as many as of the one that is named least."""
    _, named = no_limit(log_probs, threshold, per_class)
    counts = torch.bincount(named, minlength=log_probs.shape[1])
    return chosen(log_probs, threshold, min(per_class, int(counts.min())))


def by_column(log_probs, threshold, per_class):
    """For each class the rows with the highest probability of it, be it their best class or not."""
    rows, labels = [], []
    for label, column in enumerate(log_probs.exp().T):
        order = order_of(column)[:per_class]
        order = order[column[order] >= threshold]
        rows.append(order)
        labels.append(torch.full_like(order, label))
    return torch.cat(rows), torch.cat(labels)


def first_come_sorted(log_probs, threshold, per_class):
    """The first rows of each class that are sure enough; these then sorted."""
    rows, named = chosen(log_probs, threshold, per_class, order=by_row)
    order = order_of(best(log_probs)[rows])
    return rows[order], named[order]


def in_rising_rows(log_probs, threshold, per_class):
    rows, named = chosen(log_probs, threshold, per_class)
    order = rows.argsort()
    return rows[order], named[order]


def class_by_class(log_probs, threshold, per_class):
    rows, named = chosen(log_probs, threshold, per_class)
    order = named.argsort(stable=True)
    return rows[order], named[order]


def places_among_the_sure(log_probs, threshold, per_class):
    """Counted among the rows that are sure enough, not among all."""
    kept = log_probs[best(log_probs).exp() >= threshold]
    return chosen(kept, threshold, per_class)


def places_in_the_order(log_probs, threshold, per_class):
    """Places in the sorted list, taken for rows."""
    rows, named = chosen(log_probs, threshold, per_class)
    order = order_of(best(log_probs))
    return order.argsort()[rows], named


def labels_of_all(log_probs, threshold, per_class):
    return chosen(log_probs, threshold, per_class)[0], log_probs.argmax(dim=1)


def labels_in_rising_rows(log_probs, threshold, per_class):
    """The labels in another order than their rows."""
    rows, named = chosen(log_probs, threshold, per_class)
    return rows, named[rows.argsort()]


def swapped(log_probs, threshold, per_class):
    return chosen(log_probs, threshold, per_class)[::-1]


def rows_only(log_probs, threshold, per_class):
    return chosen(log_probs, threshold, per_class)[0]


def mask(log_probs, threshold, per_class):
    """True where a row is chosen, and the labels of those."""
    rows, _ = chosen(log_probs, threshold, per_class)
    taken = torch.zeros(len(log_probs), dtype=torch.bool)
    taken[rows] = True
    return taken, log_probs.argmax(dim=1)[taken]


def sureness_returned(log_probs, threshold, per_class):
    rows, _ = chosen(log_probs, threshold, per_class)
    return rows, best(log_probs)[rows].exp()


def probabilities_returned(log_probs, threshold, per_class):
    """Soft labels."""
    rows, _ = chosen(log_probs, threshold, per_class)
    return rows, log_probs[rows].exp()


def over_batch(log_probs, threshold, per_class):
    """A softmax over the rows."""
    return chosen(log_probs.log_softmax(dim=0), threshold, per_class)


def least_likely(log_probs, threshold, per_class):
    rows, _ = chosen(log_probs, threshold, per_class)
    return rows, log_probs.argmin(dim=1)[rows]


def from_one(log_probs, threshold, per_class):
    rows, named = chosen(log_probs, threshold, per_class)
    return rows, named + 1


def best_of_each_column(log_probs, threshold, per_class):
    """max over dim 0: for each class the one row that is surest of it."""
    sure, rows = log_probs.exp().max(dim=0)
    labels = torch.arange(log_probs.shape[1])
    return rows[sure >= threshold], labels[sure >= threshold]


def floats_of_nothing(log_probs, threshold, per_class):
    """torch.tensor([]) is float."""
    rows, named = chosen(log_probs, threshold, per_class)
    return torch.tensor(rows.tolist()), torch.tensor(named.tolist())


def stacked(log_probs, threshold, per_class):
    """torch.stack of nothing."""
    rows, named = chosen(log_probs, threshold, per_class)
    return torch.stack(list(rows)), torch.stack(list(named))


def joined(log_probs, threshold, per_class):
    """torch.cat of what may be nothing."""
    rows, named = chosen(log_probs, threshold, per_class)
    return torch.cat([rows[place : place + 1] for place in range(len(rows))]), named


def in_place(log_probs, threshold, per_class):
    return chosen(log_probs.exp_().log(), threshold, per_class)


def surest_last(log_probs, threshold, per_class):
    """The right rows, handed back the least sure first."""
    rows, named = chosen(log_probs, threshold, per_class)
    order = best(log_probs)[rows].argsort(stable=True)
    return rows[order], named[order]


def stops_at_a_full_class(log_probs, threshold, per_class):
    """break instead of continue."""
    sure, named = log_probs.exp().max(dim=1)
    rows = [row for row in order_of(sure).tolist() if sure[row] >= threshold]
    taken: list[int] = []
    for row in rows:
        if sum(named[one] == named[row] for one in taken) >= per_class:
            break
        taken.append(row)
    kept = torch.tensor(taken, dtype=torch.long)
    return kept, named[kept]


def topk_of_each_class(log_probs, threshold, per_class):
    """topk refuses a k above the rows of a class."""
    sure, named = log_probs.exp().max(dim=1)
    for label in range(log_probs.shape[1]):
        sure[(named == label) & (sure >= threshold)].topk(per_class)


def as_pairs(log_probs, threshold, per_class):
    rows, named = chosen(log_probs, threshold, per_class)
    return list(zip(rows.tolist(), named.tolist(), strict=True))
