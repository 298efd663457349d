"""More slips with recall at k: ranks, divisors, loops, and a call that torch refuses."""

from __future__ import annotations

from mmcourse.checks.lesson_08 import finding_slips as slips


def axis_not_named(scores, query_labels, gallery_labels, k):
    """argsort takes stable only where the axis is named, too."""
    return scores.argsort(1, descending=True, stable=True)


def axis_not_named_rising(scores, query_labels, gallery_labels, k):
    return scores.argsort(1, stable=True)


def places_for_ranks(scores, query_labels, gallery_labels, k):
    """argsort taken for each item's own rank."""
    right = query_labels[:, None] == gallery_labels
    return ((slips.order_of(scores) < k) & right).any(1).double().mean().item()


def by_gallery(scores, query_labels, gallery_labels, k):
    found = slips.hits_of(scores, query_labels, gallery_labels, k).any(dim=1)
    return found.sum().item() / len(gallery_labels)


def by_k(scores, query_labels, gallery_labels, k):
    return slips.hits_of(scores, query_labels, gallery_labels, k).any(dim=1).sum().item() / k


def first_query(*arguments):
    """return inside the loop over the queries."""
    hits = slips.hits_of(*arguments).any(dim=1)
    return hits[0].item() / len(hits)


def any_at_all(*arguments):
    """any() without an axis."""
    return float(slips.hits_of(*arguments).any())


def different_labels(scores, query_labels, gallery_labels, k):
    """The k best labels, each counted once."""
    found = 0
    for row, label in zip(
        gallery_labels[slips.order_of(scores)].tolist(), query_labels.tolist(), strict=True
    ):
        found += label in list(dict.fromkeys(row))[:k]
    return found / len(query_labels)


def rounded(*arguments):
    return round(slips.recall(*arguments), 2)
