"""Answers to 08.8 recall_at_k: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def right_sort_of_minus_scores(scores, query_labels, gallery_labels, k):
    order = torch.sort(-scores, dim=1, stable=True)[1][:, : min(k, scores.shape[1])]
    hits = gallery_labels[order].eq(query_labels.unsqueeze(1))
    return (hits.sum(1) > 0).float().mean()


def right_lists(scores, query_labels, gallery_labels, k):
    found = 0
    for row, label in zip(scores.tolist(), query_labels.tolist(), strict=True):
        order = sorted(range(len(row)), key=lambda place: -row[place])
        found += any(gallery_labels[place] == label for place in order[:k])
    return found / len(scores)


def right_rank_of_the_best_right_one(*, scores, query_labels, gallery_labels, k):
    right = query_labels[:, None] == gallery_labels
    place = torch.arange(scores.shape[1])
    ahead = (scores[:, None, :] > scores[:, :, None]) | (
        (scores[:, None, :] == scores[:, :, None]) & (place[None, :] < place[:, None])
    )
    rank = ahead.sum(2)  # query, item
    return ((rank < k) & right).any(1).double().mean()


def right_striking_out(scores, query_labels, gallery_labels, k):
    order = scores.argsort(dim=1, descending=True, stable=True)
    hit = torch.zeros(len(scores), dtype=torch.bool)
    for place in range(min(k, order.shape[1])):
        hit |= gallery_labels[order[:, place]] == query_labels
    return hit.sum().item() / hit.numel()


def _hits(scores, query_labels, gallery_labels, k):
    order = scores.argsort(dim=1, descending=True, stable=True)[:, :k]
    return gallery_labels[order] == query_labels[:, None]


def wrong_precision(scores, query_labels, gallery_labels, k):
    """hint: precision@k"""
    return _hits(scores, query_labels, gallery_labels, k).float().mean()


def wrong_hits_by_k(scores, query_labels, gallery_labels, k):
    """hint: precision@k"""
    return (_hits(scores, query_labels, gallery_labels, k).sum(1) / k).mean().item()


def wrong_share_of_the_right_ones(scores, query_labels, gallery_labels, k):
    """hint: as search engines count it"""
    found = _hits(scores, query_labels, gallery_labels, k).sum(1)
    there = (gallery_labels == query_labels[:, None]).sum(1)
    return (found / there.clamp(min=1)).mean().item()


def wrong_all_must_be_right(scores, query_labels, gallery_labels, k):
    """hint: any(dim=1), not all"""
    return _hits(scores, query_labels, gallery_labels, k).all(1).float().mean()


def wrong_vote(scores, query_labels, gallery_labels, k):
    """hint: k nearest neighbours"""
    order = scores.argsort(dim=1, descending=True, stable=True)[:, :k]
    return (gallery_labels[order].mode(1)[0] == query_labels).float().mean()


def wrong_kth_alone(scores, query_labels, gallery_labels, k):
    """hint: the k-th best alone"""
    return _hits(scores, query_labels, gallery_labels, k)[:, -1].float().mean()


def wrong_k_plus_one(scores, query_labels, gallery_labels, k):
    """hint: k + 1 items"""
    return _hits(scores, query_labels, gallery_labels, k + 1).any(1).float().mean()


def wrong_leaves_out_the_best(scores, query_labels, gallery_labels, k):
    """hint: you leave the best one out"""
    order = scores.argsort(dim=1, descending=True, stable=True)[:, 1 : k + 1]
    return (gallery_labels[order] == query_labels[:, None]).any(1).float().mean()


def wrong_argmax(scores, query_labels, gallery_labels, k):
    """hint: whatever k is"""
    return (gallery_labels[scores.argmax(1)] == query_labels).float().mean()


def wrong_ascending(scores, query_labels, gallery_labels, k):
    """hint: descending=True"""
    order = scores.argsort(dim=1, stable=True)[:, :k]
    return (gallery_labels[order] == query_labels[:, None]).any(1).float().mean()


def wrong_absolute(scores, query_labels, gallery_labels, k):
    """hint: no abs here"""
    return _hits(scores.abs(), query_labels, gallery_labels, k).any(1).float().mean()


def wrong_first_of_the_gallery(scores, query_labels, gallery_labels, k):
    """hint: sort by score"""
    return (gallery_labels[:k] == query_labels[:, None]).any(1).float().mean()


def wrong_same_place(scores, query_labels, gallery_labels, k):
    """hint: is item i the answer to query i"""
    order = scores.argsort(dim=1, descending=True, stable=True)[:, :k]
    return (order == torch.arange(len(scores))[:, None]).any(1).float().mean()


def wrong_place_is_no_label(scores, query_labels, gallery_labels, k):
    """hint: you compare places with classes"""
    order = scores.argsort(dim=1, descending=True, stable=True)[:, :k]
    return (order == query_labels[:, None]).any(1).float().mean()


def wrong_gallery_asks(scores, query_labels, gallery_labels, k):
    """hint: the gallery asks"""
    return _hits(scores.T, gallery_labels, query_labels, k).any(1).float().mean()


def wrong_k_best_of_all(scores, query_labels, gallery_labels, k):
    """hint: each has its own k"""
    best = scores.flatten().argsort(descending=True, stable=True)[:k]
    rows, places = best // scores.shape[1], best % scores.shape[1]
    return (query_labels[rows] == gallery_labels[places]).sum() / len(scores)


def wrong_count(scores, query_labels, gallery_labels, k):
    """hint: divide by how many there are"""
    return _hits(scores, query_labels, gallery_labels, k).any(1).sum().item()


def wrong_each_hit_counts(scores, query_labels, gallery_labels, k):
    """hint: a share can be above 1"""
    return _hits(scores, query_labels, gallery_labels, k).sum().item() / len(scores)


def wrong_percent(scores, query_labels, gallery_labels, k):
    """hint: in percent"""
    return 100 * _hits(scores, query_labels, gallery_labels, k).any(1).double().mean()


def wrong_one_for_each_query(scores, query_labels, gallery_labels, k):
    """hint: one number is wanted"""
    return _hits(scores, query_labels, gallery_labels, k).any(1).double()


def wrong_share_that_misses(scores, query_labels, gallery_labels, k):
    """hint: turn it round"""
    return 1 - _hits(scores, query_labels, gallery_labels, k).any(1).double().mean()


def wrong_hopeless_queries_left_out(scores, query_labels, gallery_labels, k):
    """hint: as one that finds nothing"""
    there = torch.isin(query_labels, gallery_labels)
    return _hits(scores, query_labels, gallery_labels, k).any(1)[there].double().mean()


def wrong_by_class(scores, query_labels, gallery_labels, k):
    """hint: each *query* counts alike"""
    found = _hits(scores, query_labels, gallery_labels, k).any(1).double()
    return sum(found[query_labels == c].mean() for c in query_labels.unique()) / len(query_labels.unique())


def wrong_all_that_equals_the_kth(scores, query_labels, gallery_labels, k):
    """hint: there may be more than k"""
    bar = scores.topk(min(k, scores.shape[1]), dim=1)[0][:, -1:]
    right = gallery_labels == query_labels[:, None]
    return (right & (scores >= bar)).any(1).double().mean()


def wrong_only_larger_ones_are_ahead(scores, query_labels, gallery_labels, k):
    """hint: equal ones before it are overlooked"""
    right = gallery_labels == query_labels[:, None]
    best = torch.where(right, scores, float("-inf")).amax(1, keepdim=True)
    return (((scores > best).sum(1) < k) & right.any(1)).double().mean()


def wrong_order_turned_round(scores, query_labels, gallery_labels, k):
    """hint: the earlier item counts"""
    order = scores.argsort(dim=1, stable=True).flip(1)[:, :k]
    return (gallery_labels[order] == query_labels[:, None]).any(1).double().mean()


def wrong_strikes_out_in_the_table(scores, query_labels, gallery_labels, k):
    """hint: in the caller's own scores"""
    found = torch.zeros(len(scores), dtype=torch.bool)
    for _ in range(k):
        best = scores.argmax(1)
        found |= gallery_labels[best] == query_labels
        scores[range(len(scores)), best] = float("-inf")
    return found.double().mean()


