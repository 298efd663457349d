"""Ways to clip gradients, right and wrong."""

from mmcourse.checks import lazy

torch = lazy("torch")


def flattened(gradients):
    return torch.cat([g.flatten() for g in gradients])


def norm_of(gradients):
    return flattened(gradients).norm().item()


def scale(gradients, factor):
    return [g * factor for g in gradients]


def clip(gradients, max_norm):
    total = norm_of(gradients)
    return scale(gradients, max_norm / total if total > max_norm else 1.0), total


def where(too_long):
    """Clip where too_long(gradients, total, max_norm) says so, be it right or wrong."""

    def wrong(gradients, max_norm):
        total = norm_of(gradients)
        return scale(gradients, max_norm / total if too_long(gradients, total, max_norm) else 1.0), total

    return wrong


def wrong_way(gradients, max_norm):
    """Short ones made longer, long ones left; where all is 0 there is nothing to make longer."""
    total = norm_of(gradients)
    return scale(gradients, max_norm / total if 0 < total < max_norm else 1.0), total


def always(gradients, max_norm):
    total = norm_of(gradients)
    return scale(gradients, max_norm / (total + 1e-6)), total


def divided_by_zero(gradients, max_norm):
    """Always scaled, and 0 / 0 where there is no gradient."""
    total = flattened(gradients).norm()
    return [g * (max_norm / total).clamp(max=1.0) if total else g / total for g in gradients], total.item()


def each_alone(gradients, max_norm):
    clipped = [g * min(1.0, max_norm / max(g.norm().item(), 1e-30)) for g in gradients]
    return clipped, norm_of(gradients)


def total_after(gradients, max_norm):
    clipped, _ = clip(gradients, max_norm)
    return clipped, norm_of(clipped)


def by_norm(norm):
    """Clip by another measure of length than the total norm."""

    def wrong(gradients, max_norm):
        total = float(norm(gradients))
        return scale(gradients, max_norm / total if total > max_norm else 1.0), total

    return wrong


def by_values(gradients, max_norm):
    return [g.clamp(-max_norm, max_norm) for g in gradients], norm_of(gradients)


def upside_down(gradients, max_norm):
    total = norm_of(gradients)
    return scale(gradients, total / max_norm if total > max_norm else 1.0), total


def to_one(gradients, max_norm):
    total = norm_of(gradients)
    return scale(gradients, 1 / total if total > max_norm else 1.0), total


def share_taken_away(gradients, max_norm):
    total = norm_of(gradients)
    return [g - (total - max_norm) if total > max_norm else g * 1.0 for g in gradients], total


def zeroed(gradients, max_norm):
    total = norm_of(gradients)
    return scale(gradients, 0.0 if total > max_norm else 1.0), total


def not_clipped(gradients, max_norm):
    return scale(gradients, 1.0), norm_of(gradients)


def in_place(gradients, max_norm):
    clipped, total = clip(gradients, max_norm)
    for g, small in zip(gradients, clipped, strict=True):
        g.copy_(small)
    return gradients, total


def flat(gradients, max_norm):
    clipped, total = clip(gradients, max_norm)
    return flattened(clipped), total


def nearly(gradients, max_norm):
    """A divisor with so much added to it that the result is visibly too short."""
    total = norm_of(gradients)
    return scale(gradients, min(1.0, max_norm / (total + 1e-2))), total


def scale_by(gradients, max_norm, choose):
    """Scaled by choose(1, max_norm / total), where max is chosen instead of min."""
    total = flattened(gradients).norm()
    return [g * choose(1.0, (max_norm / total).item()) for g in gradients], total.item()
