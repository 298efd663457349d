"""Answers to 08.6 co_training_round: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def pseudo_labels(log_probs, threshold, per_class):
    sure, named = log_probs.exp().max(dim=1)
    taken, rows = [0] * log_probs.shape[1], []
    for row in sure.argsort(descending=True, stable=True).tolist():
        if sure[row] >= threshold and taken[named[row]] < per_class:
            taken[named[row]] += 1
            rows.append(row)
    rows = torch.tensor(rows, dtype=torch.long)
    return rows, named[rows]


def _dicts(*arguments):
    a, b, threshold, per_class = arguments
    return [
        dict(zip(*(part.tolist() for part in pseudo_labels(p, threshold, per_class)), strict=True))
        for p in (a, b)
    ]


def _pair(labels):
    return torch.tensor(list(labels), dtype=torch.long), torch.tensor(list(labels.values()), dtype=torch.long)


def right_tensors(log_probs_a, log_probs_b, threshold, per_class):
    rows_a, labels_a = pseudo_labels(log_probs_a, threshold, per_class)
    rows_b, labels_b = pseudo_labels(log_probs_b, threshold, per_class)
    fight = (rows_a[:, None] == rows_b) & (labels_a[:, None] != labels_b)
    keep_a, keep_b = ~fight.any(1), ~fight.any(0)
    return (rows_b[keep_b], labels_b[keep_b]), (rows_a[keep_a], labels_a[keep_a])


def right_a_column_of_names(*, log_probs_a, log_probs_b, threshold, per_class):
    names = torch.full((2, len(log_probs_a)), -1)
    lists = [pseudo_labels(p, threshold, per_class) for p in (log_probs_a, log_probs_b)]
    for sense, (rows, labels) in enumerate(lists):
        names[sense, rows] = labels
    fine = (names[0] == names[1]) | (names == -1).any(0)
    return [[part[fine[rows]] for part in (rows, labels)] for rows, labels in reversed(lists)]


def right_sets(log_probs_a, log_probs_b, threshold, per_class):
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    for row in set(of_a) & set(of_b):
        if of_a[row] != of_b[row]:
            del of_a[row], of_b[row]
    return _pair(of_b), _pair(of_a)


def right_isin_of_pairs(log_probs_a, log_probs_b, threshold, per_class):
    """A row is disputed if it is in the other list, but not with this label."""
    classes = log_probs_a.shape[1]
    lists = [pseudo_labels(p, threshold, per_class) for p in (log_probs_a, log_probs_b)]
    (ra, la), (rb, lb) = lists
    keep_a = ~torch.isin(ra, rb) | torch.isin(ra * classes + la, rb * classes + lb)
    keep_b = ~torch.isin(rb, ra) | torch.isin(rb * classes + lb, ra * classes + la)
    return (rb[keep_b], lb[keep_b]), (ra[keep_a], la[keep_a])


def wrong_each_to_itself(log_probs_a, log_probs_b, threshold, per_class):
    """hint: nobody learns from its own labels"""
    for_a, for_b = right_tensors(log_probs_a, log_probs_b, threshold, per_class)
    return for_b, for_a


def wrong_each_to_itself_with_disputes(log_probs_a, log_probs_b, threshold, per_class):
    """hint: name differently waits"""
    return pseudo_labels(log_probs_a, threshold, per_class), pseudo_labels(log_probs_b, threshold, per_class)


def wrong_disputes_kept(log_probs_a, log_probs_b, threshold, per_class):
    """hint: goes to nobody"""
    return pseudo_labels(log_probs_b, threshold, per_class), pseudo_labels(log_probs_a, threshold, per_class)


def wrong_disputes_to_the_first(log_probs_a, log_probs_b, threshold, per_class):
    """hint: you let a have its way"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    for row in of_b:
        if row in of_a:
            of_b[row] = of_a[row]
    return _pair(of_b), _pair(of_a)


def wrong_taken_from_one_list(log_probs_a, log_probs_b, threshold, per_class):
    """hint: from what b labels only"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    of_b = {row: label for row, label in of_b.items() if of_a.get(row, label) == label}
    return _pair(of_b), _pair(of_a)


def wrong_surer_one_wins(log_probs_a, log_probs_b, threshold, per_class):
    """hint: you let the surer sense"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    for row in set(of_a) & set(of_b):
        if of_a[row] != of_b[row]:
            if log_probs_a[row].max() > log_probs_b[row].max():
                del of_b[row]
            else:
                del of_a[row]
    return _pair(of_b), _pair(of_a)