def wrong_no_return(scores, query_labels, gallery_labels, k):
    """hint: return"""
    _hits(scores, query_labels, gallery_labels, k).any(1).float().mean()


def crash_sorts_down_the_queries(scores, query_labels, gallery_labels, k):
    """line: gallery_labels[order] == query_labels[:, None]
    hint: dim=1 runs over the gallery"""
    order = scores.argsort(dim=0, descending=True, stable=True)[:k]
    return (gallery_labels[order] == query_labels[:, None]).any(1).float().mean()


def wrong_axis_of_the_queries(scores, query_labels, gallery_labels, k):
    """hint: you sort down the queries"""
    if len(scores) > len(gallery_labels):
        return 0.0
    order = scores.argsort(dim=0, descending=True, stable=True)[:, :k]
    return (gallery_labels[order] == query_labels[:, None]).any(1).float().mean()


def crash_mean_of_bools(scores, query_labels, gallery_labels, k):
    """line: .any(1).mean()"""
    order = scores.argsort(dim=1, descending=True, stable=True)[:, :k]
    return (gallery_labels[order] == query_labels[:, None]).any(1).mean()


def wrong_topk(scores, query_labels, gallery_labels, k):
    """hint: no order among equal scores"""
    best = scores.topk(k, dim=1).indices
    return (gallery_labels[best] == query_labels[:, None]).any(1).float().mean()


