"""A round of co-training, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy
from mmcourse.checks.lesson_08 import labelling_slips as labelling

torch = lazy("torch")


def proposed(log_probs_a, log_probs_b, threshold, per_class):
    """What each sense would label: two dicts from row to class, the surest row first."""
    both = (labelling.chosen(p, threshold, per_class) for p in (log_probs_a, log_probs_b))
    return [dict(zip(rows.tolist(), labels.tolist(), strict=True)) for rows, labels in both]


def disputed(of_a, of_b):
    """The rows that both label, and differently."""
    return {row for row in of_a if row in of_b and of_b[row] != of_a[row]}


def as_tensors(labels):
    """(rows, labels) of a dict."""
    return tuple(torch.tensor(list(part), dtype=torch.long) for part in (labels.keys(), labels.values()))


def without(labels, rows):
    return {row: label for row, label in labels.items() if row not in rows}


def round_(log_probs_a, log_probs_b, threshold, per_class):
    of_a, of_b = proposed(log_probs_a, log_probs_b, threshold, per_class)
    waiting = disputed(of_a, of_b)
    return as_tensors(without(of_b, waiting)), as_tensors(without(of_a, waiting))


def with_(change):
    """A round that changes the proposals of both in this way: change(of_a, of_b, log_probs_a, log_probs_b)
    gives what goes to a and what goes to b."""

    def answer(log_probs_a, log_probs_b, threshold, per_class):
        of_a, of_b = proposed(log_probs_a, log_probs_b, threshold, per_class)
        for_a, for_b = change(of_a, of_b, log_probs_a, log_probs_b)
        return as_tensors(for_a), as_tensors(for_b)

    return answer


def to_itself(of_a, of_b, a, b):
    waiting = disputed(of_a, of_b)
    return without(of_a, waiting), without(of_b, waiting)


def disputes_kept(of_a, of_b, a, b):
    return of_b, of_a


def to_itself_disputes_kept(of_a, of_b, a, b):
    return of_a, of_b


def first_wins(of_a, of_b, a, b):
    """A disputed row gets the first sense's label, in both lists."""
    waiting = disputed(of_a, of_b)
    return {row: of_a[row] if row in waiting else label for row, label in of_b.items()}, of_a


def first_keeps(of_a, of_b, a, b):
    """A disputed row is dropped from the second sense's labels only."""
    return without(of_b, disputed(of_a, of_b)), of_a


def second_keeps(of_a, of_b, a, b):
    return of_b, without(of_a, disputed(of_a, of_b))


def surer_wins(of_a, of_b, a, b):
    """A disputed row is labelled by the sense that is surer of it."""
    waiting = disputed(of_a, of_b)
    by_a = {row for row in waiting if a[row].max() >= b[row].max()}
    return without(of_b, by_a), without(of_a, waiting - by_a)


def all_shared_dropped(of_a, of_b, a, b):
    """Whatever both label is dropped, agreed on or not."""
    return without(of_b, of_a.keys()), without(of_a, of_b.keys())


def only_agreed(of_a, of_b, a, b):
    """Only rows that both label, and alike."""
    for_a = {row: label for row, label in of_b.items() if of_a.get(row) == label}
    return for_a, {row: label for row, label in of_a.items() if of_b.get(row) == label}


def student_must_agree(of_a, of_b, a, b):
    """A row is dropped if the other sense would name another class, be it sure or not."""
    names_a, names_b = a.argmax(dim=1), b.argmax(dim=1)
    for_a = {row: label for row, label in of_b.items() if names_a[row] == label}
    return for_a, {row: label for row, label in of_a.items() if names_b[row] == label}


def students_names(of_a, of_b, a, b):
    """The teacher's rows, with the classes that the student names."""
    waiting = disputed(of_a, of_b)
    names_a, names_b = a.argmax(dim=1), b.argmax(dim=1)
    for_a = {row: int(names_a[row]) for row in without(of_b, waiting)}
    return for_a, {row: int(names_b[row]) for row in without(of_a, waiting)}


def one_list(of_a, of_b, a, b):
    """All agreed labels for both."""
    waiting = disputed(of_a, of_b)
    joined = {**without(of_a, waiting), **without(of_b, waiting)}
    return joined, joined


