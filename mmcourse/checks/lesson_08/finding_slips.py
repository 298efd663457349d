"""Recall at k, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def order_of(scores):
    """Gallery places of each query, the best first, of equal ones the earlier."""
    return scores.argsort(dim=1, descending=True, stable=True)


def rising(scores):
    return scores.argsort(dim=1, stable=True)


def later_first(scores):
    """Of equal scores the later."""
    width = scores.shape[1]
    return width - 1 - scores.flip(1).argsort(dim=1, descending=True, stable=True)


def by_size(scores):
    return order_of(scores.abs())


def unsorted(scores):
    return torch.arange(scores.shape[1], device=scores.device).expand(scores.shape)


def hits_of(scores, query_labels, gallery_labels, k, order=order_of):
    """Whether each of the k best is right: [query, at most k]."""
    best = order(scores)[:, :k]
    return gallery_labels[best] == query_labels[:, None]


def recall(scores, query_labels, gallery_labels, k, order=order_of):
    return hits_of(scores, query_labels, gallery_labels, k, order).any(dim=1).double().mean().item()


def with_(order):
    return lambda *arguments: recall(*arguments, order=order)


def precision(*arguments):
    """Share of the k best that is right."""
    return hits_of(*arguments).double().mean().item()


def precision_by_k(scores, query_labels, gallery_labels, k):
    """The same, divided by k where the gallery is smaller."""
    return (hits_of(scores, query_labels, gallery_labels, k).sum(1) / k).double().mean().item()


def of_all_relevant(scores, query_labels, gallery_labels, k):
    """Share of the right ones that is found; 0 where there are none."""
    found = hits_of(scores, query_labels, gallery_labels, k).sum(1)
    there = (query_labels[:, None] == gallery_labels).sum(1)
    return (found / there.clamp(min=1)).double().mean().item()


def of_all_relevant_nan(scores, query_labels, gallery_labels, k):
    found = hits_of(scores, query_labels, gallery_labels, k).sum(1)
    return (found / (query_labels[:, None] == gallery_labels).sum(1)).double().mean().item()


def all_right(*arguments):
    return hits_of(*arguments).all(dim=1).double().mean().item()


def majority(scores, query_labels, gallery_labels, k):
    """k nearest neighbours vote."""
    best = gallery_labels[order_of(scores)[:, :k]]
    return (best.mode(dim=1).values == query_labels).double().mean().item()


def only_last(*arguments):
    """Only the k-th best is looked at."""
    return hits_of(*arguments)[:, -1].double().mean().item()


def one_more(scores, query_labels, gallery_labels, k):
    return recall(scores, query_labels, gallery_labels, k + 1)


def one_less(scores, query_labels, gallery_labels, k):
    return recall(scores, query_labels, gallery_labels, k - 1) if k > 1 else 0.0


def skips_the_best(scores, query_labels, gallery_labels, k):
    """Begins with the second, as where a query lies in its own gallery."""
    best = order_of(scores)[:, 1 : k + 1]
    return (gallery_labels[best] == query_labels[:, None]).any(1).double().mean().item()


def at_one(scores, query_labels, gallery_labels, k):
    return recall(scores, query_labels, gallery_labels, 1)


def own_place(scores, query_labels, gallery_labels, k):
    """Right is the gallery's item with the query's own number."""
    best = order_of(scores)[:, :k]
    own = torch.arange(len(scores), device=scores.device)[:, None]
    return (best == own).any(1).double().mean().item()


def places_for_labels(scores, query_labels, gallery_labels, k):
    """Places in the gallery compared with classes."""
    best = order_of(scores)[:, :k]
    return (best == query_labels[:, None]).any(1).double().mean().item()


def labels_of_queries(scores, query_labels, gallery_labels, k):
    """The label looked up among the queries."""
    best = order_of(scores)[:, :k]
    return (query_labels[best] == query_labels[:, None]).any(1).double().mean().item()


def along_queries(scores, query_labels, gallery_labels, k):
    """The gallery asks the queries."""
    return recall(scores.T, gallery_labels, query_labels, k)


def wrong_axis(scores, query_labels, gallery_labels, k):
    """Sorted down the queries, and read as if along the gallery."""
    best = scores.argsort(dim=0, descending=True, stable=True)[:, :k]
    return (gallery_labels[best] == query_labels[:, None]).any(1).double().mean().item()


def wrong_axis_crash(scores, query_labels, gallery_labels, k):
    """Sorted down the queries; as many rows as k."""
    best = scores.argsort(dim=0, descending=True, stable=True)[:k]
    return (gallery_labels[best] == query_labels[:, None]).any(1).double().mean().item()


def whole_table(scores, query_labels, gallery_labels, k):
    """The k best of the whole table, not of each query."""
    flat = scores.flatten().argsort(descending=True, stable=True)[:k]
    rows, places = flat // scores.shape[1], flat % scores.shape[1]
    right = query_labels[rows] == gallery_labels[places]
    return right.double().sum().item() / len(scores)


def count(*arguments):
    return hits_of(*arguments).any(dim=1).double().sum().item()


def all_hits(*arguments):
    """All hits, divided by the queries."""
    return hits_of(*arguments).double().sum(1).mean().item()


def in_percent(*arguments):
    return 100 * recall(*arguments)


def of_each(*arguments):
    return hits_of(*arguments).any(dim=1).double()


def missed(*arguments):
    return 1 - recall(*arguments)


def findable_only(scores, query_labels, gallery_labels, k):
    """Queries without a right answer left out."""
    found = hits_of(scores, query_labels, gallery_labels, k).any(1)
    there = (query_labels[:, None] == gallery_labels).any(1)
    return found[there].double().mean().item()


def mean_of_classes(scores, query_labels, gallery_labels, k):
    """The mean over classes of the queries."""
    found = hits_of(scores, query_labels, gallery_labels, k).any(1).double()
    return torch.stack([found[query_labels == c].mean() for c in query_labels.unique()]).mean().item()


def ties_hopeful(scores, query_labels, gallery_labels, k):
    """All that equal the k-th best count among the best."""
    bar = scores.sort(dim=1, descending=True).values[:, :k][:, -1:]
    right = query_labels[:, None] == gallery_labels
    return ((scores >= bar) & right).any(1).double().mean().item()


def ties_gloomy(scores, query_labels, gallery_labels, k):
    """All that equal the best right one stand before it."""
    right = query_labels[:, None] == gallery_labels
    best = scores.masked_fill(~right, -torch.inf).amax(dim=1, keepdim=True)
    rank = (scores >= best).sum(1)
    return ((rank <= k) & right.any(1)).double().mean().item()


def topk(scores, query_labels, gallery_labels, k):
    """torch.topk refuses a k that is larger than the gallery."""
    best = scores.topk(k, dim=1).indices
    return (gallery_labels[best] == query_labels[:, None]).any(1).double().mean().item()


def in_place(scores, query_labels, gallery_labels, k):
    """Best ones are struck out in the caller's own table."""
    found = torch.zeros(len(scores), dtype=torch.bool)
    for _ in range(min(k, scores.shape[1])):
        best = scores.argmax(dim=1)
        found |= gallery_labels[best] == query_labels
        scores[torch.arange(len(scores)), best] = -torch.inf
    return found.double().mean().item()


def first_of_none(scores, query_labels, gallery_labels, k):
    """The place of the first hit by argmax, which is 0 where there is none."""
    hits = hits_of(scores, query_labels, gallery_labels, scores.shape[1])
    return (hits.float().argmax(dim=1) < k).double().mean().item()


def reciprocal_rank(*arguments):
    hits = hits_of(*arguments).double()
    return (hits.amax(dim=1) / (1 + hits.argmax(dim=1))).mean().item()
