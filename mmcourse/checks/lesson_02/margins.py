"""The multi-class hinge loss: by how much the right class fails to lead."""

from mmcourse.checks import Args, Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_02 import margin_slips as slips

torch = lazy("torch")


def _small(_generator):
    """Row 0 lacks 1.5 against class 1, row 1 lacks 0.5 and 3: (1.5 + 3.5) / 3 classes / 2 rows."""
    return torch.tensor([[1.0, 1.5, -1.0], [1.5, 2.0, 4.0]]), torch.tensor([0, 1])


def _made(generator, rows, classes, spread=1.5, lean=1.0):
    """Scores of a classifier that is right more often than not."""
    target = torch.randint(classes, (rows,), generator=generator)
    scores = spread * torch.randn(rows, classes, generator=generator)
    return scores + lean * torch.nn.functional.one_hot(target, classes), target


def _content(generator):
    """Every right class leads by more than the margin."""
    scores, target = _made(generator, 5, 4, spread=0.3, lean=9.0)
    return scores, target


_OWN = (
    "A row's own class has lead 0 over itself, which costs the whole margin in every row: leave it out of "
    "the sum."
)
_CLASSES = "Each row's sum is divided by the number of all classes, the right one counted too."
_BATCH = "The mean over the batch is wanted, so that a larger batch does not take larger steps."
_ALL = (
    "Only the strongest rival counts with you (Crammer and Singer's loss); here every other class that is "
    "too near costs something: sum over classes."
)
_EACH = "Cut off at 0 before you add: a class that is far behind must not pay for one that is too near."
_ONE_REST = (
    "You compare each score with the margin by itself, one class against the rest; here it is the lead that "
    "counts, the right class's score minus the other's."
)
_ONE_NUMBER = "One number is wanted: divide by the classes, then take the mean over the rows."
_SCORES = "The loss is of the scores as they are: squeezed between 0 and 1, no lead can exceed 1."
_AXIS = (
    "The right classes' scores need an axis of size 1 to stand beside [row, class]: "
    "scores.gather(1, target[:, None])."
)