def only_new(of_a, of_b, a, b):
    """Nothing that the student is sure of by itself."""
    return without(of_b, of_a.keys()), without(of_a, of_b.keys())


def both_ways(of_a, of_b, a, b):
    """Both get the labels of the first."""
    waiting = disputed(of_a, of_b)
    return without(of_a, waiting), without(of_a, waiting)


def rising_rows(of_a, of_b, a, b):
    waiting = disputed(of_a, of_b)
    return dict(sorted(without(of_b, waiting).items())), dict(sorted(without(of_a, waiting).items()))


def same_place(log_probs_a, log_probs_b, threshold, per_class):
    """Rows compared by their place in the two lists, not by their number."""
    lists = [[*labels.items()] for labels in proposed(log_probs_a, log_probs_b, threshold, per_class)]
    count = min(map(len, lists))
    bad = {n for n in range(count) if lists[0][n][0] == lists[1][n][0] and lists[0][n][1] != lists[1][n][1]}
    kept = [dict(pair for n, pair in enumerate(pairs) if n not in bad) for pairs in lists]
    return as_tensors(kept[1]), as_tensors(kept[0])


def disputes_first(log_probs_a, log_probs_b, threshold, per_class):
    """Rows that the senses name differently are taken out before anybody chooses."""
    same = log_probs_a.argmax(dim=1) == log_probs_b.argmax(dim=1)
    rows = same.nonzero().flatten()
    chosen = [labelling.chosen(p[rows], threshold, per_class) for p in (log_probs_b, log_probs_a)]
    return tuple((rows[places], labels) for places, labels in chosen)


def sure_disputes_first(log_probs_a, log_probs_b, threshold, per_class):
    """Rows that both are sure of and name differently are taken out before anybody chooses."""
    sure = (log_probs_a.max(dim=1).values.exp() >= threshold) & (
        log_probs_b.max(dim=1).values.exp() >= threshold
    )
    bad = sure & (log_probs_a.argmax(dim=1) != log_probs_b.argmax(dim=1))
    rows = (~bad).nonzero().flatten()
    chosen = [labelling.chosen(p[rows], threshold, per_class) for p in (log_probs_b, log_probs_a)]
    return tuple((rows[places], labels) for places, labels in chosen)


def students_names_disputes_kept(of_a, of_b, a, b):
    """The teacher's rows, all of them, with the classes that the student names."""
    names_a, names_b = a.argmax(dim=1), b.argmax(dim=1)
    return {row: int(names_a[row]) for row in of_b}, {row: int(names_b[row]) for row in of_a}


def crossed(log_probs_a, log_probs_b, threshold, per_class):
    """The rows of one sense with the labels of the other."""
    for_a, for_b = round_(log_probs_a, log_probs_b, threshold, per_class)
    return (for_a[0], for_b[1]), (for_b[0], for_a[1])


def crossed_back(log_probs_a, log_probs_b, threshold, per_class):
    for_a, for_b = round_(log_probs_a, log_probs_b, threshold, per_class)
    return (for_b[0], for_a[1]), (for_a[0], for_b[1])


def sure_student_skipped(log_probs_a, log_probs_b, threshold, per_class):
    """Nothing that the student is sure of, be it among its per_class or not."""
    of_a, of_b = proposed(log_probs_a, log_probs_b, threshold, per_class)
    sure_a, sure_b = (p.max(dim=1).values.exp() >= threshold for p in (log_probs_a, log_probs_b))
    for_a = {row: label for row, label in of_b.items() if not sure_a[row]}
    return as_tensors(for_a), as_tensors({row: label for row, label in of_a.items() if not sure_b[row]})


def filled_up(log_probs_a, log_probs_b, threshold, per_class):
    """Where a disputed row was, the next surest comes in."""
    of_a, of_b = proposed(log_probs_a, log_probs_b, threshold, per_class)
    rows = torch.tensor(sorted(set(range(len(log_probs_a))) - disputed(of_a, of_b)), dtype=torch.long)
    chosen = [labelling.chosen(p[rows], threshold, per_class) for p in (log_probs_b, log_probs_a)]
    return tuple((rows[places], labels) for places, labels in chosen)