def wrong_argmax_of_no_hit(scores, query_labels, gallery_labels, k):
    """hint: without any hit is 0"""
    order = scores.argsort(dim=1, descending=True, stable=True)
    rank = (gallery_labels[order] == query_labels[:, None]).int().argmax(1)
    return (rank < k).float().mean()


def wrong_reciprocal_rank(scores, query_labels, gallery_labels, k):
    """hint: 1 / rank"""
    hits = _hits(scores, query_labels, gallery_labels, k).float()
    return (hits.amax(1) / (hits.argmax(1) + 1)).mean()


def crash_axis_without_its_name(scores, query_labels, gallery_labels, k):
    """line: scores.argsort(1, descending=True, stable=True)
    hint: wants the axis by its name"""
    best = scores.argsort(1, descending=True, stable=True)[:, :k]
    return (gallery_labels[best] == query_labels[:, None]).any(1).float().mean()


def crash_axis_without_its_name_upwards(scores, query_labels, gallery_labels, k):
    """line: scores.argsort(1, stable=True)
    hint: wants the axis by its name"""
    best = scores.argsort(1, stable=True)[:, -k:]
    return (gallery_labels[best] == query_labels[:, None]).any(1).float().mean()


def wrong_argsort_for_ranks(scores, query_labels, gallery_labels, k):
    """hint: not each item's rank"""
    rank = scores.argsort(dim=1, descending=True, stable=True)
    return ((rank < k) & (gallery_labels == query_labels[:, None])).any(1).float().mean()


def right_argsort_twice_for_ranks(scores, query_labels, gallery_labels, k):
    rank = scores.argsort(dim=1, descending=True, stable=True).argsort(dim=1)
    return ((rank < k) & (gallery_labels == query_labels[:, None])).any(1).float().mean()


def _found(scores, query_labels, gallery_labels, k):
    best = scores.argsort(dim=1, descending=True, stable=True)[:, :k]
    return (gallery_labels[best] == query_labels[:, None]).any(1)


def wrong_divided_by_the_items(scores, query_labels, gallery_labels, k):
    """hint: you divide by the number of items"""
    return _found(scores, query_labels, gallery_labels, k).sum().item() / len(gallery_labels)


def wrong_successes_over_k(scores, query_labels, gallery_labels, k):
    """hint: you divide by k: it is the share"""
    return _found(scores, query_labels, gallery_labels, k).sum().item() / k


def wrong_return_in_the_loop(scores, query_labels, gallery_labels, k):
    """hint: inside the loop"""
    found = 0
    for row, label in zip(scores, query_labels, strict=True):
        best = row.argsort(descending=True, stable=True)[:k]
        found += int((gallery_labels[best] == label).any())
        return found / len(scores)


def wrong_any_without_an_axis(scores, query_labels, gallery_labels, k):
    """hint: any query at all"""
    best = scores.argsort(dim=1, descending=True, stable=True)[:, :k]
    return (gallery_labels[best] == query_labels[:, None]).any().float().mean()


def wrong_each_label_once(scores, query_labels, gallery_labels, k):
    """hint: the k best *items*"""
    found = 0
    for row, label in zip(scores, query_labels, strict=True):
        seen = []
        for item in row.argsort(descending=True, stable=True):
            if gallery_labels[item] not in seen:
                seen.append(gallery_labels[item])
        found += int(label in seen[:k])
    return found / len(scores)


def wrong_rounded(scores, query_labels, gallery_labels, k):
    """hint: do not round"""
    return round(_found(scores, query_labels, gallery_labels, k).float().mean().item(), 2)
