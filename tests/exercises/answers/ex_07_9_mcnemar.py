"""Answers to 07.9 mcnemar: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def counts(right_a, right_b):
    return (right_a & ~right_b).sum().item(), (~right_a & right_b).sum().item()


def right_half_and_half(right_a, right_b):
    b, c = counts(right_a, right_b)
    p = sum(math.comb(b + c, k) / 2 ** (b + c) for k in range(min(b, c) + 1))
    return min(2 * p, 1)


def right_by_logarithms(*, right_a, right_b):
    b, c = counts(right_a, right_b)
    n, p = b + c, 0.0
    for k in range(min(b, c) + 1):
        p += math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2))
    return 1.0 if b == c else min(1.0, 2 * p)


def right_as_a_tensor(right_a, right_b):
    b, c = counts(right_a, right_b)
    tails = sum(math.comb(b + c, k) for k in range(b + c + 1) if abs(k - (b + c) / 2) >= abs(b - c) / 2)
    return torch.tensor(tails / 2 ** (b + c), dtype=torch.float64)


def wrong_one_tail(right_a, right_b):
    """hint: two-sided"""
    b, c = counts(right_a, right_b)
    return sum(math.comb(b + c, k) for k in range(min(b, c) + 1)) / 2 ** (b + c)


def wrong_more_than_one(right_a, right_b):
    """hint: cut off at 1"""
    return 2 * wrong_one_tail(right_a, right_b)


def wrong_always_the_first(right_a, right_b):
    """hint: whichever classifier it belongs to"""
    b, c = counts(right_a, right_b)
    return min(1.0, 2 * sum(math.comb(b + c, k) for k in range(b + 1)) / 2 ** (b + c))


def wrong_always_the_second(right_a, right_b):
    """hint: whichever classifier it belongs to"""
    b, c = counts(right_a, right_b)
    return min(1.0, 2 * sum(math.comb(b + c, k) for k in range(c + 1)) / 2 ** (b + c))


def wrong_range_too_short(right_a, right_b):
    """hint: sum k from 0 up to it"""
    b, c = counts(right_a, right_b)
    return min(1.0, 2 * sum(math.comb(b + c, k) for k in range(min(b, c))) / 2 ** (b + c))


def wrong_chance_of_this_count(right_a, right_b):
    """hint: add up all that are as extreme"""
    b, c = counts(right_a, right_b)
    return min(1.0, 2 * math.comb(b + c, b) / 2 ** (b + c))


def wrong_every_example_a_toss(right_a, right_b):
    """hint: you toss once for each example"""
    b, c = counts(right_a, right_b)
    n = right_a.numel()
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(min(b, c) + 1)) / 2**n)


def wrong_how_often_each_is_right(right_a, right_b):
    """hint: how often each is right"""
    a, b = int(right_a.sum()), int(right_b.sum())
    return min(1.0, 2 * sum(math.comb(a + b, k) for k in range(min(a, b) + 1)) / 2 ** (a + b))


def wrong_errors_of_each(right_a, right_b):
    """hint: the errors of each"""
    a, b = int((~right_a).sum()), int((~right_b).sum())
    return min(1.0, 2 * sum(math.comb(a + b, k) for k in range(min(a, b) + 1)) / 2 ** (a + b))


def wrong_chi_square(right_a, right_b):
    """hint: the chi-square approximation"""
    b, c = counts(right_a, right_b)
    return math.erfc(abs(b - c) / math.sqrt(b + c) / math.sqrt(2)) if b + c else 1.0


def wrong_chi_square_with_correction(right_a, right_b):
    """hint: the chi-square approximation"""
    b, c = counts(right_a, right_b)
    return math.erfc(max(abs(b - c) - 1, 0) / math.sqrt(2 * (b + c))) if b + c else 1.0


def wrong_statistic(right_a, right_b):
    """hint: not a probability"""
    b, c = counts(right_a, right_b)
    return (b - c) ** 2 / (b + c) if b + c else 0.0


def wrong_two_shares(right_a, right_b):
    """hint: as if they came from different examples"""
    a, b, n = right_a.double().mean().item(), right_b.double().mean().item(), len(right_a)
    s = math.sqrt((a + b) / 2 * (1 - (a + b) / 2) * 2 / n)
    return math.erfc(abs(a - b) / s / math.sqrt(2)) if s > 0 else 1.0


def wrong_zero_where_they_agree(right_a, right_b):
    """hint: p is 1"""
    b, c = counts(right_a, right_b)
    return right_half_and_half(right_a, right_b) if b + c > 0 else 0.0


def wrong_one_minus(right_a, right_b):
    """hint: that is 1 − p"""
    return 1 - right_half_and_half(right_a, right_b)


def crash_minus_of_bools(right_a, right_b):
    """line: (right_a - right_b).sum()"""
    return (right_a - right_b).sum()


def crash_comb_of_tensors(right_a, right_b):
    """line: math.comb(len(right_a), right_a.float().sum())"""
    return math.comb(len(right_a), right_a.float().sum())


def crash_float_power(right_a, right_b):
    """line: return min(1.0, 2 * sum
    hint: have no limit"""
    only_a, only_b = int((right_a & ~right_b).sum()), int((~right_a & right_b).sum())
    n = only_a + only_b
    return min(1.0, 2 * sum(math.comb(n, k) for k in range(min(only_a, only_b) + 1)) / 2.0**n)
