"""Directions along which two senses agree: canonical correlation by SVD."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_08 import correlating_slips as slips
from mmcourse.checks.lesson_08.correlating_mistakes import MISTAKES

torch = lazy("torch")


def _case(rows, widths, components, ridge=0.0, shared=2, shift=0.0):
    """Two senses that share a few hidden numbers, mixed and with noise, in float64."""

    def make(generator):
        def drawn(*shape):
            return torch.randn(*shape, generator=generator, dtype=torch.float64)

        hidden = drawn(rows, shared)
        noise = torch.linspace(0.4, 1.2, shared, dtype=torch.float64)
        made = []
        for width in widths:
            own = torch.cat([hidden + noise * drawn(rows, shared), drawn(rows, max(width - shared, 0))], 1)
            made.append(own[:, :width] @ drawn(width, width) + shift * drawn(width))
        return *made, components, ridge

    return make


def _judge(got, wanted, args):
    """What must hold whatever the signs: shapes, correlations, variances of 1, and pairs that correlate."""
    x, y, components, ridge = args.args
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        return "the result is three tensors: a, b and the correlations"
    shapes = [list(z.shape) if isinstance(z, torch.Tensor) else type(z).__name__ for z in got]
    right = [[x.shape[1], components], [y.shape[1], components], [components]]
    if shapes != right:
        return f"the shapes are {shapes}, wanted {right}"
    a, b, values = (z.double() for z in got)
    if not all(z.isfinite().all() for z in (a, b, values)):
        return "not all numbers are finite"
    if (values - wanted[2]).abs().max() > 1e-5:
        return f"the correlations are {_told(values)}, wanted {_told(wanted[2])}"
    own, other, between = slips.moments(x, y, ridge)
    for name, weight, covariance in (("a", a, own), ("b", b, other)):
        spread = (weight.T @ covariance @ weight - torch.eye(components, dtype=x.dtype)).abs().max()
        if spread > 1e-4:
            found = _told((weight.T @ covariance @ weight).diagonal())
            return (
                f"along the columns of {name} the variances are {found}, wanted 1 for each, and no covariance"
            )
    crossed = (a.T @ between @ b).diagonal()
    if (crossed - values).abs().max() > 1e-4:
        return f"pairs of directions give {_told(crossed)}, and the correlations say {_told(values)}"
    return None


def _told(numbers):
    return "(" + ", ".join(f"{x:.4f}" for x in numbers.tolist()) + ")"


cca = Exercise(
    id="08.9",
    name="cca",
    title="Where two senses agree",
    difficulty=3,
    minutes=25,
    stub="return the first pairs of directions and their correlations, by SVD of the whitened covariance",
    parameters=("x", "y", "components", "ridge"),
    reference=slips.cca,
    judge=_judge,
    variants=("non-contiguous",),
    hints=(
        "A direction of x with a large variance covaries much with anything. What has to be taken out "
        "first, so "
        "that only *agreement* is left?",
        "Whiten: (x − mean) Σx^(−1/2) has variance 1 in every direction. From values and vectors of "
        "torch.linalg.eigh(Σ): Σ^(−1/2) = vectors · diag(values^(−1/2)) · vectorsᵀ.",
        "The covariance between the whitened senses is Σx^(−1/2) Σxy Σy^(−1/2). Its singular values are the "
        "correlations, largest first. What are the singular vectors in terms of x?",
        "left, values, right = torch.linalg.svd(wx @ between @ wy, full_matrices=False); a = wx @ "
        "left[:, :k]; "
        "b = wy @ right[:k].T. right comes transposed.",
    ),
    cases=(
        Case("two columns each", _case(40, (2, 2), 1)),
        Case("more columns", _case(80, (5, 3), 2)),
        Case("far from 0", _case(60, (3, 4), 3, shift=8.0)),
        Case("with a ridge", _case(50, (4, 4), 2, ridge=0.7)),
        Case("one column each", _case(30, (1, 1), 1, shared=1)),
        Case("all components", _case(70, (3, 3), 3)),
        Case("another ridge, other widths", _case(90, (2, 6), 2, ridge=0.1, shift=2.0)),
    ),
    mistakes=MISTAKES,
    noticing="With as many columns as rows the correlations are all 1, whatever the senses say; on new rows "
    "they fall. A ridge helps, and so do more rows.",
)
