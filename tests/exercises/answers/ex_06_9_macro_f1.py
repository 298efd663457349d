"""Answers to 06.9 macro_f1."""

import torch
from sklearn.metrics import f1_score
from torch.nn.functional import one_hot


def f1_of(tp, fp, fn):
    return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0


def right_all_batches_joined(batches, classes):
    predictions = torch.cat([p for p, _ in batches])
    labels = torch.cat([y for _, y in batches])
    return f1_score(labels, predictions, labels=range(classes), average="macro", zero_division=0)


def right_confusion_matrix_and_a_tensor(batches, classes):
    matrix = torch.zeros(classes, classes)
    for predictions, labels in batches:
        for p, y in zip(predictions, labels, strict=True):
            matrix[y, p] += 1
    hits = matrix.diagonal()
    below = matrix.sum(0) + matrix.sum(1)
    return torch.where(below > 0, 2 * hits / below, 0).mean()


def right_one_hot_and_a_small_number(batches, classes):
    tp = fp = fn = 0
    for predictions, labels in batches:
        p, y = one_hot(predictions, classes), one_hot(labels, classes)
        tp, fp, fn = tp + (p * y).sum(0), fp + (p * (1 - y)).sum(0), fn + ((1 - p) * y).sum(0)
    return (2 * tp / (2 * tp + fp + fn + 1e-9)).mean()


def right_counts_in_lists(batches, classes):
    tp, wrong = [0] * classes, [0] * classes
    for predictions, labels in batches:
        for p, y in zip(predictions.tolist(), labels.tolist(), strict=True):
            if p == y:
                tp[p] += 1
            else:
                wrong[p] += 1
                wrong[y] += 1
    return sum(2 * t / (2 * t + w) if t + w else 0 for t, w in zip(tp, wrong, strict=True)) / classes


def wrong_mean_of_batches(batches, classes):
    """hint: a batch of 1 weighs as much as one of 16"""
    found = [
        f1_score(y, p, labels=range(classes), average="macro", zero_division=0) for p, y in batches if len(y)
    ]
    return sum(found) / len(found)


def wrong_mean_of_batches_by_size(batches, classes):
    """hint: weighted each batch's F1 by its size"""
    total = count = 0
    for p, y in batches:
        if len(y) == 0:
            continue
        total += len(y) * f1_score(y, p, labels=range(classes), average="macro", zero_division=0)
        count += len(y)
    return total / count


def wrong_nan_for_a_class_not_there(batches, classes):
    """hint: divide 0 by 0"""
    tp = torch.zeros(classes)
    fp, fn = torch.zeros(classes), torch.zeros(classes)
    for p, y in batches:
        for c in range(classes):
            tp[c] += ((p == c) & (y == c)).sum()
            fp[c] += ((p == c) & (y != c)).sum()
            fn[c] += ((p != c) & (y == c)).sum()
    return (2 * tp / (2 * tp + fp + fn)).mean()


def wrong_only_classes_among_the_labels(batches, classes):
    """hint: left out of the mean the classes that have no example"""
    predictions, labels = torch.cat([p for p, _ in batches]), torch.cat([y for _, y in batches])
    return f1_score(labels, predictions, labels=labels.unique(), average="macro", zero_division=0)


def wrong_only_classes_that_occur(batches, classes):
    """hint: neither there nor predicted"""
    predictions, labels = torch.cat([p for p, _ in batches]), torch.cat([y for _, y in batches])
    return f1_score(labels, predictions, average="macro", zero_division=0)


def wrong_micro(batches, classes):
    """hint: micro F1"""
    right = sum((p == y).sum().item() for p, y in batches)
    total = sum(len(y) for _, y in batches)
    return right / total


def wrong_weighted(batches, classes):
    """hint: each class counts alike"""
    predictions, labels = torch.cat([p for p, _ in batches]), torch.cat([y for _, y in batches])
    return f1_score(labels, predictions, labels=range(classes), average="weighted", zero_division=0)


def wrong_counts_begin_anew(batches, classes):
    """hint: only the last counts"""
    for p, y in batches:
        scores = []
        for c in range(classes):
            tp = ((p == c) & (y == c)).sum().item()
            fp = ((p == c) & (y != c)).sum().item()
            fn = ((p != c) & (y == c)).sum().item()
            scores.append(f1_of(tp, fp, fn))
    return sum(scores) / classes


def wrong_returns_inside_the_loop(batches, classes):
    """hint: first batch only"""
    scores = torch.zeros(classes)
    for p, y in batches:
        for c in range(classes):
            tp = ((p == c) & (y == c)).sum().item()
            scores[c] = f1_of(tp, (p == c).sum().item() - tp, (y == c).sum().item() - tp)
        return scores.mean()


def wrong_all_predictions_are_false_positives(batches, classes):
    """hint: hold the hits as well"""
    scores = []
    for c in range(classes):
        tp = sum(((p == c) & (y == c)).sum().item() for p, y in batches)
        fp = sum((p == c).sum().item() for p, y in batches)
        fn = sum((y == c).sum().item() for p, y in batches)
        scores.append(f1_of(tp, fp, fn))
    return sum(scores) / classes


def wrong_precision_and_recall_added_by_batch(batches, classes):
    """hint: a batch of 1 weighs as much as one of 16"""
    scores = []
    for c in range(classes):
        found = []
        for p, y in batches:
            if len(y):
                tp = ((p == c) & (y == c)).sum().item()
                found.append(f1_of(tp, (p == c).sum().item() - tp, (y == c).sum().item() - tp))
        scores.append(sum(found) / len(found))
    return sum(scores) / classes


def wrong_divides_by_the_hits(batches, classes):
    """hint: never hit"""
    total = 0
    for c in range(classes):
        tp = sum(((p == c) & (y == c)).sum() for p, y in batches)
        precision = tp / sum((p == c).sum() for p, y in batches)
        recall = tp / sum((y == c).sum() for p, y in batches)
        total += 2 / (1 / precision + 1 / recall)
    return total / classes


def wrong_jaccard(batches, classes):
    """hint: stand twice"""
    total = 0
    for c in range(classes):
        tp = sum(((p == c) & (y == c)).sum().item() for p, y in batches)
        either = sum(((p == c) | (y == c)).sum().item() for p, y in batches)
        total += tp / either if either else 0
    return total / classes


def wrong_list_of_each_class(batches, classes):
    """hint: one number"""
    predictions, labels = torch.cat([p for p, _ in batches]), torch.cat([y for _, y in batches])
    found = f1_score(labels, predictions, labels=range(classes), average=None, zero_division=0)
    return torch.tensor(found)


def wrong_no_return(batches, classes):
    """hint: return"""
    right_counts_in_lists(batches, classes)


def crash_stacks_batches_of_unequal_size(batches, classes):
    """line: torch.stack([p for p, _ in batches])
    hint: torch.cat"""
    predictions = torch.stack([p for p, _ in batches])
    labels = torch.stack([y for _, y in batches])
    return f1_score(labels, predictions, labels=range(classes), average="macro", zero_division=0)


def crash_divides_python_numbers(batches, classes):
    """line: tp / (tp + fp)
    hint: 0 / 0"""
    total = 0.0
    for c in range(classes):
        tp = sum(((p == c) & (y == c)).sum().item() for p, y in batches)
        fp = sum(((p == c) & (y != c)).sum().item() for p, y in batches)
        fn = sum(((p != c) & (y == c)).sum().item() for p, y in batches)
        precision = tp / (tp + fp)
        recall = tp / (tp + fn)
        total += 2 * precision * recall / (precision + recall)
    return total / classes
