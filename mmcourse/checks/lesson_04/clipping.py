"""Keep the gradient's direction, and bound its length."""

from mmcourse.checks import Case, Exercise, Mistake, lazy

torch = lazy("torch")


def _all(gradients):
    return torch.cat([g.flatten() for g in gradients])


def _norm(gradients):
    return _all(gradients).norm().item()


def _scaled(gradients, factor):
    return [g * factor for g in gradients]


def _clip(gradients, max_norm):
    total = _norm(gradients)
    return _scaled(gradients, max_norm / total if total > max_norm else 1.0), total


def _always(gradients, max_norm):
    total = _norm(gradients)
    return _scaled(gradients, max_norm / (total + 1e-6)), total


def _divided_by_zero(gradients, max_norm):
    """Always scaled, and 0 / 0 where there is no gradient."""
    total = _all(gradients).norm()
    return [g * (max_norm / total).clamp(max=1.0) if total else g / total for g in gradients], total.item()


def _each_alone(gradients, max_norm):
    clipped = [g * min(1.0, max_norm / max(g.norm().item(), 1e-30)) for g in gradients]
    return clipped, _norm(gradients)


def _total_after(gradients, max_norm):
    clipped, _ = _clip(gradients, max_norm)
    return clipped, _norm(clipped)


def _by(norm):
    """Clip by another measure of length than the total norm."""

    def wrong(gradients, max_norm):
        total = float(norm(gradients))
        return _scaled(gradients, max_norm / total if total > max_norm else 1.0), total

    return wrong


def _by_values(gradients, max_norm):
    return [g.clamp(-max_norm, max_norm) for g in gradients], _norm(gradients)


def _upside_down(gradients, max_norm):
    total = _norm(gradients)
    return _scaled(gradients, total / max_norm if total > max_norm else 1.0), total


def _to_one(gradients, max_norm):
    total = _norm(gradients)
    return _scaled(gradients, 1 / total if total > max_norm else 1.0), total


def _share_taken_away(gradients, max_norm):
    total = _norm(gradients)
    return [g - (total - max_norm) if total > max_norm else g * 1.0 for g in gradients], total


def _zeroed(gradients, max_norm):
    total = _norm(gradients)
    return _scaled(gradients, 0.0 if total > max_norm else 1.0), total


def _not_clipped(gradients, max_norm):
    return _scaled(gradients, 1.0), _norm(gradients)


def _in_place(gradients, max_norm):
    clipped, total = _clip(gradients, max_norm)
    for g, small in zip(gradients, clipped, strict=True):
        g.copy_(small)
    return gradients, total


def _flat(gradients, max_norm):
    clipped, total = _clip(gradients, max_norm)
    return _all(clipped), total


def _gradients(generator, *sizes, scale=1.0):
    return [torch.randn(*size, generator=generator) * scale for size in sizes]


def _weights(generator, scale):
    return _gradients(generator, (6, 3), (6, 4), (6,), (2, 3, 2), scale=scale)


_ZERO = "Where all gradients are 0 you divide by a total norm of 0. Is there anything to clip then?"
_SQUARES = "The total norm is the root of the sum of all squares, over all tensors together; "
_OTHER_NORMS = (
    ("sum of norms", lambda gs: sum(g.norm() for g in gs), "you added up the norms of the tensors."),
    ("largest norm", lambda gs: max(g.norm() for g in gs), "you took the largest norm of a tensor."),
    ("mean norm", lambda gs: sum(g.norm() for g in gs) / len(gs), "you took the mean of the tensors' norms."),
    ("no root", lambda gs: sum(g.square().sum() for g in gs), "the root is missing."),
    ("mean square", lambda gs: _all(gs).square().mean().sqrt(), "you took the mean of the squares."),
    ("sum of sizes", lambda gs: _all(gs).abs().sum(), "you added up the sizes of the entries."),
    ("largest entry", lambda gs: _all(gs).abs().max(), "you took the largest entry."),
    ("sum of entries", lambda gs: _all(gs).sum().abs(), "you added up the entries: plus and minus cancel."),
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
    reference=_clip,
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
        Case("far too long", lambda g: (_weights(g, 100.0), 2.5)),
        Case("short enough", lambda g: (_weights(g, 0.01), 2.5)),
        Case("a little too long", lambda g: (_weights(g, 1.0), 5.0)),
        Case("nothing but zeros", lambda g: ([torch.zeros(2, 3), torch.zeros(2)], 1.0)),
        Case("a single number", lambda g: ([torch.tensor(-7.0)], 2.0)),
    ),
    mistakes=(
        Mistake(
            "each alone",
            _each_alone,
            "You clipped each tensor by its own norm: long ones shrink, short ones stay, and the arrow "
            "turns. One factor for all keeps its direction.",
        ),
        Mistake(
            "by values",
            _by_values,
            "You cut each number off at max_norm, which turns the arrow; multiply all by one factor.",
        ),
        Mistake(
            "always",
            _always,
            "A gradient that is short enough stays as it is; yours is made longer. The factor is never above "
            "1.",
        ),
        Mistake("divided by zero", _divided_by_zero, _ZERO),
        Mistake(
            "divided by zero, a Python number",
            lambda gradients, max_norm: _scaled(gradients, min(1.0, max_norm / _norm(gradients))),
            _ZERO,
        ),
        Mistake(
            "norm after clipping",
            _total_after,
            "The total norm is asked for as it was *before* clipping: people watch it during training.",
        ),
        *(Mistake(name, _by(norm), _SQUARES + yours) for name, norm, yours in _OTHER_NORMS),
        Mistake(
            "upside down",
            _upside_down,
            "Your factor is upside down: max_norm / total makes a long arrow shorter.",
        ),
        Mistake(
            "to length one",
            _to_one,
            "You divided by the total norm, so what is too long gets the length 1: it should get max_norm.",
        ),
        Mistake(
            "subtracted",
            _share_taken_away,
            "You subtracted what is too long from every entry; multiply every entry by one factor.",
        ),
        Mistake(
            "thrown away",
            _zeroed,
            "You threw away gradients that are too long; shorten them to max_norm.",
        ),
        Mistake("not clipped", _not_clipped, "The norm is right, but the gradients are as long as before."),
        Mistake(
            "in place",
            _in_place,
            "You changed the gradients that you got: make new ones, [g * factor for g in gradients].",
        ),
        Mistake(
            "flat",
            _flat,
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
            lambda gradients, max_norm: _clip(gradients, max_norm)[0],
            "Two results are wanted: the list of gradients and the total norm.",
        ),
        Mistake(
            "norm only",
            lambda gradients, max_norm: _norm(gradients),
            "Two results are wanted: the list of gradients and the total norm.",
        ),
        Mistake(
            "norm first",
            lambda gradients, max_norm: _clip(gradients, max_norm)[::-1],
            "The order of the two results: first the gradients, then the total norm.",
        ),
    ),
    noticing="Direction is kept, length is bounded: one clip that makes the gradient explode then costs one "
    "short step, and not the training.",
)
