"""Mistakes that people make with F1 over batches."""

from mmcourse.checks import Mistake, lazy
from mmcourse.checks.lesson_06 import macro_slips as slips

torch = lazy("torch")

_COUNT = "add up TP, FP and FN over all batches and divide once, in the end."
_EMPTY = "Where 2·TP + FP + FN is 0 you divide 0 by 0. Which F1 does the task give to such a class?"

MISTAKES = (
    Mistake(
        "mean over batches",
        slips.by_batch(slips.macro()),
        "You took the mean of what each batch gives, so a batch of 1 weighs as much as one of 16: " + _COUNT,
    ),
    Mistake(
        "mean over batches by size",
        slips.by_batch(slips.macro(), len),
        "You weighted each batch's F1 by its size; F1 is no mean over examples, so that is not enough: "
        + _COUNT,
    ),
    Mistake(
        "divided by zero",
        slips.macro(score=lambda tp, fp, fn: 2 * tp / (2 * tp + fp + fn)),
        _EMPTY,
    ),
    Mistake(
        "divided by zero in precision or recall",
        slips.macro(score=lambda tp, fp, fn: 2 / ((tp + fp) / tp + (tp + fn) / tp)),
        "You divide by TP, which is 0 for a class that is never hit. Does 2·TP / (2·TP + FP + FN) "
        "divide by anything that can be 0 there?",
    ),
    Mistake(
        "precision and recall of nothing",
        slips.macro(score=lambda tp, fp, fn: slips.harmonic(tp / (tp + fp), tp / (tp + fn))),
        "Your precision or recall is 0 / 0 for a class that was never predicted or is not there: take "
        "2·TP / (2·TP + FP + FN), which needs neither.",
    ),
    Mistake(
        "stacked",
        lambda batches, classes: torch.stack([predictions for predictions, _ in batches]),
        "These batches have unequal sizes: torch.cat joins them, torch.stack wants all alike.",
    ),
    Mistake(
        "Python numbers divided by zero",
        lambda batches, classes: slips.plain_ratio(slips.totals(batches, classes)),
        "Your precision, recall or F1 is 0 / 0 for a class that is never hit: take 2·TP / (2·TP + FP + "
        "FN), and 0 where that is 0 / 0.",
    ),
    Mistake(
        "empty class is perfect",
        slips.macro(score=lambda tp, fp, fn: slips.over(2 * tp, 2 * tp + fp + fn, empty=1.0)),
        "A class that is neither there nor predicted gets the F1 of 1 from you: the task says 0.",
    ),
    Mistake(
        "classes that are there",
        slips.macro(pool=slips.seen_only),
        "You left out of the mean the classes that have no example: all `classes` count, be it with 0.",
    ),
    Mistake(
        "classes that are there or predicted",
        slips.macro(
            score=lambda tp, fp, fn: 2 * tp / (2 * tp + fp + fn),
            pool=lambda found, there: found.nanmean(),
        ),
        "You left out of the mean a class that is neither there nor predicted: the task counts it, with "
        "an F1 of 0.",
    ),
    Mistake(
        "micro",
        slips.macro(
            score=lambda tp, fp, fn: slips.f1(tp.sum(), fp.sum(), fn.sum()),
            pool=lambda found, there: found,
        ),
        "This is micro F1, the counts of all classes added up; with one label for each example it is "
        "the accuracy. Make one F1 of each class first.",
    ),
    Mistake(
        "weighted by examples",
        slips.macro(pool=lambda found, there: (found * there).sum() / there.sum()),
        "You weighted the classes by how many examples they have; in a macro mean each class counts alike.",
    ),
    Mistake(
        "precision",
        slips.macro(score=lambda tp, fp, fn: slips.over(tp, tp + fp)),
        "This is the precision of each class, TP / (TP + FP): what is missed, FN, has to count too.",
    ),
    Mistake(
        "recall",
        slips.macro(score=lambda tp, fp, fn: slips.over(tp, tp + fn)),
        "This is the recall of each class, TP / (TP + FN): what is wrongly called so, FP, has to count too.",
    ),
    Mistake(
        "F1 of the means",
        slips.f1_of_means,
        "You took the mean of precision and of recall first, and one F1 of the two: make one F1 "
        "of each class, then their mean.",
    ),
    Mistake(
        "mean of precision and recall",
        slips.macro(score=lambda tp, fp, fn: (slips.over(tp, tp + fp) + slips.over(tp, tp + fn)) / 2),
        "You took the plain mean of precision and recall; F1 is their harmonic mean, which the smaller "
        "one rules.",
    ),
    Mistake(
        "without the two",
        slips.macro(score=lambda tp, fp, fn: slips.over(tp, tp + fp + fn)),
        "TP / (TP + FP + FN) is the Jaccard index: in F1 the true positives stand twice, above and below.",
    ),
    Mistake(
        "two above only",
        slips.macro(score=lambda tp, fp, fn: slips.over(2 * tp, tp + fp + fn)),
        "Below, too, the true positives stand twice: 2·TP / (2·TP + FP + FN).",
    ),
    Mistake(
        "sum over classes",
        slips.macro(pool=lambda found, there: found.sum()),
        "You added up the F1 of the classes: divide by their number.",
    ),
    Mistake(
        "last batch",
        slips.macro(gather=slips.last),
        "Your counts are set anew in each batch, so only the last counts.",
    ),
    Mistake(
        "first batch",
        slips.macro(gather=slips.first),
        "You count the first batch only: is there a `return` inside the loop?",
    ),
    Mistake(
        "false ones of the last batch",
        slips.macro(gather=slips.hits_of_all_rest_of_last),
        "TP is added up over batches, but FP and FN are those of the last one: += there, too?",
    ),
    Mistake(
        "hits among the false",
        slips.macro(gather=slips.predicted_for_false),
        "Your false positives and negatives hold the hits as well: FP is predicted c *and* labelled "
        "otherwise, FN the other way round.",
    ),
    Mistake(
        "every wrong example",
        slips.macro(gather=slips.wrong_are_all_classes),
        "You count every wrong prediction for every class: FP of class c are those *predicted* c, FN "
        "those *labelled* c.",
    ),
    Mistake(
        "true negatives",
        slips.macro(gather=slips.true_negatives_too),
        "You count as hits also the examples that neither are class c nor were called so: true negatives "
        "stand nowhere in F1.",
    ),
    Mistake(
        "class 1",
        slips.macro(pool=lambda found, there: found[1]),
        "This is the F1 of class 1 alone: take the mean over all classes.",
    ),
    Mistake(
        "list of classes",
        lambda batches, classes: slips.f1(*slips.totals(batches, classes)),
        "You return the F1 of each class: their mean is wanted, one number.",
    ),
    Mistake(
        "per cent",
        slips.macro(pool=lambda found, there: 100 * found.mean()),
        "This is in per cent; a share from 0 to 1 is wanted.",
    ),
    Mistake(
        "class 0 left out",
        slips.macro(pool=lambda found, there: found[1:].mean()),
        "You leave class 0 out: the classes are range(classes), from 0 on.",
    ),
    Mistake(
        "smoothed",
        slips.macro(score=lambda tp, fp, fn: (2 * tp + 1) / (2 * tp + fp + fn + 1)),
        "You add a number above and below the line, which moves every F1: give 0 where it would be 0 / 0, "
        "and leave the others alone.",
    ),
    Mistake(
        "or",
        slips.macro(gather=slips.either_for_false_positives),
        "You join the conditions of FP by `or`: predicted c *and* labelled otherwise, with &.",
    ),
    Mistake(
        "neither for missed",
        slips.macro(gather=slips.true_negatives_for_missed),
        "Your FN are the examples that neither are class c nor were called so: missed are those that *are* "
        "c and were called otherwise.",
    ),
    Mistake(
        "hits of all classes",
        slips.macro(gather=slips.hits_of_all),
        "Your TP of a class holds the hits of all classes: predicted c *and* labelled c.",
    ),
    Mistake(
        "F1 of the means of batches",
        slips.f1_of_batches,
        "You took the mean of precision and of recall over batches and classes, and one F1 of the two: add "
        "up the counts, make one F1 of each class, then their mean.",
    ),
)
