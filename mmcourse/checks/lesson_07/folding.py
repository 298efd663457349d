"""Predictions for the training rows by models that have not seen them."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_07 import folding_slips as slips

torch = lazy("torch")


def by_centres(x, y):
    """A small model: minus the squared distance to the mean of each class, [row, class]."""
    classes = 3
    centres = torch.stack([x[y == k].mean(0) if (y == k).any() else x.mean(0) for k in range(classes)])
    return lambda rows: -(rows[:, None] - centres).square().sum(-1)


def by_memory(x, y):
    """Knows every row by heart: 1 at the class of the nearest row it learned, [row, class]."""
    classes = 3

    def predict(rows):
        nearest = (rows[:, None] - x).square().sum(-1).argmin(1)
        return torch.nn.functional.one_hot(y[nearest], classes).to(rows)

    return predict


def _data(generator, rows, features=2, classes=3):
    y = torch.randint(classes, (rows,), generator=generator)
    y[:classes] = torch.arange(classes)
    y[-classes:] = torch.arange(classes)
    return torch.randn(rows, features, generator=generator) + y[:, None], y


def _case(rows, numbers, fit=by_centres):
    """Folds of these numbers, shuffled over the rows."""

    def make(generator):
        x, y = _data(generator, rows)
        dealt = torch.tensor([numbers[i % len(numbers)] for i in range(rows)])
        return fit, x, y, dealt[torch.randperm(rows, generator=generator)]

    return make


def _tiny(_generator):
    """A model that gives the mean label of what it learned: fold 0 learned from labels 2 and 4."""

    def fit(x, y):
        mean = y.to(x.dtype).mean()
        return lambda rows: mean.expand(len(rows), 1)

    return fit, torch.arange(4.0)[:, None], torch.tensor([0, 2, 6, 4]), torch.tensor([0, 1, 0, 1])


_SEEN = (
    "A model that has seen a row knows its answer: what is learned from such predictions trusts it too much. "
    "Keep the row's fold out of `fit`."
)
_ORDER = "Put the predictions where their rows stand: found[folds == fold] = …, not one fold after the other."
_NUMBERS = "Fold numbers are what stands in `folds`, in any choice: go over folds.unique()."
_SWAPPED = (
    "You learn from the fold and predict it or the rest: learn from the *other* folds, predict this one."
)
_EACH = "Each row is predicted by one model only: the one from which its fold was kept out."

out_of_fold = Exercise(
    id="07.3",
    name="out_of_fold",
    title="Predictions by those who have not seen it",
    difficulty=2,
    minutes=15,
    stub="predict every row by a model fitted to the other folds, in the order of the rows",
    parameters=("fit", "x", "y", "folds"),
    reference=slips.out_of_fold,
    variants=(),
    hints=(
        "A model that knows its training rows by heart is asked about them. What would whoever learns "
        "from its "
        "answers think of it?",
        "For one fold: which rows may the model learn from, and which is it asked about?",
        "held = folds == fold is a mask of rows; x[~held] are the others. Where in the result do the "
        "predictions of x[held] belong?",
        "for fold in folds.unique(): held = folds == fold; made = fit(x[~held], y[~held])(x[held]); make the "
        "result at the first fold, made.new_zeros(len(x), *made.shape[1:]), and write found[held] = made.",
    ),
    cases=(
        Case("mean label, two folds", _tiny),
        Case("three folds", _case(12, (0, 1, 2))),
        Case("a model that knows its rows by heart", _case(15, (0, 1, 2), by_memory)),
        Case("two folds of different sizes", _case(16, (0, 1, 1))),
        Case("five folds", _case(21, (0, 1, 2, 3, 4))),
        Case("numbers with a gap", _case(14, (2, 7))),
        Case("each row its own fold", _case(11, tuple(range(11)))),
    ),
    mistakes=(
        Mistake("in sample", slips.in_sample, _SEEN),
        Mistake("learns all", slips.learns_all, _SEEN),
        Mistake("on the fold", slips.on_the_fold, _SWAPPED),
        Mistake("turned", slips.turned, _SWAPPED),
        Mistake("by fold", slips.by_fold, _ORDER),
        Mistake("first model", slips.first_model, _EACH),
        Mistake("last model", slips.last_model, _EACH),
        Mistake("mean of models", slips.mean_of_models, _EACH),
        Mistake("sum of models", slips.added, _EACH),
        Mistake("five", slips.five, _NUMBERS),
        Mistake("how many", slips.how_many, _NUMBERS),
        Mistake(
            "from one", slips.from_one, "The first fold is never predicted: its rows stay as they were made."
        ),
        Mistake(
            "labels", slips.labels, "Return what the models give for each class, not the class they name."
        ),
        Mistake("blocks", slips.blocks, "`folds` says which rows belong together; do not deal your own."),
        Mistake(
            "wrong labels",
            slips.wrong_labels,
            "Rows and labels must be left out together: y[~held] as x[~held].",
        ),
        Mistake(
            "next fold",
            slips.next_fold,
            "You keep one fold out and predict another, which this model has seen.",
        ),
        Mistake(
            "scaled by all",
            slips.scaled_by_all,
            "You changed x by statistics of all rows: hand x to `fit` as it is; what a model needs of "
            "it, it learns from its own rows.",
        ),
    ),
    noticing="Stacking learns from these. On new examples the base models are fitted once more, to all rows.",
)
