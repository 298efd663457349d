"""The paired bootstrap of a difference in accuracy, right and as people get it wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def drawn(count, draws, generator):
    """Which examples each draw holds: [draw, example], with replacement."""
    return torch.randint(count, (draws, count), generator=generator)


def differences(right_a, right_b, draws, generator, rows=None):
    """The mean difference of each draw."""
    each = right_a.double() - right_b.double()
    rows = drawn(len(each), draws, generator) if rows is None else rows
    return each[rows].mean(dim=1)


def ends(values, level):
    """The two quantiles that leave as much on either side."""
    outside = (1 - level) / 2
    return values.quantile(outside).item(), values.quantile(1 - outside).item()


def estimate(right_a, right_b):
    return (right_a.double() - right_b.double()).mean().item()


def paired(right_a, right_b, draws, level, generator):
    return estimate(right_a, right_b), *ends(differences(right_a, right_b, draws, generator), level)


def last_left_out(right_a, right_b, draws, level, generator):
    """The upper end of randint taken for one that is drawn, too."""
    count = len(right_a)
    rows = torch.randint(max(count - 1, 1), (draws, count), generator=generator)
    return estimate(right_a, right_b), *ends(differences(right_a, right_b, draws, generator, rows), level)


def unpaired(right_a, right_b, draws, level, generator):
    """Other examples for the one than for the other."""
    count = len(right_a)
    a = right_a.double()[drawn(count, draws, generator)].mean(dim=1)
    b = right_b.double()[drawn(count, draws, generator)].mean(dim=1)
    return estimate(right_a, right_b), *ends(a - b, level)


def shuffled(right_a, right_b, draws, level, generator):
    """Without replacement: the same examples in another order."""
    count = len(right_a)
    rows = torch.stack([torch.randperm(count, generator=generator) for _ in range(draws)])
    return estimate(right_a, right_b), *ends(differences(right_a, right_b, draws, None, rows), level)


def half(right_a, right_b, draws, level, generator):
    """Draws of half as many examples."""
    count = len(right_a)
    rows = torch.randint(count, (draws, max(count // 2, 1)), generator=generator)
    return estimate(right_a, right_b), *ends(differences(right_a, right_b, draws, None, rows), level)


def one_sided(right_a, right_b, draws, level, generator):
    values = differences(right_a, right_b, draws, generator)
    return estimate(right_a, right_b), values.quantile(1 - level).item(), values.quantile(level).item()


def whole_tail(right_a, right_b, draws, level, generator):
    """The level itself for one end, nothing cut off at the other."""
    values = differences(right_a, right_b, draws, generator)
    return estimate(right_a, right_b), values.min().item(), values.quantile(level).item()


def extremes(right_a, right_b, draws, level, generator):
    values = differences(right_a, right_b, draws, generator)
    return estimate(right_a, right_b), values.min().item(), values.max().item()


def normal(right_a, right_b, draws, level, generator):
    """Mean plus and minus so many standard deviations."""
    values = differences(right_a, right_b, draws, generator)
    far = torch.erfinv(torch.tensor(level, dtype=torch.float64)).item() * 2**0.5 * values.std().item()
    middle = estimate(right_a, right_b)
    return middle, middle - far, middle + far


def one_deviation(right_a, right_b, draws, level, generator):
    values = differences(right_a, right_b, draws, generator)
    middle = estimate(right_a, right_b)
    return middle, middle - values.std().item(), middle + values.std().item()


def standard_error(right_a, right_b, draws, level, generator):
    values = differences(right_a, right_b, draws, generator)
    middle, far = estimate(right_a, right_b), 1.96 * values.std().item() / draws**0.5
    return middle, middle - far, middle + far


def mean_of_draws(right_a, right_b, draws, level, generator):
    values = differences(right_a, right_b, draws, generator)
    return values.mean().item(), *ends(values, level)


def turned(right_a, right_b, draws, level, generator):
    return paired(right_b, right_a, draws, level, generator)


def without_sign(right_a, right_b, draws, level, generator):
    values = differences(right_a, right_b, draws, generator).abs()
    return abs(estimate(right_a, right_b)), *ends(values, level)


def own_generator(right_a, right_b, draws, level, generator):
    return paired(right_a, right_b, draws, level, torch.Generator().manual_seed(0))


def fresh_seed(right_a, right_b, draws, level, generator):
    return paired(right_a, right_b, draws, level, None)


def fixed_draws(right_a, right_b, draws, level, generator):
    return paired(right_a, right_b, 1000, level, generator)


def fixed_level(right_a, right_b, draws, level, generator):
    return paired(right_a, right_b, draws, 0.95, generator)


def one_draw(right_a, right_b, draws, level, generator):
    """Each example's difference for a draw."""
    each = right_a.double() - right_b.double()
    values = each[torch.randint(len(each), (draws,), generator=generator)]
    return estimate(right_a, right_b), *ends(values, level)


def swapped_ends(right_a, right_b, draws, level, generator):
    middle, low, high = paired(right_a, right_b, draws, level, generator)
    return middle, high, low


def in_percent(right_a, right_b, draws, level, generator):
    return tuple(100 * x for x in paired(right_a, right_b, draws, level, generator))


def of_the_first(right_a, right_b, draws, level, generator):
    """The accuracy of the first alone."""
    return paired(right_a, torch.zeros_like(right_a), draws, level, generator)


def hundred_levels(right_a, right_b, draws, level, generator):
    """Cut off on either side what should be cut off in all."""
    values = differences(right_a, right_b, draws, generator)
    return estimate(right_a, right_b), *ends(values, 2 * level - 1)


def median_of_draws(right_a, right_b, draws, level, generator):
    values = differences(right_a, right_b, draws, generator)
    return values.median().item(), *ends(values, level)


def mirrored(right_a, right_b, draws, level, generator):
    """The basic interval: quantiles mirrored at the estimate."""
    middle, low, high = paired(right_a, right_b, draws, level, generator)
    return middle, 2 * middle - high, 2 * middle - low


def around_zero(right_a, right_b, draws, level, generator):
    """Quantiles of how far each draw is from the estimate."""
    middle, low, high = paired(right_a, right_b, draws, level, generator)
    return middle, low - middle, high - middle