def wrong_whatever_both_choose_is_dropped(log_probs_a, log_probs_b, threshold, per_class):
    """hint: name alike goes to both"""
    rows_a, labels_a = pseudo_labels(log_probs_a, threshold, per_class)
    rows_b, labels_b = pseudo_labels(log_probs_b, threshold, per_class)
    keep_a, keep_b = ~torch.isin(rows_a, rows_b), ~torch.isin(rows_b, rows_a)
    return (rows_b[keep_b], labels_b[keep_b]), (rows_a[keep_a], labels_a[keep_a])


def wrong_only_where_both_agree(log_probs_a, log_probs_b, threshold, per_class):
    """hint: neither learns what it did not know"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    for_a = {row: label for row, label in of_b.items() if row in of_a and of_a[row] == label}
    for_b = {row: label for row, label in of_a.items() if row in of_b and of_b[row] == label}
    return _pair(for_a), _pair(for_b)


def wrong_student_must_agree(log_probs_a, log_probs_b, threshold, per_class):
    """hint: only a row that both *chose*"""
    rows_a, labels_a = pseudo_labels(log_probs_a, threshold, per_class)
    rows_b, labels_b = pseudo_labels(log_probs_b, threshold, per_class)
    keep_a = log_probs_b.argmax(1)[rows_a] == labels_a
    keep_b = log_probs_a.argmax(1)[rows_b] == labels_b
    return (rows_b[keep_b], labels_b[keep_b]), (rows_a[keep_a], labels_a[keep_a])


def wrong_disputes_out_before_choosing(log_probs_a, log_probs_b, threshold, per_class):
    """hint: its opinion does not count"""
    rows = torch.where(log_probs_a.argmax(1) == log_probs_b.argmax(1))[0]
    ra, la = pseudo_labels(log_probs_a[rows], threshold, per_class)
    rb, lb = pseudo_labels(log_probs_b[rows], threshold, per_class)
    return (rows[rb], lb), (rows[ra], la)


def wrong_names_of_the_student(log_probs_a, log_probs_b, threshold, per_class):
    """hint: the sense that *chose* the row"""
    (rows_b, _), (rows_a, _) = right_tensors(log_probs_a, log_probs_b, threshold, per_class)
    return (rows_b, log_probs_a.argmax(1)[rows_b]), (rows_a, log_probs_b.argmax(1)[rows_a])


def wrong_same_for_both(log_probs_a, log_probs_b, threshold, per_class):
    """hint: you give both the same labels"""
    (rb, lb), (ra, la) = right_tensors(log_probs_a, log_probs_b, threshold, per_class)
    new = ~torch.isin(rb, ra)
    joined = torch.cat([ra, rb[new]]), torch.cat([la, lb[new]])
    return joined, joined


def wrong_first_for_both(log_probs_a, log_probs_b, threshold, per_class):
    """hint: both get the labels of a"""
    _, for_b = right_tensors(log_probs_a, log_probs_b, threshold, per_class)
    return for_b, for_b


def wrong_sorted_by_row(log_probs_a, log_probs_b, threshold, per_class):
    """hint: in the order of the data"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    bad = {row for row in of_a.keys() & of_b.keys() if of_a[row] != of_b[row]}
    rows_b, rows_a = (sorted(set(labels) - bad) for labels in (of_b, of_a))
    return _pair({row: of_b[row] for row in rows_b}), _pair({row: of_a[row] for row in rows_a})


def wrong_place_by_place(log_probs_a, log_probs_b, threshold, per_class):
    """hint: place by place"""
    rows_a, labels_a = pseudo_labels(log_probs_a, threshold, per_class)
    rows_b, labels_b = pseudo_labels(log_probs_b, threshold, per_class)
    n = min(len(rows_a), len(rows_b))
    keep_a, keep_b = torch.ones(len(rows_a)).bool(), torch.ones(len(rows_b)).bool()
    fight = (rows_a[:n] == rows_b[:n]) & (labels_a[:n] != labels_b[:n])
    keep_a[:n], keep_b[:n] = ~fight, ~fight
    return (rows_b[keep_b], labels_b[keep_b]), (rows_a[keep_a], labels_a[keep_a])


