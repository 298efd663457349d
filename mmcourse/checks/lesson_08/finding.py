"""Retrieval: does a picture find its digit among the first few sounds?"""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_08 import finding_slips as slips
from mmcourse.checks.lesson_08.finding_mistakes import MISTAKES

torch = lazy("torch")


def _case(queries, gallery, classes, k, lean=0.7):
    """Random scores, a little higher where the labels agree."""

    def make(generator):
        query_labels = torch.randint(classes, (queries,), generator=generator)
        gallery_labels = torch.randint(classes, (gallery,), generator=generator)
        alike = (query_labels[:, None] == gallery_labels).float()
        return (
            torch.randn(queries, gallery, generator=generator) + lean * alike,
            query_labels,
            gallery_labels,
            k,
        )

    return make


def _tiny(_generator):
    """Best two of each query: items 1 and 2, 0 and 3, 3 and 1."""
    scores = torch.tensor([[-0.6, 0.9, 0.5, -0.9], [0.8, 0.1, -0.2, 0.3], [-0.8, 0.2, 0.1, 0.4]])
    return scores, torch.tensor([4, 7, 4]), torch.tensor([4, 7, 4, 5]), 2


def _missing(generator):
    """Labels 8 and 9 are not in the gallery."""
    query_labels = torch.tensor([9, 0, 1, 8, 2, 9, 0])
    gallery_labels = torch.randint(3, (12,), generator=generator)
    return torch.randn(7, 12, generator=generator), query_labels, gallery_labels, 3


def _equals(_generator):
    """Equal scores: the right item stands before, in between and after the others."""
    scores = torch.tensor(
        [
            [0.5, 0.5, 0.5, 0.5, 0.5],
            [0.1, 0.7, 0.7, 0.7, 0.2],
            [0.3, 0.3, 0.9, 0.3, 0.3],
            [0.5, 0.5, 0.5, 0.5, 0.5],
            [0.2, 0.4, 0.4, 0.4, 0.4],
        ]
    )
    return scores, torch.tensor([0, 3, 1, 4, 3]), torch.tensor([0, 1, 2, 3, 4]), 2


def _far(generator):
    scores, query_labels, gallery_labels, k = _case(6, 9, 3, 2)(generator)
    scores = 1e30 * scores
    scores[0, :4] = -torch.inf
    scores[2, 5] = torch.inf
    return scores, query_labels, gallery_labels, k


recall_at_k = Exercise(
    id="08.8",
    name="recall_at_k",
    title="Is it among the first few?",
    difficulty=1,
    minutes=12,
    stub="return the share of queries with an item of their label among their k best",
    parameters=("scores", "query_labels", "gallery_labels", "k"),
    reference=slips.recall,
    exact_dtype=False,
    hints=(
        "A picture of a 7 looks for a 7 among sounds. Which sounds does it look at first, and when has it "
        "found one?",
        "argsort gives the *places* of the best items of each query. How do you get from a place to a label?",
        "labels = gallery_labels[order[:, :k]] is [query, k]; compare it with query_labels[:, None]. Is one "
        "right one enough, and what is the share of queries that have it?",
        "order = scores.argsort(dim=1, descending=True, stable=True)[:, :k]; found = (gallery_labels[order] "
        "== query_labels[:, None]).any(dim=1); found.float().mean(). Unlike topk, [:, :k] takes a k that is "
        "too large.",
    ),
    cases=(
        Case("three queries, four items", _tiny),
        Case("thirty queries, fifty items", _case(30, 50, 10, 5)),
        Case("the best one only", _case(25, 20, 4, 1, lean=1.5)),
        Case("as many queries as items", _case(12, 12, 5, 3)),
        Case("more queries than items", _case(20, 6, 3, 2)),
        Case("one query", _case(1, 8, 3, 2)),
        Case("labels that are not in the gallery", _missing),
        Case("equal scores", _equals),
        Case("fewer items than k", _case(9, 4, 6, 10)),
        Case("a gallery of one", _case(8, 1, 3, 1)),
        Case("scores near the end of what 32 bits hold", _far),
    ),
    mistakes=MISTAKES,
    noticing="With ten digits and k = 5 a guess succeeds about four times in ten: say k, the size of the "
    "gallery, and how many of its items are right.",
)