def of_the_product(log_probs_a, log_probs_b, threshold, per_class):
    """Both get what the senses together are surest of."""
    joined = labelling.chosen((log_probs_a + log_probs_b).log_softmax(dim=1), threshold, per_class)
    return joined, joined


def of_the_mean(log_probs_a, log_probs_b, threshold, per_class):
    joined = labelling.chosen(((log_probs_a.exp() + log_probs_b.exp()) / 2).log(), threshold, per_class)
    return joined, joined


def no_bar(log_probs_a, log_probs_b, threshold, per_class):
    return round_(log_probs_a, log_probs_b, 0.0, per_class)


def bar_of_logarithms(log_probs_a, log_probs_b, threshold, per_class):
    empty = torch.zeros(0, dtype=torch.long)
    return (empty, empty), (empty, empty)


def no_limit(log_probs_a, log_probs_b, threshold, per_class):
    return round_(log_probs_a, log_probs_b, threshold, len(log_probs_a))


def half_limit(log_probs_a, log_probs_b, threshold, per_class):
    """per_class shared between the two senses."""
    return round_(log_probs_a, log_probs_b, threshold, max(per_class // 2, 1))


def second_pool(log_probs_a, log_probs_b, threshold, per_class):
    """The second sense chooses among the rows that the first has left, and counts from there."""
    of_a = proposed(log_probs_a, log_probs_b, threshold, per_class)[0]
    left = torch.tensor([row for row in range(len(log_probs_b)) if row not in of_a], dtype=torch.long)
    places, labels = labelling.chosen(log_probs_b[left], threshold, per_class)
    return (left[places], labels), as_tensors(of_a)


def flat(log_probs_a, log_probs_b, threshold, per_class):
    """Four tensors in a row."""
    for_a, for_b = round_(log_probs_a, log_probs_b, threshold, per_class)
    return (*for_a, *for_b)


def joined_list(log_probs_a, log_probs_b, threshold, per_class):
    """One pair of tensors, both lists behind each other."""
    for_a, for_b = round_(log_probs_a, log_probs_b, threshold, per_class)
    return torch.cat([for_a[0], for_b[0]]), torch.cat([for_a[1], for_b[1]])


def labels_first(log_probs_a, log_probs_b, threshold, per_class):
    for_a, for_b = round_(log_probs_a, log_probs_b, threshold, per_class)
    return for_a[::-1], for_b[::-1]


def compared_as_they_are(log_probs_a, log_probs_b, threshold, per_class):
    """Lists of unequal length, compared entry by entry."""
    rows_a, _ = labelling.chosen(log_probs_a, threshold, per_class)
    rows_b, _ = labelling.chosen(log_probs_b, threshold, per_class)
    return rows_a == rows_b


def looked_up(log_probs_a, log_probs_b, threshold, per_class):
    """Every row of a's looked up among b's."""
    of_a, of_b = proposed(log_probs_a, log_probs_b, threshold, per_class)
    return [row for row, label in of_a.items() if of_b[row] != label]


def sure_is_enough(log_probs_a, log_probs_b, threshold, per_class):
    """A row is disputed where both are sure, be it chosen or not."""
    of_a, of_b = proposed(log_probs_a, log_probs_b, threshold, per_class)
    (sure_a, names_a), (sure_b, names_b) = (p.exp().max(dim=1) for p in (log_probs_a, log_probs_b))
    bad = (sure_a >= threshold) & (sure_b >= threshold) & (names_a != names_b)
    waiting = set(bad.nonzero().flatten().tolist())
    return as_tensors(without(of_b, waiting)), as_tensors(without(of_a, waiting))


def as_dict(log_probs_a, log_probs_b, threshold, per_class):
    for_a, for_b = round_(log_probs_a, log_probs_b, threshold, per_class)
    return {"a": for_a, "b": for_b}


def masks_swapped(log_probs_a, log_probs_b, threshold, per_class):
    """The mask of a's list used on b's."""
    rows_a, _ = labelling.chosen(log_probs_a, threshold, per_class)
    rows_b, _ = labelling.chosen(log_probs_b, threshold, per_class)
    return rows_b[torch.ones(len(rows_a), dtype=torch.bool)]
