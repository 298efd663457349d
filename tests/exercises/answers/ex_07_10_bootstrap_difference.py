"""Answers to 07.10 bootstrap_difference: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def resampled(right_a, right_b, draws, generator):
    n = len(right_a)
    rows = torch.randint(n, (draws, n), generator=generator)
    return right_a.float()[rows].mean(1) - right_b.float()[rows].mean(1)


def estimate(right_a, right_b):
    return (right_a.float().mean() - right_b.float().mean()).item()


def cut(values, level):
    q = torch.tensor([(1 - level) / 2, (1 + level) / 2])
    return values.float().quantile(q).tolist()


def right_loop(right_a, right_b, draws, level, generator):
    n, found = len(right_a), []
    for _ in range(draws):
        rows = torch.randint(0, n, (n,), generator=generator)
        found.append((right_a[rows].double().mean() - right_b[rows].double().mean()).item())
    return estimate(right_a, right_b), *cut(torch.tensor(found), level)


def right_counts(*, right_a, right_b, draws, level, generator):
    each = right_a.float() - right_b.float()
    counts = torch.multinomial(torch.ones(draws, len(each)), len(each), replacement=True, generator=generator)
    return [estimate(right_a, right_b), *cut(each[counts].mean(1), level)]


def right_sorted(right_a, right_b, draws, level, generator):
    values = resampled(right_a, right_b, draws, generator).sort().values
    out = int(draws * (1 - level) / 2)
    return torch.tensor(estimate(right_a, right_b)), values[out], values[draws - 1 - out]


def wrong_drawn_apart(right_a, right_b, draws, level, generator):
    """hint: look at both classifiers on them"""
    n = len(right_a)
    a = right_a.float()[torch.randint(n, (draws, n), generator=generator)].mean(1)
    b = right_b.float()[torch.randint(n, (draws, n), generator=generator)].mean(1)
    return estimate(right_a, right_b), *cut(a - b, level)


def wrong_permuted(right_a, right_b, draws, level, generator):
    """hint: draw with replacement"""
    each, found = right_a.float() - right_b.float(), []
    for _ in range(draws):
        found.append(each[torch.randperm(len(each), generator=generator)].mean())
    return estimate(right_a, right_b), *cut(torch.stack(found), level)


def wrong_half_as_many(right_a, right_b, draws, level, generator):
    """hint: as large as the test set"""
    each, n = right_a.float() - right_b.float(), max(1, len(right_a) // 2)
    rows = torch.randint(len(each), (draws, n), generator=generator)
    return estimate(right_a, right_b), *cut(each[rows].mean(1), level)


def wrong_level_on_each_side(right_a, right_b, draws, level, generator):
    """hint: half of it on either side"""
    values = resampled(right_a, right_b, draws, generator)
    return estimate(right_a, right_b), values.quantile(1 - level).item(), values.quantile(level).item()


def wrong_smallest_and_largest(right_a, right_b, draws, level, generator):
    """hint: how many draws you made"""
    values = resampled(right_a, right_b, draws, generator)
    return estimate(right_a, right_b), values.min().item(), values.max().item()


def wrong_one_standard_deviation(right_a, right_b, draws, level, generator):
    """hint: whatever was asked for"""
    s = resampled(right_a, right_b, draws, generator).double().std().item()
    d = estimate(right_a, right_b)
    return d, d - s, d + s


def wrong_standard_error_of_the_draws(right_a, right_b, draws, level, generator):
    """hint: shrinks with more draws"""
    s = 1.96 * resampled(right_a, right_b, draws, generator).double().std().item() / draws**0.5
    d = estimate(right_a, right_b)
    return d, d - s, d + s


def wrong_mean_of_the_draws(right_a, right_b, draws, level, generator):
    """hint: draws are for the interval alone"""
    values = resampled(right_a, right_b, draws, generator)
    return values.double().mean().item(), *cut(values, level)


def wrong_second_minus_first(right_a, right_b, draws, level, generator):
    """hint: the sign is the wrong way round"""
    return right_loop(right_b, right_a, draws, level, generator)


def wrong_absolute(right_a, right_b, draws, level, generator):
    """hint: keep the sign"""
    values = resampled(right_a, right_b, draws, generator).double().abs()
    return abs(estimate(right_a, right_b)), *cut(values, level)


def wrong_generator_not_used(right_a, right_b, draws, level, generator):
    """hint: hand the generator"""
    return estimate(right_a, right_b), *cut(resampled(right_a, right_b, draws, None), level)


def wrong_own_seed(right_a, right_b, draws, level, generator):
    """hint: hand the generator"""
    mine = torch.Generator().manual_seed(1)
    return estimate(right_a, right_b), *cut(resampled(right_a, right_b, draws, mine), level)


def wrong_always_95(right_a, right_b, draws, level, generator):
    """hint: your level is always 95"""
    return estimate(right_a, right_b), *cut(resampled(right_a, right_b, draws, generator), 0.95)


def wrong_high_before_low(right_a, right_b, draws, level, generator):
    """hint: the lower end comes first"""
    low, high = cut(resampled(right_a, right_b, draws, generator), level)
    return estimate(right_a, right_b), high, low


def wrong_percent(right_a, right_b, draws, level, generator):
    """hint: shares, not percent"""
    low, high = cut(resampled(right_a, right_b, draws, generator), level)
    return 100 * estimate(right_a, right_b), 100 * low, 100 * high


def right_two_samples_of_one_draw(right_a, right_b, draws, level, generator):
    """Both accuracies on each draw, and their difference."""
    even = torch.ones(len(right_a))
    rows = torch.multinomial(even, draws * len(right_a), replacement=True, generator=generator).view(
        draws, -1
    )
    values = right_a[rows].double().mean(1) - right_b[rows].double().mean(1)
    return estimate(right_a, right_b), *cut(values, level)


def wrong_median_of_the_draws(right_a, right_b, draws, level, generator):
    """hint: draws are for the interval alone"""
    values = resampled(right_a, right_b, draws, generator)
    return values.median().item(), *cut(values, level)


def wrong_mirrored_at_the_estimate(right_a, right_b, draws, level, generator):
    """hint: the quantiles themselves"""
    middle = estimate(right_a, right_b)
    low, high = cut(resampled(right_a, right_b, draws, generator), level)
    return middle, 2 * middle - high, 2 * middle - low


def wrong_around_zero(right_a, right_b, draws, level, generator):
    """hint: not around 0"""
    middle = estimate(right_a, right_b)
    return middle, *cut(resampled(right_a, right_b, draws, generator) - middle, level)


def wrong_single_examples(right_a, right_b, draws, level, generator):
    """hint: the spread of single examples"""
    each = right_a.double() - right_b.double()
    return estimate(right_a, right_b), *cut(
        each[torch.randint(len(each), (draws,), generator=generator)], level
    )


def wrong_first_alone(right_a, right_b, draws, level, generator):
    """hint: the accuracy of A alone"""
    nobody = torch.zeros_like(right_b)
    return estimate(right_a, nobody), *cut(resampled(right_a, nobody, draws, generator), level)


def crash_mean_of_bools(right_a, right_b, draws, level, generator):
    """line: right_a.mean() - right_b.mean()"""
    return right_a.mean() - right_b.mean()


def crash_level_as_index(right_a, right_b, draws, level, generator):
    """line: right_a.float().sort().values[level]"""
    return right_a.float().sort().values[level]


def wrong_last_example_never_drawn(right_a, right_b, draws, level, generator):
    """hint: the upper end of torch.randint"""
    each = right_a.double() - right_b.double()
    rows = torch.randint(0, max(len(each) - 1, 1), (draws, len(each)), generator=generator)
    values = each[rows].mean(1)
    outside = (1 - level) / 2
    return each.mean().item(), values.quantile(outside).item(), values.quantile(1 - outside).item()
