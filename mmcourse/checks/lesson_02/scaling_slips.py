"""Features on one scale, right and wrong."""

from __future__ import annotations

from mmcourse.checks import lazy

torch = lazy("torch")


def spread(x, correction=0):
    """Standard deviation of each feature; 1 where it never changes."""
    return torch.where(x.amax(0) == x.amin(0), 1, x.std(0, correction=correction))


def scaled(train, test, mean, by):
    return (train - mean) / by, (test - mean) / by


def standardise(train, test):
    return scaled(train, test, train.mean(0), spread(train))


def divided_by(make):
    """The right answer, but for the number by which each feature is divided."""
    return lambda train, test: scaled(train, test, train.mean(0), make(train))


def own(x):
    return (x - x.mean(0)) / spread(x)


def each_its_own(train, test):
    return own(train), own(test)


def own_mean(train, test):
    return own(train), (test - test.mean(0)) / spread(train)


def own_spread(train, test):
    return own(train), (test - train.mean(0)) / spread(test)


def together(train, test):
    both = torch.cat([train, test])
    return scaled(train, test, both.mean(0), spread(both))


def from_test(train, test):
    return scaled(train, test, test.mean(0), spread(test))


def twice(train, test):
    """The spread is that of the rows scaled by themselves, which is 1."""
    centred = train - train.mean(0)
    return centred / spread(centred), (test - centred.mean(0)) / spread(centred)


def one_for_all(train, test):
    return scaled(train, test, train.mean(), train.std(correction=0))


def of_each_row(train, test):
    return own(train.T).T, own(test.T).T


def brackets(train, test):
    offset = train.mean(0) / spread(train)
    return train - offset, test - offset


def added(train, test):
    return scaled(train, test, -train.mean(0), spread(train))


def multiplied(train, test):
    return scaled(train, test, train.mean(0), 1 / spread(train))


def only_centred(train, test):
    return train - train.mean(0), test - train.mean(0)


def only_divided(train, test):
    return train / spread(train), test / spread(train)


def test_as_it_was(train, test):
    return own(train), test


def swapped(train, test):
    return standardise(train, test)[::-1]


def one_table(train, test):
    return torch.cat(standardise(train, test))


def with_statistics(train, test):
    return (*standardise(train, test), train.mean(0), spread(train))


def train_only(train, test):
    return own(train)


def in_place(train, test):
    mean, by = train.mean(0), spread(train)
    for x in (train, test):
        x.data.sub_(mean).div_(by)
    return train, test


def by_extremes(train, test):
    low, width = train.amin(0), train.amax(0) - train.amin(0)
    return scaled(train, test, low, torch.where(width == 0, 1, width))


def by_median(train, test):
    return scaled(train, test, train.quantile(0.5, dim=0), spread(train))


def nothing_repaired(x):
    return x.std(0, correction=0)


def repaired_late(train, test):
    return tuple(part.nan_to_num() for part in divided_by(nothing_repaired)(train, test))


def constant_is_0(train, test):
    """A feature that never changes is 0 in both."""
    mean, by = train.mean(0), nothing_repaired(train)
    return tuple(torch.where(by == 0, 0, part) for part in scaled(train, test, mean, by))


def constant_is_left(train, test):
    """A feature that never changes is neither centred nor divided."""
    by = nothing_repaired(train)
    return scaled(train, test, torch.where(by == 0, 0, train.mean(0)), torch.where(by == 0, 1, by))


def constant_is_dropped(train, test):
    kept = train.amax(0) > train.amin(0)
    return standardise(train[:, kept], test[:, kept])


def by_hand(x):
    """The spread as its formula says: of equal values it is not 0 but what the mean was rounded by."""
    return (x - x.mean(0)).square().mean(0).sqrt()


def zero_by_hand(x):
    return torch.where(by_hand(x) == 0, 1, by_hand(x))


def below(least):
    """A spread below `least` counts as none."""
    return lambda x: torch.where(nothing_repaired(x) < least, 1, nothing_repaired(x))


def at_least_one(x):
    return nothing_repaired(x).clamp(min=1)


def squares_apart(x):
    """Mean of the squares less square of the mean: two large numbers nearly cancel."""
    variance = (x.square().mean(0) - x.mean(0).square()).clamp(min=0)
    return torch.where(x.amax(0) == x.amin(0), 1, variance.sqrt())


def squares_apart_zero(x):
    variance = x.square().mean(0) - x.mean(0).square()
    return torch.where(variance == 0, 1, variance.sqrt())


def mean_distance(x):
    return torch.where(x.amax(0) == x.amin(0), 1, (x - x.mean(0)).abs().mean(0))


def length(x):
    """Root of the sum of squares, not of their mean."""
    return torch.where(x.amax(0) == x.amin(0), 1, (x - x.mean(0)).square().sum(0).sqrt())


def about_0(x):
    """Root of the mean square, without the mean taken off."""
    return torch.where(x.amax(0) == x.amin(0), 1, x.square().mean(0).sqrt())


def one_spread(x):
    return x.var(0, correction=0).mean().sqrt()


def by_rows_of_train(train, test):
    """A mean and a spread of each row of train, which do not fit the rows of test."""
    return scaled(train, test, train.mean(1, keepdim=True), train.std(1, correction=0, keepdim=True))
