"""Answers to 08.5 pseudo_labels: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def right_lists_and_sorted(log_probs, threshold, per_class):
    found = []
    for row, line in enumerate(log_probs.exp().tolist()):
        best = max(line)
        if best >= threshold:
            found.append((-best, row, line.index(best)))
    taken, rows, labels = {}, [], []
    for _, row, label in sorted(found):
        if taken.get(label, 0) < per_class:
            taken[label] = taken.get(label, 0) + 1
            rows.append(row)
            labels.append(label)
    return torch.tensor(rows, dtype=torch.int64), torch.tensor(labels, dtype=torch.int64)


def right_rank_within_the_class(log_probs, threshold, per_class):
    sure, named = log_probs.max(1)
    order = torch.sort(sure, descending=True, stable=True).indices
    order = order[sure[order] >= math.log(threshold)]
    same = named[order][:, None] == named[order][None, :]
    rank = same.tril().sum(1)
    order = order[rank <= per_class]
    return order, named[order]


def right_one_hot_and_cumsum(*, log_probs, threshold, per_class):
    named = log_probs.argmax(-1)
    sure = log_probs.exp().amax(-1)
    order = sure.neg().argsort(stable=True)
    order = order[(sure >= threshold)[order]]
    counts = torch.nn.functional.one_hot(named[order], log_probs.shape[1]).cumsum(0)
    keep = counts.gather(1, named[order][:, None])[:, 0] <= per_class
    return [order[keep].int(), named[order][keep].int()]


def right_class_by_class_then_sorted(log_probs, threshold, per_class):
    sure, named = log_probs.exp().max(dim=1)
    rows = []
    for label in range(log_probs.shape[1]):
        own = torch.nonzero((named == label) & (sure >= threshold)).flatten()
        rows += own[sure[own].argsort(descending=True, stable=True)][:per_class].tolist()
    rows.sort(key=lambda row: (-sure[row].item(), row))
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def _pick(log_probs, threshold, per_class, strict=False):
    sure, named = log_probs.exp().max(dim=1)
    rows, taken = [], [0] * log_probs.shape[1]
    for row in sure.argsort(descending=True, stable=True).tolist():
        enough = sure[row] > threshold or (sure[row] == threshold and not strict)
        if enough and taken[named[row]] < per_class:
            taken[named[row]] += 1
            rows.append(row)
    return torch.tensor(rows, dtype=torch.long)


def wrong_threshold_on_logarithms(log_probs, threshold, per_class):
    """hint: compare log_probs.exp()"""
    sure, named = log_probs.max(dim=1)
    rows, taken = [], [0] * log_probs.shape[1]
    for row in sure.argsort(descending=True, stable=True).tolist():
        if sure[row] >= threshold and taken[named[row]] < per_class:
            taken[named[row]] += 1
            rows.append(row)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def wrong_above_the_threshold(log_probs, threshold, per_class):
    """hint: >= instead of >"""
    rows = _pick(log_probs, threshold, per_class, strict=True)
    return rows, log_probs.argmax(1)[rows]


def wrong_threshold_forgotten(log_probs, threshold, per_class):
    """hint: rows below the threshold too"""
    rows = _pick(log_probs, 0.0, per_class)
    return rows, log_probs.argmax(1)[rows]


def wrong_keeps_the_unsure(log_probs, threshold, per_class):
    """hint: not sure of"""
    sure, named = log_probs.exp().max(1)
    rows, taken = [], [0] * log_probs.shape[1]
    for row in sure.argsort(descending=True, stable=True).tolist():
        if sure[row] < threshold and taken[named[row]] < per_class:
            taken[named[row]] += 1
            rows.append(row)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def wrong_all_that_is_sure(log_probs, threshold, per_class):
    """hint: a limit for each class by itself"""
    sure, named = log_probs.exp().max(1)
    order = sure.argsort(descending=True, stable=True)
    rows = order[sure[order] >= threshold]
    return rows, named[rows]


def wrong_so_many_in_all(log_probs, threshold, per_class):
    """hint: per_class rows in all"""
    sure, named = log_probs.exp().max(1)
    order = sure.argsort(descending=True, stable=True)
    rows = order[sure[order] >= threshold][:per_class]
    return rows, named[rows]


def wrong_so_many_times_the_classes(log_probs, threshold, per_class):
    """hint: crowds out the others"""
    sure, named = log_probs.exp().max(1)
    order = sure.argsort(descending=True, stable=True)
    rows = order[sure[order] >= threshold][: per_class * log_probs.shape[1]]
    return rows, named[rows]


def wrong_counts_one_too_far(log_probs, threshold, per_class):
    """hint: one row too many"""
    sure, named = log_probs.exp().max(1)
    rows, taken = [], [0] * log_probs.shape[1]
    for row in sure.argsort(descending=True, stable=True).tolist():
        if sure[row] >= threshold and taken[named[row]] <= per_class:
            taken[named[row]] += 1
            rows.append(row)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def wrong_topk_of_each_column(log_probs, threshold, per_class):
    """hint: a class that is not its best"""
    rows, labels = [], []
    for c in range(log_probs.shape[1]):
        p, top = log_probs[:, c].exp().topk(min(per_class, len(log_probs)))
        rows.append(top[p >= threshold])
        labels.append(torch.full_like(rows[-1], c))
    return torch.cat(rows), torch.cat(labels)


def wrong_max_down_the_rows(log_probs, threshold, per_class):
    """hint: max(dim=1)"""
    sure, rows = log_probs.exp().max(0)
    keep = sure >= threshold
    return rows[keep], torch.arange(log_probs.shape[1])[keep]


def wrong_least_sure_first(log_probs, threshold, per_class):
    """hint: descending=True"""
    sure, named = log_probs.exp().max(1)
    rows, taken = [], [0] * log_probs.shape[1]
    for row in sure.argsort().tolist():
        if sure[row] >= threshold and taken[named[row]] < per_class:
            taken[named[row]] += 1
            rows.append(row)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def wrong_first_rows_of_each_class(log_probs, threshold, per_class):
    """hint: sort by how sure they are"""
    sure, named = log_probs.exp().max(1)
    rows, taken = [], [0] * log_probs.shape[1]
    for row in range(len(log_probs)):
        if sure[row] >= threshold and taken[named[row]] < per_class:
            taken[named[row]] += 1
            rows.append(row)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def wrong_in_the_order_of_the_data(log_probs, threshold, per_class):
    """hint: in the order of the data"""
    rows = _pick(log_probs, threshold, per_class).sort().values
    return rows, log_probs.argmax(1)[rows]


def wrong_one_class_after_the_other(log_probs, threshold, per_class):
    """hint: class by class"""
    sure, named = log_probs.exp().max(1)
    order = sure.argsort(descending=True, stable=True)
    order = order[sure[order] >= threshold]
    rows = torch.cat([order[named[order] == c][:per_class] for c in range(log_probs.shape[1])])
    return rows, named[rows]


def wrong_order_turned_round(log_probs, threshold, per_class):
    """hint: of equally sure rows the earlier"""
    sure, named = log_probs.exp().max(1)
    rows, taken = [], [0] * log_probs.shape[1]
    for row in sure.argsort(stable=True).flip(0).tolist():
        if sure[row] >= threshold and taken[named[row]] < per_class:
            taken[named[row]] += 1
            rows.append(row)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def wrong_rows_of_the_filtered(log_probs, threshold, per_class):
    """hint: row 0 is another one"""
    kept = log_probs[log_probs.exp().amax(1) >= threshold]
    rows = _pick(kept, threshold, per_class)
    return rows, kept.argmax(1)[rows]


def wrong_labels_of_every_row(log_probs, threshold, per_class):
    """hint: a label for every row"""
    return _pick(log_probs, threshold, per_class), log_probs.argmax(1)


def wrong_other_way_round(log_probs, threshold, per_class):
    """hint: the rows come first"""
    rows = _pick(log_probs, threshold, per_class)
    return log_probs.argmax(1)[rows], rows


def wrong_rows_alone(log_probs, threshold, per_class):
    """hint: two tensors are wanted"""
    return _pick(log_probs, threshold, per_class)


def wrong_mask(log_probs, threshold, per_class):
    """hint: you return a mask"""
    mask = torch.zeros(len(log_probs), dtype=torch.bool)
    mask[_pick(log_probs, threshold, per_class)] = True
    return mask, log_probs.argmax(1)[mask]


def wrong_values_of_max(log_probs, threshold, per_class):
    """hint: the *indices* of max"""
    rows = _pick(log_probs, threshold, per_class)
    return rows, log_probs.exp().max(1)[0][rows]


def wrong_soft_labels(log_probs, threshold, per_class):
    """hint: not rows of probabilities"""
    rows = _pick(log_probs, threshold, per_class)
    return rows, log_probs[rows].exp()


def wrong_margin(log_probs, threshold, per_class):
    """hint: its lead over the second"""
    top = log_probs.exp().topk(2, dim=1).values
    sure, named = top[:, 0] - top[:, 1], log_probs.argmax(1)
    rows, taken = [], [0] * log_probs.shape[1]
    for row in sure.argsort(descending=True, stable=True).tolist():
        if sure[row] >= threshold and taken[named[row]] < per_class:
            taken[named[row]] += 1
            rows.append(row)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def wrong_softmax_over_the_rows(log_probs, threshold, per_class):
    """hint: your softmax runs over the rows"""
    p = log_probs.softmax(0)
    rows = _pick(p.log(), threshold, per_class)
    return rows, p.argmax(1)[rows]


def wrong_empty_is_float(log_probs, threshold, per_class):
    """hint: dtype=torch.long"""
    rows = _pick(log_probs, threshold, per_class).tolist()
    named = log_probs.argmax(1).tolist()
    return torch.tensor(rows), torch.tensor([named[row] for row in rows])


def wrong_writes_over_the_input(log_probs, threshold, per_class):
    """hint: exp_() writes over"""
    named = log_probs.exp_().argmax(1)
    rows = _pick(log_probs.log(), threshold, per_class)
    return rows, named[rows]


def wrong_no_return(log_probs, threshold, per_class):
    """hint: return"""
    rows = _pick(log_probs, threshold, per_class)
    log_probs.argmax(1)[rows]


def crash_stacks_nothing(log_probs, threshold, per_class):
    """line: torch.stack(
    hint: two empty tensors"""
    rows = list(_pick(log_probs, threshold, per_class))
    return torch.stack(rows), torch.stack([log_probs.argmax(1)[row] for row in rows])


def crash_joins_no_class(log_probs, threshold, per_class):
    """line: torch.cat(
    hint: two empty tensors"""
    rows = _pick(log_probs, threshold, per_class).tolist()
    named = log_probs.argmax(1)
    return torch.cat([torch.tensor([row]) for row in rows]), torch.cat([named[row : row + 1] for row in rows])


def crash_threshold_has_no_log(log_probs, threshold, per_class):
    """line: threshold.log()"""
    sure, named = log_probs.max(1)
    rows = torch.nonzero(sure >= threshold.log())[:, 0]
    return rows[:per_class], named[rows[:per_class]]


def wrong_least_sure_of_the_right_ones_first(log_probs, threshold, per_class):
    """hint: turn them round"""
    sure, named = log_probs.exp().max(1)
    rows = []
    for c in range(log_probs.shape[1]):
        own = torch.where((named == c) & (sure >= threshold))[0]
        rows.append(own[sure[own].argsort(descending=True, stable=True)[:per_class]])
    rows = torch.cat(rows)
    rows = rows[sure[rows].argsort(stable=True)]
    return rows, named[rows]


def wrong_breaks_at_a_full_class(log_probs, threshold, per_class):
    """hint: go on with the others"""
    sure, named = log_probs.exp().max(1)
    rows, taken = [], {}
    for row in sure.argsort(descending=True, stable=True).tolist():
        label = named[row].item()
        if sure[row] < threshold or taken.get(label, 0) == per_class:
            break
        taken[label] = taken.get(label, 0) + 1
        rows.append(row)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def wrong_pairs(log_probs, threshold, per_class):
    """hint: a list of pairs"""
    rows = _pick(log_probs, threshold, per_class).tolist()
    return [(row, log_probs[row].argmax().item()) for row in rows]


def crash_topk_of_a_small_class(log_probs, threshold, per_class):
    """line: .topk(per_class)
    hint: fewer rows than per_class"""
    sure, named = log_probs.exp().max(1)
    rows = []
    for c in range(log_probs.shape[1]):
        own = torch.where((named == c) & (sure >= threshold))[0]
        rows.append(own[sure[own].topk(per_class).indices])
    return torch.cat(rows), named[torch.cat(rows)]


def wrong_ties_beyond_the_limit(log_probs, threshold, per_class):
    """hint: Equally sure rows come in together"""
    p, named = log_probs.exp().max(1)
    rows = []
    for i in p.argsort(descending=True, stable=True).tolist():
        better = ((named == named[i]) & (p > p[i])).sum()
        if better < per_class and p[i] >= threshold:
            rows.append(i)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def wrong_first_rows_then_sorted(log_probs, threshold, per_class):
    """hint: Sort by how sure they are before you count"""
    p, named = log_probs.exp().max(1)
    found = [((named == c) & (p >= threshold)).nonzero()[:, 0][:per_class] for c in range(log_probs.shape[1])]
    rows = torch.cat(found).sort().values
    rows = rows[p[rows].argsort(descending=True, stable=True)]
    return rows, named[rows]


def _chosen(log_probs, threshold, per_class):
    sure, named = log_probs.exp().max(dim=1)
    rows = []
    for row in sure.argsort(descending=True, stable=True).tolist():
        mates = sum(int(named[one] == named[row]) for one in rows)
        if sure[row] >= threshold and mates < per_class:
            rows.append(row)
    return torch.tensor(rows, dtype=torch.long), named[rows]


def wrong_every_class_above_the_threshold(log_probs, threshold, per_class):
    """hint: a row may come twice"""
    p, taken = log_probs.exp(), []
    pairs = [(row, c) for row in range(len(p)) for c in range(p.shape[1]) if p[row, c] >= threshold]
    for row, c in sorted(pairs, key=lambda pair: p[pair].item(), reverse=True):
        if sum(c == other for _, other in taken) < per_class:
            taken.append((row, c))
    rows = torch.tensor([row for row, _ in taken], dtype=torch.long)
    return rows, torch.tensor([c for _, c in taken], dtype=torch.long)


def wrong_classes_joined_then_sorted(log_probs, threshold, per_class):
    """hint: you join the classes and then sort"""
    sure, named = log_probs.exp().max(dim=1)
    of_classes = []
    for c in range(log_probs.shape[1]):
        rows = torch.nonzero((named == c) & (sure >= threshold))[:, 0]
        of_classes.append(rows[sure[rows].argsort(descending=True, stable=True)][:per_class])
    rows = torch.cat(of_classes)
    rows = rows[sure[rows].argsort(descending=True, stable=True)]
    return rows, named[rows]


def wrong_softmax_once_more(log_probs, threshold, per_class):
    """hint: a softmax of probabilities"""
    return _chosen(log_probs.exp().softmax(1).log(), threshold, per_class)


def wrong_none_if_nobody_is_sure(log_probs, threshold, per_class):
    """hint: return two empty tensors"""
    rows, labels = _chosen(log_probs, threshold, per_class)
    return None if len(rows) == 0 else (rows, labels)


def wrong_empty_lists_if_nobody_is_sure(log_probs, threshold, per_class):
    """hint: return two empty tensors"""
    rows, labels = _chosen(log_probs, threshold, per_class)
    return ([], []) if len(rows) == 0 else (rows, labels)
