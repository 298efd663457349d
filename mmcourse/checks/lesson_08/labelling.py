"""Self-training's choice: which rows get a label from the model, and which label."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_08 import labelling_slips as slips
from mmcourse.checks.lesson_08.labelling_mistakes import MISTAKES

torch = lazy("torch")


def opinions(generator, rows, classes, size=2.0, lean=0.0):
    """Log-probabilities of random opinions; `lean` favours class 0."""
    logits = size * torch.randn(rows, classes, generator=generator)
    logits[:, 0] += lean
    return logits.log_softmax(dim=1)


def _case(rows, classes, threshold, per_class, **options):
    return lambda g: (opinions(g, rows, classes, **options), threshold, per_class)


def _tiny(_generator):
    """Class 0 is named by rows 0, 2, 3 and class 1 by rows 1 and 4, of which row 1 is not sure enough."""
    probs = torch.tensor([[0.7, 0.3], [0.45, 0.55], [0.95, 0.05], [0.85, 0.15], [0.1, 0.9]])
    return probs.log(), 0.6, 2


def _certain(_generator):
    """Some rows leave no doubt at all; the threshold is 1."""
    far = -torch.inf
    return (
        torch.tensor(
            [[0.0, far, far], [far, 0.0, far], [-0.5, -1.5, -1.8], [far, 0.0, far], [0.0, far, far]]
        ),
        1.0,
        2,
    )


def _equals(_generator):
    """Rows 0, 2, 3 and 5 are as sure as each other."""
    probs = torch.tensor([[0.8, 0.2], [0.6, 0.4], [0.8, 0.2], [0.2, 0.8], [0.3, 0.7], [0.8, 0.2]])
    return probs.log(), 0.5, 2


pseudo_labels = Exercise(
    id="08.5",
    name="pseudo_labels",
    title="What am I sure of?",
    difficulty=2,
    minutes=15,
    stub="return the rows that get a label from the model, the surest first, and their labels",
    parameters=("log_probs", "threshold", "per_class"),
    reference=slips.chosen,
    hints=(
        "A model says (0.7, 0.3) of one row and (0.05, 0.95) of another. Which label does each get, and how "
        "sure is the model of each?",
        "`max(dim=1)` gives both at once: how sure, and of which class. The threshold is a probability; what "
        "is in log_probs?",
        "Sort the rows by how sure they are, then go through them: a row is taken if it is sure enough and "
        "its class has not had per_class rows yet.",
        "sure, named = log_probs.exp().max(dim=1); for row in sure.argsort(descending=True, "
        "stable=True).tolist(): keep it if sure[row] >= threshold and count[named[row]] < per_class. "
        "rows = torch.tensor(kept, dtype=torch.long); return rows, named[rows].",
    ),
    cases=(
        Case("five rows, two classes", _tiny),
        Case("forty rows, four classes", _case(40, 4, 0.6, 3)),
        Case("a model that favours class 0", _case(30, 3, 0.5, 2, lean=3.0)),
        Case("as many rows as classes", _case(6, 6, 0.4, 1)),
        Case("no doubt, and a threshold of 1", _certain),
        Case("equally sure", _equals),
        Case("nobody is sure enough", _case(8, 5, 0.95, 2, size=0.1)),
        Case("one row", _case(1, 3, 0.2, 4)),
        Case("more wanted than there are", _case(12, 3, 0.3, 50)),
        Case("a low threshold", _case(25, 5, 0.01, 2)),
    ),
    mistakes=MISTAKES,
    noticing="Nothing here asks whether a label is right. A model that is sure and wrong teaches itself its "
    "own mistake.",
)