multiclass_hinge_loss = Exercise(
    id="02.4",
    name="multiclass_hinge_loss",
    title="Right is not enough: lead by a margin",
    difficulty=2,
    minutes=12,
    stub="return the mean over rows of what the right class lacks of its lead",
    parameters=("scores", "target", "margin"),
    reference=slips.hinge,
    hints=(
        "Row 0 of the example has scores 1, 1.5 and −1, and class 0 is right. By how much does class 0 lead "
        "the others, and what is each time missing to 1?",
        "How do you take the right class's score of every row at once, so that it can be subtracted from a "
        "whole row [class]? And what comes out for the right class itself?",
        "Where do you cut off at 0: before the sum over the classes, or after?",
        "right = scores.gather(1, target[:, None]); missing = (margin − right + scores).clamp(min=0); put 0 "
        "at the own class, missing.scatter(1, target[:, None], 0.0); sum over classes, divide by "
        "scores.shape[1], mean over rows.",
    ),
    cases=(
        Case("two rows, three classes", _small),
        Case("random scores", lambda g: _made(g, 6, 4)),
        Case("as many rows as classes", lambda g: _made(g, 5, 5)),
        Case("one row", lambda g: _made(g, 1, 4, lean=-1.0)),
        Case("two classes", lambda g: _made(g, 8, 2)),
        Case("a wider margin", lambda g: Args(_made(g, 7, 3), {"margin": 2.5})),
        Case("a narrow margin", lambda g: Args(_made(g, 7, 5, lean=0.5), {"margin": 0.2})),
        Case("every lead is large enough", _content, gradient=False),
        Case("ten classes, many rows", lambda g: _made(g, 40, 10, spread=2.0, lean=3.0)),
    ),
    mistakes=(
        Mistake("own class too", slips.own_class_too, _OWN),
        Mistake("own class too, summed", slips.own_class_too_summed, _OWN),
        Mistake(
            "margin off the mean",
            slips.margin_off_the_mean,
            "The own class adds one margin to a row's sum over classes; take it away before you divide.",
        ),
        Mistake("by the others", slips.by_the_others, _CLASSES),
        Mistake("not divided", slips.not_divided, _CLASSES),
        Mistake("sum over rows", slips.summed_over_rows, _BATCH),
        Mistake("sum", slips.summed, "This is the sum over rows and classes; divide by both numbers."),
        Mistake(
            "those that miss",
            slips.of_those_that_miss,
            "You divide by the entries above 0 alone, and 0/0 is NaN where there is none: those that are far "
            "behind count as 0.",
        ),
        Mistake("strongest rival", slips.strongest_rival, _ALL),
        Mistake("strongest rival, divided", slips.strongest_rival_divided, _ALL),
        Mistake(
            "turned",
            slips.turned,
            "The difference is the wrong way round: a high score of the right class makes the loss smaller.",
        ),
        Mistake(
            "margin subtracted",
            slips.margin_subtracted,
            "The margin has the wrong sign: the lead has to be at least +margin.",
        ),
        Mistake(
            "no margin",
            slips.no_margin,
            "The margin is missing: with you it is enough to be right, by however little.",
        ),
        Mistake(
            "always 1",
            slips.margin_always_1,
            "Your margin is always 1: use the argument.",
        ),
        Mistake(
            "unclamped", slips.unclamped, "A lead larger than the margin costs 0, not less than 0: cut off."
        ),
        Mistake(
            "absolute",
            slips.absolute,
            "abs punishes too large a lead as well; cut off at 0 instead.",
        ),
        Mistake("clamped by row", slips.clamped_by_row, _EACH),
        Mistake("clamped last", slips.clamped_last, _EACH),
        Mistake("squared", slips.squared, "You squared what is missing; here it counts as it is, p = 1."),
        Mistake("one against the rest", slips.one_against_the_rest, _ONE_REST),
        Mistake("one against the rest, divided", slips.one_against_the_rest_divided, _ONE_REST),
        Mistake("right score alone", slips.right_score_alone, _ONE_REST),
        Mistake("of each row", slips.of_each_row, "One number is wanted: take the mean over the rows."),
        Mistake("of each row, not divided", slips.of_each_row_not_divided, _ONE_NUMBER),
        Mistake("of each class", slips.of_each_class, _ONE_NUMBER),
        Mistake("probabilities", slips.of_probabilities, _SCORES),
        Mistake("sigmoids", slips.of_sigmoids, _SCORES),
        Mistake(
            "cross-entropy",
            slips.surprise,
            "This is cross-entropy, which never comes to 0; the hinge is content once the lead is large "
            "enough.",
        ),
        Mistake(
            "count",
            slips.count,
            "That counts the classes that are too near; by how much they are is wanted.",
        ),
        Mistake("first row", slips.first_row, "Only the first row counts: is `return` inside your loop?"),
        Mistake(
            "last row", slips.last_row, "Only the last row counts: does your sum begin anew in each row?"
        ),
        Mistake(
            "always 1 off",
            slips.one_taken_off,
            "You take 1 off for the right class; what it adds is the margin, whatever that is.",
        ),
        Mistake(
            "all targets left out",
            slips.all_targets_left_out,
            "[:, target] leaves out the classes of all rows in every row; each row leaves out its own: "
            "[torch.arange(len(target)), target].",
        ),
        Mistake(
            "largest for right",
            slips.largest_for_right,
            "You measure the lead from the largest score; it is the right class's, target, that has to lead.",
        ),
        Mistake(
            "a plain 0",
            slips.plain_zero,
            "Python's max(0, …) gives its own 0, so a row without a loss makes the sum a plain number: "
            ".clamp(min=0) stays in torch.",
        ),
        Mistake(
            "favourite",
            slips.favourite,
            "You took the lead of the class with the largest score; the right class's, target, is wanted.",
        ),
        Mistake(
            "columns",
            slips.columns,
            "scores[:, target] takes all these columns of every row, [row, row]; entry target[i] of row i is "
            "scores.gather(1, target[:, None]).",
        ),
        Mistake("without the axis", slips.without_axis, _AXIS),
        Mistake("gathered by a row", slips.gathered_by_a_row, _AXIS),
        Mistake(
            "plain numbers",
            slips.of_plain_numbers,
            "The number is right but has no gradient: .item(), float() and torch.tensor() cut it off.",
        ),
        Mistake(
            "own score overwritten",
            slips.own_score_overwritten,
            "You wrote into scores; put the 0 into a new tensor instead, with scatter or masked_fill.",
        ),
    ),
    gradient=True,
    noticing="A row whose right class leads all others by the margin has loss 0 and gradient 0: it has no "
    "say. Cross-entropy asks every row for more, for ever.",
)
