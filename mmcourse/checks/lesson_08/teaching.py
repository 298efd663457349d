"""Co-training: what each of two senses is sure of becomes a label for the other."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_08 import teaching_slips as slips
from mmcourse.checks.lesson_08.teaching_mistakes import MISTAKES

torch = lazy("torch")


def _of(probs):
    """Log-probabilities of two classes from those of class 0."""
    first = torch.tensor(probs)
    return torch.stack([first, 1 - first], dim=1).log()


def _tiny(_generator):
    """Row 0: both say class 0. Row 1: they dispute. Row 2: a alone is sure, b leans to the other class.
    Rows 3 and 5: b alone is sure. Row 4: nobody is."""
    return _of([0.9, 0.95, 0.1, 0.4, 0.55, 0.6]), _of([0.85, 0.08, 0.6, 0.97, 0.45, 0.12]), 0.8, 2


def opinions(generator, rows, classes, size, shared):
    """Two senses that look at the same rows, and agree the more the larger `shared` is."""
    truth = torch.randint(classes, (rows,), generator=generator)
    known = shared * torch.nn.functional.one_hot(truth, classes)
    noise = size * torch.randn(2, rows, classes, generator=generator)
    return tuple((known + noise).log_softmax(dim=-1))


def _case(rows, classes, threshold, per_class, size=1.5, shared=2.0):
    return lambda g: (*opinions(g, rows, classes, size, shared), threshold, per_class)


def _agreed(generator):
    """Both say the same of every row."""
    said = opinions(generator, 9, 3, 2.0, 2.0)[0]
    return said, said.clone(), 0.4, 2


def _disputed(_generator):
    """Both are sure of every row, and of other classes; the surest row is the same."""
    return _of([0.9, 0.8, 0.3, 0.25]), _of([0.05, 0.3, 0.9, 0.65]), 0.6, 3


def _one_is_sure(generator):
    """The first sense is never sure: only it gets labels."""
    first = opinions(generator, 12, 4, 0.05, 0.0)[0]
    return first, opinions(generator, 12, 4, 1.5, 2.0)[0], 0.7, 2


co_training_round = Exercise(
    id="08.6",
    name="co_training_round",
    title="Each teaches the other",
    difficulty=2,
    minutes=15,
    stub="return what a learns from b, and what b learns from a",
    parameters=("log_probs_a", "log_probs_b", "threshold", "per_class"),
    reference=slips.round_,
    hints=(
        "The picture is blurred, but the voice is clear. Whose label could the picture's model learn "
        "something from?",
        "pseudo_labels of 08.5 gives what each sense would label. Which rows are in both lists? And of "
        "those, which have two different labels?",
        "Put each list into a dict, row → label. A row is disputed if it is in both and the labels "
        "differ. What is left of b's list goes to a, what is left of a's to b.",
        "of_a = dict(zip(rows.tolist(), labels.tolist())), of_b likewise; disputed = {row for row in of_a "
        "if of_b.get(row, of_a[row]) != of_a[row]}; or with tensors: same = rows_a[:, None] == rows_b, and a "
        "row of a's is disputed where (same & (labels_a[:, None] != labels_b)).any(1).",
    ),
    cases=(
        Case("six rows, two classes", _tiny),
        Case("fifty rows, four classes", _case(50, 4, 0.6, 3)),
        Case("senses that often differ", _case(40, 3, 0.5, 5, shared=0.5)),
        Case("senses that always agree", _agreed),
        Case("all is disputed", _disputed),
        Case("one sense is never sure", _one_is_sure),
        Case("nobody is sure", _case(7, 5, 0.95, 2, size=0.1, shared=0.0)),
        Case("one row", _case(1, 3, 0.1, 2)),
        Case("more wanted than there are", _case(15, 2, 0.55, 40, shared=1.0)),
        Case("as many rows as classes", _case(6, 6, 0.3, 1)),
    ),
    mistakes=MISTAKES,
    noticing="It pays where each sense alone could do, and their mistakes have nothing to do with each "
    "other: then what one is sure of is a fair sample for the other.",
)
