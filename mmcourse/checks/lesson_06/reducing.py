"""One gradient out of those of several processes."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_06.reducing_mistakes import MISTAKES, reduced

torch = lazy("torch")


def _made(g, counts, *shapes, empty=float("nan")):
    """Gradients as so many examples would give them; those of a process without examples are `empty`."""
    gradients = [[torch.randn(shape, generator=g) for shape in shapes] for _ in counts]
    for place, count in enumerate(counts):
        if count == 0:
            gradients[place] = [torch.full(shape, empty) for shape in shapes]
    return gradients, list(counts)


def _broken(g):
    """A process with examples has a gradient that is NaN, beside one without examples."""
    gradients, counts = _made(g, (3, 0, 2), (3,), (2, 2))
    gradients[2][0][1] = float("nan")
    return gradients, counts


reduced_gradients = Exercise(
    id="06.11",
    name="reduced_gradients",
    title="One gradient of several processes",
    difficulty=1,
    minutes=15,
    stub="return, for each parameter, the mean gradient over the examples of all processes",
    parameters=("gradients", "counts"),
    reference=reduced,
    hints=(
        "Two processes: one has seen 1 example, with gradient 1, the other 2 examples, with mean gradient 4. "
        "What is the mean over the three examples?",
        "From a mean back to a sum: times the count. Sums may be added. By what is divided in the end? And "
        "what does a process add that had no example at all?",
        "For each parameter: sum(count * gradient for the processes with count > 0) / sum(counts). "
        "zip(*gradients) goes through the parameters, each with its gradients of all processes.",
    ),
    cases=(
        Case(
            "two processes, one and two examples",
            lambda g: ([[torch.tensor([1.0, 0.0])], [torch.tensor([4.0, 3.0])]], [1, 2]),
        ),
        Case("three processes, two parameters", lambda g: _made(g, (4, 1, 3), (2, 3), (2,))),
        Case("equal shares", lambda g: _made(g, (5, 5), (3,), (1, 2))),
        Case("shares of a real batch", lambda g: _made(g, (171, 171, 170), (2, 2), (2,), (1,))),
        Case("as many processes as parameters", lambda g: _made(g, (2, 7), (2, 2), (2, 2))),
        Case("a parameter without axes", lambda g: _made(g, (3, 2), (), (2, 1, 3))),
        Case("one process", lambda g: _made(g, (6,), (2, 2))),
        Case("a process without examples, whose mean is NaN", lambda g: _made(g, (2, 0, 1), (2,), (1, 2))),
        Case(
            "a process without examples, whose gradients are 0",
            lambda g: _made(g, (0, 3, 1), (3,), empty=0.0),
        ),
        Case("a process with examples whose gradient has become NaN", _broken),
    ),
    mistakes=MISTAKES,
    variants=("non-contiguous",),  # weights in float32 are right for gradients, which are float32
    noticing="DistributedDataParallel takes the mean over processes. That is the same where all shares are "
    "of one size; where they are not, each loss has to be scaled by count · size / sum(counts) first.",
)
