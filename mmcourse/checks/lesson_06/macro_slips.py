"""Ways to a macro F1, right and wrong."""

from mmcourse.checks import lazy

torch = lazy("torch")


def counts(predictions, labels, classes):
    """True positives, false positives and false negatives of every class, each [class]."""
    hit = torch.bincount(labels[predictions == labels], minlength=classes)
    predicted = torch.bincount(predictions, minlength=classes)
    there = torch.bincount(labels, minlength=classes)
    return hit.double(), (predicted - hit).double(), (there - hit).double()


def over(up, down, empty=0.0):
    """up / down, and `empty` where that would be 0 / 0."""
    return torch.where(down > 0, up / down.clamp(min=1e-9), torch.full_like(down, empty))


def f1(tp, fp, fn):
    return over(2 * tp, 2 * tp + fp + fn)


def totals(batches, classes):
    """The counts over all batches."""
    parts = [torch.stack(counts(p, y, classes)) for p, y in batches]
    return sum(parts) if parts else torch.zeros(3, classes, dtype=torch.float64)


def macro(score=f1, pool=lambda found, there: found.mean(), gather=totals):
    """A macro F1 with another score of a class, mean over classes, or way to gather the counts."""

    def macro_f1(batches, classes):
        tp, fp, fn = gather(batches, classes)
        return pool(score(tp, fp, fn), tp + fn).item()

    return macro_f1


def by_batch(score_of, weigh=lambda labels: 1.0):
    """A weighted mean of what score_of(batch, classes) says of each batch that holds anything."""

    def macro_f1(batches, classes):
        batches = [batch for batch in batches if len(batch[1])]
        weights = [weigh(labels) for _, labels in batches]
        scores = [score_of([batch], classes) for batch in batches]
        return sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights)

    return macro_f1


def f1_of_means(batches, classes):
    """Mean precision and mean recall over classes, and one F1 of the two."""
    tp, fp, fn = totals(batches, classes)
    p, r = over(tp, tp + fp).mean(), over(tp, tp + fn).mean()
    return (2 * p * r / (p + r)).item() if p + r > 0 else 0.0


def last(batches, classes):
    return torch.stack(counts(*batches[-1], classes))


def first(batches, classes):
    return torch.stack(counts(*batches[0], classes))


def hits_of_all_rest_of_last(batches, classes):
    """True positives are added up; the false ones are set anew by each batch."""
    return torch.stack([totals(batches, classes)[0], *last(batches, classes)[1:]])


def predicted_for_false(batches, classes):
    """Every prediction of a class is called a false positive, and every example of it a false negative."""
    tp, fp, fn = totals(batches, classes)
    return torch.stack([tp, fp + tp, fn + tp])


def wrong_are_all_classes(batches, classes):
    """False positives of every class: all examples that were predicted wrongly."""
    tp, _, _ = totals(batches, classes)
    wrong = sum((p != y).sum() for p, y in batches).double()
    return torch.stack([tp, wrong.expand(classes), wrong.expand(classes)])


def true_negatives_too(batches, classes):
    """Counts as right, for a class, also the examples that neither are nor were called this class."""
    _, fp, fn = totals(batches, classes)
    total = sum(len(y) for _, y in batches)
    return torch.stack([total - fp - fn, fp, fn])


def seen_only(found, there):
    return found[there > 0].mean() if (there > 0).any() else found.sum()


def harmonic(precision, recall):
    return 2 * precision * recall / (precision + recall)


def plain_ratio(counted):
    """F1 of precision and recall in Python's numbers, which refuse to be divided by 0."""
    scores = []
    for tp, fp, fn in zip(*counted.tolist(), strict=True):
        precision, recall = int(tp) / int(tp + fp), int(tp) / int(tp + fn)
        scores.append(harmonic(precision, recall))
    return sum(scores) / len(scores)


def either_for_false_positives(batches, classes):
    """Joined by `or`: every example that was called c or is not c."""
    tp, _, fn = totals(batches, classes)
    return torch.stack([tp, sum(len(y) for _, y in batches) - fn, fn])


def true_negatives_for_missed(batches, classes):
    tp, fp, fn = totals(batches, classes)
    return torch.stack([tp, fp, sum(len(y) for _, y in batches) - tp - fp - fn])


def hits_of_all(batches, classes):
    tp, fp, fn = totals(batches, classes)
    return torch.stack([tp.sum().expand(classes), fp, fn])


def f1_of_batches(batches, classes):
    """Precision and recall of each batch and class, the mean of each, and one F1 of the two."""
    parts = [counts(*batch, classes) for batch in batches]
    p = torch.stack([over(tp, tp + fp) for tp, fp, _ in parts]).mean()
    r = torch.stack([over(tp, tp + fn) for tp, _, fn in parts]).mean()
    return (2 * p * r / (p + r)).item() if p + r > 0 else 0.0
