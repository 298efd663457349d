"""Two exercises for the tests of the checks; this source is also the first cell of their notebook."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


class check:
    """Stands for the lesson's module."""

    double = Exercise(
        id="09.1",
        name="double",
        title="Double a signal",
        stub="return the signal, twice as strong",
        difficulty=1,
        minutes=5,
        parameters=("signal",),
        reference=lambda signal: signal * 2,
        hints=("What is twice 3?", "Multiply every sample by 2."),
        cases=(
            Case("three samples", lambda g: torch.tensor([1.0, -2.0, 4.0])),
            Case("a random batch", lambda g: torch.randn(3, 5, generator=g)),
        ),
        mistakes=(
            Mistake(
                "squared", lambda signal: signal**2, "You squared the signal: that is not twice as strong."
            ),
            Mistake("summed", lambda signal: signal.sum() * 2, "You added all samples up."),
        ),
        noticing="Twice the signal is four times the power.",
        gradient=True,
    )

    label_share = Exercise(
        id="09.2",
        name="label_share",
        title="Share of each label",
        stub="return a dict from each label to its share",
        difficulty=2,
        minutes=10,
        reference=lambda labels: {label: labels.count(label) / len(labels) for label in labels},
        hints=("How many labels are there?", "Divide each count by the number of all labels."),
        cases=(Case("two labels", lambda g: ["a", "b", "a", "a"]),),
    )