def wrong_next_surest_comes_in(log_probs_a, log_probs_b, threshold, per_class):
    """hint: the next surest"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    fine = torch.tensor(
        [row for row in range(len(log_probs_a)) if row not in of_a or of_b.get(row, of_a[row]) == of_a[row]],
        dtype=torch.long,
    )
    ra, la = pseudo_labels(log_probs_a[fine], threshold, per_class)
    rb, lb = pseudo_labels(log_probs_b[fine], threshold, per_class)
    return (fine[rb], lb), (fine[ra], la)


def wrong_product(log_probs_a, log_probs_b, threshold, per_class):
    """hint: you ask both senses together"""
    joined = (log_probs_a + log_probs_b).log_softmax(1)
    return pseudo_labels(joined, threshold, per_class), pseudo_labels(joined, threshold, per_class)


def wrong_mean(log_probs_a, log_probs_b, threshold, per_class):
    """hint: the mean of both opinions"""
    joined = ((log_probs_a.exp() + log_probs_b.exp()) / 2).log()
    return pseudo_labels(joined, threshold, per_class), pseudo_labels(joined, threshold, per_class)


def wrong_threshold_forgotten(log_probs_a, log_probs_b, threshold, per_class):
    """hint: below the threshold"""
    return right_tensors(log_probs_a, log_probs_b, 0.0, per_class)


def wrong_threshold_on_logarithms(log_probs_a, log_probs_b, threshold, per_class):
    """hint: with logarithms"""
    return right_tensors(log_probs_a - 100, log_probs_b - 100, threshold, per_class)


def wrong_limit_forgotten(log_probs_a, log_probs_b, threshold, per_class):
    """hint: per_class rows of a class at most"""
    return right_tensors(log_probs_a, log_probs_b, threshold, 10**6)


def wrong_second_takes_what_is_left(log_probs_a, log_probs_b, threshold, per_class):
    """hint: both look at all rows"""
    for_b = pseudo_labels(log_probs_a, threshold, per_class)
    left = torch.ones(len(log_probs_a), dtype=torch.bool)
    left[for_b[0]] = False
    left = left.nonzero()[:, 0]
    rows, labels = pseudo_labels(log_probs_b[left], threshold, per_class)
    return (left[rows], labels), for_b


def wrong_four_tensors(log_probs_a, log_probs_b, threshold, per_class):
    """hint: two pairs are wanted"""
    for_a, for_b = right_tensors(log_probs_a, log_probs_b, threshold, per_class)
    return for_a[0], for_a[1], for_b[0], for_b[1]


def wrong_one_pair(log_probs_a, log_probs_b, threshold, per_class):
    """hint: into one"""
    (rows_b, labels_b), (rows_a, labels_a) = right_tensors(log_probs_a, log_probs_b, threshold, per_class)
    return torch.cat([rows_b, rows_a]), torch.cat([labels_b, labels_a])


def wrong_labels_before_rows(log_probs_a, log_probs_b, threshold, per_class):
    """hint: the rows come first"""
    (rows_b, labels_b), (rows_a, labels_a) = right_tensors(log_probs_a, log_probs_b, threshold, per_class)
    return (labels_b, rows_b), (labels_a, rows_a)


def wrong_empty_list_is_float(log_probs_a, log_probs_b, threshold, per_class):
    """hint: float"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    bad = {row for row in of_a if row in of_b and of_a[row] != of_b[row]}
    for labels in (of_a, of_b):
        for row in bad:
            del labels[row]
    return tuple((torch.tensor(list(d)), torch.tensor(list(d.values()))) for d in (of_b, of_a))


def wrong_no_return(log_probs_a, log_probs_b, threshold, per_class):
    """hint: return"""
    right_tensors(log_probs_a, log_probs_b, threshold, per_class)


def crash_compares_lists_of_unequal_length(log_probs_a, log_probs_b, threshold, per_class):
    """line: rows_a == rows_b
    hint: rows_a[:, None] == rows_b"""
    rows_a, labels_a = pseudo_labels(log_probs_a, threshold, per_class)
    rows_b, labels_b = pseudo_labels(log_probs_b, threshold, per_class)
    fight = (rows_a == rows_b) & (labels_a != labels_b)
    return (rows_b[~fight], labels_b[~fight]), (rows_a[~fight], labels_a[~fight])


def crash_row_is_not_in_the_other(log_probs_a, log_probs_b, threshold, per_class):
    """line: of_b[row] != label
    hint: of_b.get(row, label)"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    bad = [row for row, label in of_a.items() if of_b[row] != label]
    for row in bad:
        del of_a[row], of_b[row]
    return _pair(of_b), _pair(of_a)


def wrong_sure_beyond_the_limit(log_probs_a, log_probs_b, threshold, per_class):
    """hint: beyond a sense's per_class"""
    rows_a, labels_a = pseudo_labels(log_probs_a, threshold, per_class)
    rows_b, labels_b = pseudo_labels(log_probs_b, threshold, per_class)
    sure = (log_probs_a.exp().amax(1) >= threshold) & (log_probs_b.exp().amax(1) >= threshold)
    fine = ~(sure & (log_probs_a.argmax(1) != log_probs_b.argmax(1)))
    return (rows_b[fine[rows_b]], labels_b[fine[rows_b]]), (rows_a[fine[rows_a]], labels_a[fine[rows_a]])


def wrong_dict(log_probs_a, log_probs_b, threshold, per_class):
    """hint: a pair of pairs"""
    for_a, for_b = right_tensors(log_probs_a, log_probs_b, threshold, per_class)
    return {"a": for_a, "b": for_b}


