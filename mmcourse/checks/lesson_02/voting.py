"""The nearest neighbours vote, for a few rows at a time."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_02 import voting_slips as slips
from mmcourse.checks.lesson_02.voting_mistakes import MISTAKES
from mmcourse.checks.lesson_05._sizes import at_most

torch = lazy("torch")


def _use(answer, x, reference, labels, k, classes, chunk):
    """Call an answer, which may hold chunk × other distances, all votes or what it was given, and no more."""
    votes = max(len(x) * k, len(reference)) * classes
    with at_most(max(chunk * len(reference), votes, x.numel(), reference.numel())):
        return answer(x, reference, labels, k, classes, chunk)


def _small(_generator):
    """Five rows, seven to ask; four vote, and two classes often have two votes each."""
    x = [[1.5, 1.5], [3.5, 6.5], [4.0, 4.5], [5.5, 9.0], [9.0, 5.5]]
    reference = [[4.0, 5.0], [2.0, 3.0], [9.5, 9.5], [8.0, 5.0], [1.0, 9.5], [9.5, 5.5], [9.5, 3.0]]
    return torch.tensor(x), torch.tensor(reference), torch.tensor([2, 1, 0, 1, 2, 1, 0]), 4, 3, 2


def _drawn(generator, rows, others, k, classes, chunk, features=3, had=None):
    """Random tables; labels below `had`, where not all classes occur."""
    x = torch.randn(rows, features, generator=generator)
    reference = torch.randn(others, features, generator=generator)
    labels = torch.randint(had or classes, (others,), generator=generator)
    return x, reference, labels, k, classes, chunk


def _tie(_generator):
    """A vote for 8 and one for 1: the first of the two classes wins, however they are collected."""
    reference = torch.tensor([[1.0, 0.0], [0.0, 2.0], [9.0, 9.0]])
    return torch.zeros(1, 2), reference, torch.tensor([8, 1, 0]), 2, 9, 3


knn_classify = Exercise(
    id="02.2",
    name="knn_classify",
    title="The neighbours vote",
    difficulty=2,
    minutes=20,
    stub="return for each row of x the class that most of its k nearest in reference have",
    parameters=("x", "reference", "labels", "k", "classes", "chunk"),
    reference=slips.classify,
    call=_use,
    hints=(
        "For two rows of x you have the distances [2, other]. What do the places of the k smallest in each "
        "row tell you, and what tells you the classes there?",
        "distances.topk(k, dim=1, largest=False).indices are places; labels[places] has the shape [row, k]. "
        "How do you count, in each row, the votes of each class, also of one that nobody has? And of equal "
        "counts, which does argmax give?",
        "For each piece of x.split(chunk): its distances, places by topk as above, then "
        "F.one_hot(labels[places], classes).sum(1).argmax(1). torch.cat joins the pieces.",
    ),
    cases=(
        Case("five rows, four votes", _small),
        Case("two votes", lambda g: _drawn(g, 9, 8, 2, 3, 4)),
        Case("five votes", lambda g: _drawn(g, 11, 14, 5, 4, 3)),
        Case("only the nearest", lambda g: _drawn(g, 8, 9, 1, 4, 3)),
        Case("all may vote", lambda g: _drawn(g, 5, 6, 6, 3, 2)),
        Case("one row", lambda g: _drawn(g, 1, 9, 4, 3, 4)),
        Case("fewer rows than a chunk", lambda g: _drawn(g, 7, 10, 4, 5, 16)),
        Case("one row at a time", lambda g: _drawn(g, 6, 12, 4, 3, 1)),
        Case("classes that no one has", lambda g: _drawn(g, 7, 9, 4, 6, 3, had=3)),
        Case("a vote for 8 and one for 1", _tie),
        Case("forty rows, four at a time", lambda g: _drawn(g, 40, 30, 3, 3, 4, features=5)),
        Case("a hundred rows, five at a time", lambda g: _drawn(g, 100, 60, 1, 2, 5, features=2)),
    ),
    mistakes=MISTAKES,
    noticing="There is no training at all; the work comes when you ask. Each answer looks at every row of "
    "reference, so the more examples you have, the better it answers and the longer it takes.",
)
