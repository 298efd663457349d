"""Keep the gradient's direction, and bound its length."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04.ways import clipping as ways

torch = lazy("torch")


def _gradients(generator, *sizes, scale=1.0):
    return [torch.randn(*size, generator=generator) * scale for size in sizes]


def _weights(generator, scale):
    return _gradients(generator, (6, 3), (6, 4), (6,), (2, 3, 2), scale=scale)


def _arrow(*entries):
    """Two tensors, the first holding half of the entries."""
    first, second = torch.tensor(entries).chunk(2)
    return [first, second[:, None]]


_ZERO = "Where all gradients are 0 you divide by a total norm of 0. Is there anything to clip then?"
_WRONG_WAY = (
    "It is the wrong way round: long arrows stay and short ones grow. Clip where total is larger than "
    "max_norm, or take min(1, max_norm / total), not max."
)
_SQUARES = "The total norm is the root of the sum of all squares, over all tensors together; "
_COMPARE = "compare the total norm with max_norm."
_OTHER_NORMS = (
    (
        "root of squared sums",
        lambda gs: sum(g.sum() ** 2 for g in gs) ** 0.5,
        "you add up the entries of a tensor and square their sum: square each entry first.",
    ),
    (
        "mean square of each",
        lambda gs: sum(g.square().mean() for g in gs) ** 0.5,
        "you took the mean of a tensor's squares instead of their sum.",
    ),
    ("sum of norms", lambda gs: sum(g.norm() for g in gs), "you added up the norms of the tensors."),
    ("largest norm", lambda gs: max(g.norm() for g in gs), "you took the largest norm of a tensor."),
    ("mean norm", lambda gs: sum(g.norm() for g in gs) / len(gs), "you took the mean of the tensors' norms."),
    ("no root", lambda gs: sum(g.square().sum() for g in gs), "the root is missing."),
    (
        "mean square",
        lambda gs: ways.flattened(gs).square().mean().sqrt(),
        "you took the mean of the squares.",
    ),
    ("sum of sizes", lambda gs: ways.flattened(gs).abs().sum(), "you added up the sizes of the entries."),
    ("largest entry", lambda gs: ways.flattened(gs).abs().max(), "you took the largest entry."),
    (
        "sum of entries",
        lambda gs: ways.flattened(gs).sum().abs(),
        "you added up the entries: plus and minus cancel.",
    ),
    ("last tensor", lambda gs: gs[-1].norm(), "yours is set anew for each tensor, so only the last counts."),
    ("first tensor", lambda gs: gs[0].norm(), "you took the norm of the first tensor only."),
)

clip_grad_norm = Exercise(
    id="04.9",
    name="clip_grad_norm",
    title="Clip the gradient",
    difficulty=2,
    minutes=15,
    stub="return the gradients, shortened together to max_norm at most, and their total norm before",
    parameters=("gradients", "max_norm"),
    reference=ways.clip,
    hints=(
        "The gradients of all weights together are one long arrow. How long is it?",
        "Every entry of every tensor is multiplied by the same factor. Which factor gives the arrow the "
        "length max_norm, and when is nothing to be done?",
        "total is the root of the sum of g.square().sum() over all g; the factor is max_norm / total where "
        "total is larger than max_norm, else 1.",
    ),
    cases=(
        Case(
            "an arrow of length 5",
            lambda g: ([torch.tensor([3.0, 0.0]), torch.tensor([[-4.0]])], 1.0),
        ),
        Case("an arrow of length 2, which may have 3", lambda g: (_arrow(1.2, -1.6), 3.0)),
        Case("an arrow of length 0.8, which may have 0.5", lambda g: (_arrow(0.48, 0.64), 0.5)),
        Case("numbers each smaller than max_norm", lambda g: (_arrow(-0.3, 0.3, 0.3, 0.3), 0.5)),
        Case("far too long", lambda g: (_weights(g, 100.0), 2.5)),
        Case("short enough", lambda g: (_weights(g, 0.01), 2.5)),
        Case("a little too long", lambda g: (_weights(g, 1.0), 5.0)),
        Case("nothing but zeros", lambda g: ([torch.zeros(2, 3), torch.zeros(2)], 1.0)),
        Case("a single number", lambda g: ([torch.tensor(-7.0)], 2.0)),
    ),
    mistakes=(
        Mistake(
            "each alone",
            ways.each_alone,
            "You clipped each tensor by its own norm: long ones shrink, short ones stay, and the arrow "
            "turns. One factor for all keeps its direction.",
        ),
        Mistake(
            "each alone, norm after",
            lambda gradients, max_norm: (
                ways.each_alone(gradients, max_norm)[0],
                ways.norm_of(ways.each_alone(gradients, max_norm)[0]),
            ),
            "You clipped each tensor by its own norm; one factor for all keeps the direction. And the total "
            "norm is asked for as it was before.",
        ),
        Mistake(
            "factor",
            lambda gradients, max_norm: (
                ways.clip(gradients, max_norm)[0],
                min(1.0, max_norm / (ways.norm_of(gradients) + 1e-9)),
            ),
            "The second result is your factor; the total norm before clipping is wanted.",
        ),
        Mistake(
            "gradients only where short",
            lambda gradients, max_norm: (
                ways.clip(gradients, max_norm) if ways.norm_of(gradients) > max_norm else gradients
            ),
            "Where nothing is to be clipped you return the gradients alone: there, too, two results are "
            "wanted.",
        ),
        Mistake(
            "by values",
            ways.by_values,
            "You cut each number off at max_norm, which turns the arrow; multiply all by one factor.",
        ),
        Mistake(
            "always",
            ways.always,
            "A gradient that is short enough stays as it is; yours is made longer. The factor is never above "
            "1.",
        ),
        Mistake("divided by zero", ways.divided_by_zero, _ZERO),
        Mistake(
            "divided by zero, a Python number",
            lambda gradients, max_norm: ways.scale(gradients, min(1.0, max_norm / ways.norm_of(gradients))),
            _ZERO,
        ),
        Mistake(
            "norm after clipping",
            ways.total_after,
            "The total norm is asked for as it was *before* clipping: people watch it during training.",
        ),
        *(Mistake(name, ways.by_norm(norm), _SQUARES + yours) for name, norm, yours in _OTHER_NORMS),
        Mistake(
            "upside down",
            ways.upside_down,
            "Your factor is upside down: max_norm / total makes a long arrow shorter.",
        ),
        Mistake(
            "to length one",
            ways.to_one,
            "You divided by the total norm, so what is too long gets the length 1: it should get max_norm.",
        ),
        Mistake(
            "subtracted",
            ways.share_taken_away,
            "You subtracted what is too long from every entry; multiply every entry by one factor.",
        ),
        Mistake(
            "thrown away",
            ways.zeroed,
            "You threw away gradients that are too long; shorten them to max_norm.",
        ),
        Mistake(
            "compared with 1",
            ways.where(lambda gradients, total, max_norm: total > 1),
            "You compare the total norm with 1; " + _COMPARE,
        ),
        Mistake(
            "squares compared",
            ways.where(lambda gradients, total, max_norm: total**2 > max_norm),
            "You compare the sum of the squares with max_norm, without the root; " + _COMPARE,
        ),
        Mistake(
            "compared with half",
            ways.where(lambda gradients, total, max_norm: total > max_norm / 2),
            "An arrow shorter than max_norm is made longer: clip only what is longer; " + _COMPARE,
        ),
        Mistake(
            "largest entry compared",
            ways.where(lambda gradients, total, max_norm: ways.flattened(gradients).abs().max() > max_norm),
            "Whether to clip is decided by the largest entry; " + _COMPARE,
        ),
        Mistake(
            "a tensor's norm compared",
            ways.where(lambda gradients, total, max_norm: any(g.norm() > max_norm for g in gradients)),
            "Whether to clip is decided by the norm of a single tensor; " + _COMPARE,
        ),
        Mistake(
            "something added",
            ways.nearly,
            "You add so much to the divisor that the arrow comes out too short: 1e-6 is enough, or divide "
            "only where total is larger than max_norm.",
        ),
        Mistake("short ones made longer", ways.wrong_way, _WRONG_WAY),
        Mistake(
            "the larger factor",
            lambda gradients, max_norm: ways.scale_by(gradients, max_norm, max),
            _WRONG_WAY,
        ),
        Mistake(
            "not clipped", ways.not_clipped, "The norm is right, but the gradients are as long as before."
        ),
        Mistake(
            "in place",
            ways.in_place,
            "You changed the gradients that you got: make new ones, [g * factor for g in gradients].",
        ),
        Mistake(
            "flat",
            ways.flat,
            "You return one long tensor; each gradient keeps its own shape, in a list.",
        ),
        Mistake(
            "joined as they are",
            lambda gradients, max_norm: torch.cat(gradients),
            "These tensors have different shapes: flatten each before torch.cat, or add up their sums of "
            "squares.",
        ),
        Mistake(
            "stacked as they are",
            lambda gradients, max_norm: torch.stack(gradients),
            "These tensors have different shapes: flatten each before torch.cat, or add up their sums of "
            "squares.",
        ),
        Mistake(
            "gradients only",
            lambda gradients, max_norm: ways.clip(gradients, max_norm)[0],
            "Two results are wanted: the list of gradients and the total norm.",
        ),
        Mistake(
            "norm only",
            lambda gradients, max_norm: ways.norm_of(gradients),
            "Two results are wanted: the list of gradients and the total norm.",
        ),
        Mistake(
            "norm first",
            lambda gradients, max_norm: ways.clip(gradients, max_norm)[::-1],
            "The order of the two results: first the gradients, then the total norm.",
        ),
    ),
    noticing="Direction is kept, length is bounded: one clip that makes the gradient explode then costs one "
    "short step, and not the training.",
)