def crash_masks_swapped(log_probs_a, log_probs_b, threshold, per_class):
    """line: rows_b[~fight.any(1)]
    hint: a mask over a's list"""
    rows_a, labels_a = pseudo_labels(log_probs_a, threshold, per_class)
    rows_b, labels_b = pseudo_labels(log_probs_b, threshold, per_class)
    fight = (rows_a[:, None] == rows_b) & (labels_a[:, None] != labels_b)
    for_a = rows_b[~fight.any(1)], labels_b[~fight.any(1)]
    return for_a, (rows_a[~fight.any(0)], labels_a[~fight.any(0)])


def _kept(log_probs_a, log_probs_b, threshold, per_class):
    (ra, la), (rb, lb) = (pseudo_labels(p, threshold, per_class) for p in (log_probs_a, log_probs_b))
    disputed = (ra[:, None] == rb) & (la[:, None] != lb)
    ka, kb = ~disputed.any(1), ~disputed.any(0)
    return ra[ka], la[ka], rb[kb], lb[kb]


def wrong_sure_disputes_out_before_choosing(log_probs_a, log_probs_b, threshold, per_class):
    """hint: nobody takes their place"""
    sure = (log_probs_a.exp().amax(1) >= threshold) & (log_probs_b.exp().amax(1) >= threshold)
    bad = sure & (log_probs_a.argmax(1) != log_probs_b.argmax(1))
    keep = torch.nonzero(~bad)[:, 0]
    (ra, la), (rb, lb) = (pseudo_labels(p[keep], threshold, per_class) for p in (log_probs_a, log_probs_b))
    return (keep[rb], lb), (keep[ra], la)


def wrong_rows_of_one_labels_of_the_other(log_probs_a, log_probs_b, threshold, per_class):
    """hint: the rows of one sense with the labels of the other"""
    ra, la, rb, lb = _kept(log_probs_a, log_probs_b, threshold, per_class)
    return (ra, lb), (rb, la)


def wrong_labels_of_the_student(log_probs_a, log_probs_b, threshold, per_class):
    """hint: the sense that *chose* the row"""
    ra, rb = (pseudo_labels(p, threshold, per_class)[0] for p in (log_probs_a, log_probs_b))
    return (rb, log_probs_a.argmax(1)[rb]), (ra, log_probs_b.argmax(1)[ra])


def wrong_skips_what_the_student_knows(log_probs_a, log_probs_b, threshold, per_class):
    """hint: Whether it is sure does not matter"""
    ra, la, rb, lb = _kept(log_probs_a, log_probs_b, threshold, per_class)
    a, b = (p.exp().amax(1) < threshold for p in (log_probs_a, log_probs_b))
    return (rb[a[rb]], lb[a[rb]]), (ra[b[ra]], la[b[ra]])


def _left(labels, rows):
    return _pair({row: label for row, label in labels.items() if row not in rows})


def wrong_class_0_counts_as_false(log_probs_a, log_probs_b, threshold, per_class):
    """hint: class 0 counts as False"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    disputed = [row for row in of_a if of_b.get(row) and of_a[row] != of_b[row]]
    return _left(of_b, disputed), _left(of_a, disputed)


def wrong_class_0_of_a_counts_as_false(log_probs_a, log_probs_b, threshold, per_class):
    """hint: class 0 counts as False"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    disputed = [row for row, label in of_b.items() if of_a.get(row) and of_a[row] != label]
    return _left(of_b, disputed), _left(of_a, disputed)


def wrong_pairs_the_other_lacks(log_probs_a, log_probs_b, threshold, per_class):
    """hint: it is the other way round"""
    of_a, of_b = _dicts(log_probs_a, log_probs_b, threshold, per_class)
    for_a = dict(pair for pair in of_b.items() if pair not in of_a.items())
    return _pair(for_a), _pair(dict(pair for pair in of_a.items() if pair not in of_b.items()))


def wrong_sorted_by_the_student(log_probs_a, log_probs_b, threshold, per_class):
    """hint: how sure the *student* is"""
    ra, la, rb, lb = _kept(log_probs_a, log_probs_b, threshold, per_class)
    i = log_probs_a.amax(1)[rb].argsort(descending=True)
    j = log_probs_b.amax(1)[ra].argsort(descending=True)
    return (rb[i], lb[i]), (ra[j], la[j])


def wrong_floats_where_nothing_is_left(log_probs_a, log_probs_b, threshold, per_class):
    """hint: say dtype=torch.long"""
    ra, la, rb, lb = (x.tolist() for x in _kept(log_probs_a, log_probs_b, threshold, per_class))
    return (torch.tensor(rb), torch.tensor(lb)), (torch.tensor(ra), torch.tensor(la))
