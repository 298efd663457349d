"""F1 of every class over batches of unequal size: count first, divide in the end."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_06 import macro_slips as slips
from mmcourse.checks.lesson_06.macro_mistakes import MISTAKES

torch = lazy("torch")


def _batches(generator, classes, *sizes, right=0.6):
    """Batches of (predictions, labels); a share `right` of the predictions is right, the rest is drawn."""
    made = []
    for size in sizes:
        labels = torch.randint(classes, (size,), generator=generator)
        drawn = torch.randint(classes, (size,), generator=generator)
        hit = torch.rand(size, generator=generator) < right
        made.append((torch.where(hit, labels, drawn), labels))
    return made


def _pairs(*batches):
    return [(torch.tensor(predictions), torch.tensor(labels)) for predictions, labels in batches]


def _sorted(generator):
    """Batches that each hold one class, as from a loader that does not shuffle; class 3 is the rarest."""
    labels = [torch.full((size,), c) for c, size in enumerate((12, 7, 5, 2))]
    return [(torch.randint(4, label.shape, generator=generator), label) for label in labels]


macro_f1 = Exercise(
    id="06.9",
    name="macro_f1",
    title="F1 over uneven batches",
    difficulty=2,
    minutes=15,
    stub="count over all batches, then make one F1 of each class, then their mean",
    parameters=("batches", "classes"),
    reference=slips.macro(),
    hints=(
        "A batch of 2 and a batch of 64: should what happened in each weigh the same?",
        "Which three counts does a class need? Add them up over all batches; is anything divided before the "
        "last batch has been seen?",
        "For each class c: TP += ((predictions == c) & (labels == c)).sum(), FP with labels != c, FN with "
        "predictions != c; then F1 = 2·TP / (2·TP + FP + FN), or 0 where that divides by 0; then the mean "
        "over range(classes).",
    ),
    cases=(
        Case(
            "a batch of three and a batch of one", lambda g: (_pairs(([0, 1, 1], [0, 1, 0]), ([0], [1])), 2)
        ),
        Case(
            "three classes in one batch",
            lambda g: (
                _pairs(([0, 0, 0, 1, 2, 1], [0, 0, 1, 1, 2, 0])),
                3,
            ),
        ),
        Case(
            "classes of unequal number",
            lambda g: (
                _pairs(([0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 1, 1])),
                2,
            ),
        ),
        Case(
            "a class that is never predicted", lambda g: (_pairs(([0, 0, 1], [0, 2, 1]), ([1, 1], [1, 2])), 3)
        ),
        Case("a class that is not there", lambda g: (_pairs(([0, 1, 1], [0, 1, 0]), ([0], [0])), 3)),
        Case(
            "a class that is only predicted", lambda g: (_pairs(([2, 1, 0], [1, 1, 0]), ([0, 1], [0, 1])), 3)
        ),
        Case("batches of 16, 16 and 3", lambda g: (_batches(g, 4, 16, 16, 3), 4)),
        Case("batches of one class each", lambda g: (_sorted(g), 4)),
        Case("nothing right", lambda g: (_pairs(([1, 0], [0, 1]), ([1], [0])), 2)),
        Case("an empty batch among others", lambda g: (_batches(g, 3, 9, 0, 4), 3)),
        Case("many batches", lambda g: (_batches(g, 10, *[32] * 8, 5, 1), 10)),
    ),
    mistakes=MISTAKES,
    variants=(),
    noticing="Accuracy hides a rare class that is always wrong; in macro F1 every class has the same say.",
)
