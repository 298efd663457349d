"""McNemar's test, right and as people get it wrong."""

from __future__ import annotations

import math

from mmcourse.checks import lazy

torch = lazy("torch")


def discordant(right_a, right_b):
    """How often only the first is right, and only the second."""
    return int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())


def tail(count, few):
    """The chance of at most `few` heads among `count` tosses of a fair coin."""
    return sum(math.comb(count, k) for k in range(few + 1)) / 2**count


def exact(right_a, right_b):
    only_a, only_b = discordant(right_a, right_b)
    return min(1.0, 2 * tail(only_a + only_b, min(only_a, only_b)))


def one_sided(right_a, right_b):
    only_a, only_b = discordant(right_a, right_b)
    return tail(only_a + only_b, min(only_a, only_b))


def above_one(right_a, right_b):
    only_a, only_b = discordant(right_a, right_b)
    return 2 * tail(only_a + only_b, min(only_a, only_b))


def other_tail(right_a, right_b):
    only_a, only_b = discordant(right_a, right_b)
    return min(1.0, 2 * tail(only_a + only_b, max(only_a, only_b)))


def first_tail(right_a, right_b):
    """The tail of the first classifier's count, be it the smaller one or not."""
    only_a, only_b = discordant(right_a, right_b)
    return min(1.0, 2 * tail(only_a + only_b, only_a))


def second_tail(right_a, right_b):
    only_a, only_b = discordant(right_a, right_b)
    return min(1.0, 2 * tail(only_a + only_b, only_b))


def fewer(right_a, right_b):
    """Without the observed count itself."""
    only_a, only_b = discordant(right_a, right_b)
    return min(1.0, 2 * tail(only_a + only_b, min(only_a, only_b) - 1))


def point(right_a, right_b):
    """The chance of just this count."""
    only_a, only_b = discordant(right_a, right_b)
    return math.comb(only_a + only_b, only_a) / 2 ** (only_a + only_b)


def twice_the_point(right_a, right_b):
    return min(1.0, 2 * point(right_a, right_b))


def all_examples(right_a, right_b):
    """As if every example were a toss."""
    _, only_b = discordant(right_a, right_b)
    only_a, _ = discordant(right_a, right_b)
    return min(1.0, 2 * tail(len(right_a), min(only_a, only_b)))


def concordant_too(right_a, right_b):
    """How often each is right, whatever the other says."""
    a, b = int(right_a.sum()), int(right_b.sum())
    return min(1.0, 2 * tail(a + b, min(a, b)))


def concordant_alone(right_a, right_b):
    both, neither = int((right_a & right_b).sum()), int((~right_a & ~right_b).sum())
    return min(1.0, 2 * tail(both + neither, min(both, neither)))


def errors(right_a, right_b):
    """Errors of each, those of both among them."""
    a, b = int((~right_a).sum()), int((~right_b).sum())
    return min(1.0, 2 * tail(a + b, min(a, b)))


def _chance_of_chi(value):
    return math.erfc(math.sqrt(value / 2))


def chi_square(right_a, right_b):
    only_a, only_b = discordant(right_a, right_b)
    return _chance_of_chi((only_a - only_b) ** 2 / (only_a + only_b)) if only_a + only_b else 1.0


def chi_square_corrected(right_a, right_b):
    only_a, only_b = discordant(right_a, right_b)
    some = only_a + only_b
    return _chance_of_chi(max(abs(only_a - only_b) - 1, 0) ** 2 / some) if some else 1.0


def chi_square_unguarded(right_a, right_b):
    only_a, only_b = discordant(right_a, right_b)
    return _chance_of_chi((only_a - only_b) ** 2 / (only_a + only_b))


def statistic(right_a, right_b):
    only_a, only_b = discordant(right_a, right_b)
    return (only_a - only_b) ** 2 / (only_a + only_b) if only_a + only_b else 0.0


def unpaired(right_a, right_b):
    """A z-test of two shares, as if of different examples."""
    count = len(right_a)
    a, b = right_a.double().mean().item(), right_b.double().mean().item()
    pooled = (a + b) / 2
    spread = math.sqrt(2 * pooled * (1 - pooled) / count)
    return math.erfc(abs(a - b) / spread / math.sqrt(2)) if spread else 1.0


def none_is_zero(right_a, right_b):
    return exact(right_a, right_b) if sum(discordant(right_a, right_b)) else 0.0


def none_is_nan(right_a, right_b):
    return exact(right_a, right_b) if sum(discordant(right_a, right_b)) else float("nan")


def complement(right_a, right_b):
    return 1 - exact(right_a, right_b)


def in_float32(right_a, right_b):
    """Factorials as 32-bit numbers: infinity over infinity."""
    only_a, only_b = discordant(right_a, right_b)
    count, few = only_a + only_b, min(only_a, only_b)
    factorial = [torch.ones(())]
    for k in range(1, count + 1):
        factorial.append(factorial[-1] * k)
    terms = [factorial[count] / factorial[k] / factorial[count - k] / 2.0**count for k in range(few + 1)]
    return min(1.0, 2 * sum(terms).item()) if count else 1.0
