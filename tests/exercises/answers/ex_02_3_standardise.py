"""Answers to 02.3 standardise: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def spread_of(x):
    spread = x.std(dim=0, correction=0)
    return torch.where(spread == 0, 1, spread)


def right_torch_std(train, test):
    mean, spread = train.mean(dim=0), spread_of(train)
    return (train - mean) / spread, (test - mean) / spread


def right_feature_by_feature(*, train, test):
    columns = []
    for a, b in zip(train.T, test.T, strict=True):
        mean = sum(a) / len(a)
        spread = (sum((v - mean) ** 2 for v in a) / len(a)) ** 0.5
        if a.min() == a.max():
            spread = 1
        columns.append(((a - mean) / spread, (b - mean) / spread))
    return [torch.stack(part, dim=1) for part in zip(*columns, strict=True)]


def right_by_hand_in_double(train, test):
    x = train.double()
    mean = x.mean(0, keepdim=True)
    spread = ((x - mean) ** 2).mean(0, keepdim=True) ** 0.5
    spread[spread <= 1e-12 * mean.abs()] = 1
    return tuple(((part - mean) / spread).to(train.dtype) for part in (train, test))


def right_with_z(train, test):
    changes = (train != train[0]).any(0)
    variance, mean = torch.var_mean(train, dim=0, correction=0)
    factor = torch.ones_like(mean)
    factor[changes] = variance[changes].rsqrt()
    return torch.mul(train - mean, factor), torch.mul(test - mean, factor)


def wrong_each_by_itself(train, test):
    """hint: by its own rows"""
    return tuple((x - x.mean(0)) / spread_of(x) for x in (train, test))


def wrong_mean_of_test(train, test):
    """hint: mean of test off test"""
    spread = spread_of(train)
    return (train - train.mean(0)) / spread, (test - test.mean(0)) / spread


def wrong_spread_of_test(train, test):
    """hint: divided test by its own spread"""
    mean = train.mean(0)
    return (train - mean) / spread_of(train), (test - mean) / spread_of(test)


def wrong_joined(train, test):
    """hint: train and test joined"""
    both = torch.cat([train, test])
    both = (both - both.mean(0)) / spread_of(both)
    return both[: len(train)], both[len(train) :]


def wrong_from_test(train, test):
    """hint: come from test"""
    mean, spread = test.mean(0), spread_of(test)
    return (train - mean) / spread, (test - mean) / spread


def wrong_mean_taken_again(train, test):
    """hint: keep the mean from before"""
    train = train - train.mean(0)
    test = test - train.mean(0)
    return train / spread_of(train), test / spread_of(train)


def wrong_one_mean(train, test):
    """hint: over the whole table"""
    return tuple((x - train.mean()) / train.std(correction=0) for x in (train, test))


def wrong_row_by_row(train, test):
    """hint: each row by itself"""
    result = []
    for x in (train, test):
        spread = x.std(1, keepdim=True, correction=0)
        result.append((x - x.mean(1, keepdim=True)) / torch.where(spread == 0, 1, spread))
    return result


def wrong_no_brackets(train, test):
    """hint: needs brackets"""
    mean, spread = train.mean(0), spread_of(train)
    return train - mean / spread, test - mean / spread


def wrong_times_spread(train, test):
    """hint: multiplied by the spread"""
    mean, spread = train.mean(0), spread_of(train)
    return (train - mean) * spread, (test - mean) * spread


def wrong_centred(train, test):
    """hint: divide by the spread too"""
    return train - train.mean(0), test - train.mean(0)


def wrong_divided(train, test):
    """hint: take off the mean first"""
    return train / spread_of(train), test / spread_of(train)


def wrong_test_forgotten(train, test):
    """hint: left test as it was"""
    return (train - train.mean(0)) / spread_of(train), test


def wrong_order(train, test):
    """hint: first train, then test"""
    mean, spread = train.mean(0), spread_of(train)
    return (test - mean) / spread, (train - mean) / spread


def wrong_one_table(train, test):
    """hint: two tables"""
    return torch.cat(right_torch_std(train, test))


def wrong_returns_the_statistics(train, test):
    """hint: not the statistics"""
    return *right_torch_std(train, test), train.mean(0), spread_of(train)


def wrong_train_alone(train, test):
    """hint: test is wanted too"""
    return right_torch_std(train, test)[0]


def wrong_in_place(train, test):
    """hint: write into them"""
    mean, spread = train.mean(0), spread_of(train)
    for x in (train, test):
        x -= mean
        x /= spread
    return train, test


def wrong_min_max(train, test):
    """hint: minimum and maximum"""
    low, high = train.amin(0), train.amax(0)
    width = torch.where(high > low, high - low, 1)
    return (train - low) / width, (test - low) / width


def wrong_constant_is_nan(train, test):
    """hint: 0/0 is NaN"""
    mean, spread = train.mean(0), train.std(0, correction=0)
    return (train - mean) / spread, (test - mean) / spread


def wrong_repaired_late(train, test):
    """hint: repaired the NaN afterwards"""
    return tuple(torch.nan_to_num(x) for x in wrong_constant_is_nan(train, test))


def wrong_constant_is_0(train, test):
    """hint: in test it may change"""
    spread = train.std(0, correction=0)
    return tuple(((x - train.mean(0)) / spread).masked_fill(spread == 0, 0) for x in (train, test))


def wrong_constant_is_left(train, test):
    """hint: take off its mean"""
    mean, spread = train.mean(0), train.std(0, correction=0)
    return tuple(torch.where(spread > 0, (x - mean) / spread, x) for x in (train, test))


def wrong_constant_is_dropped(train, test):
    """hint: keep all their columns"""
    kept = train.std(0, correction=0) > 0
    return right_torch_std(train[:, kept], test[:, kept])


def wrong_compares_a_rounded_spread_with_0(train, test):
    """hint: is rounded"""
    mean = train.mean(0)
    spread = ((train - mean) ** 2).mean(0).sqrt()
    spread[spread == 0] = 1
    return (train - mean) / spread, (test - mean) / spread


def wrong_numpy_with_rounded_spread(train, test):
    """hint: is rounded"""
    spread = torch.from_numpy(train.numpy().std(axis=0))
    spread[spread == 0] = 1
    return (train - train.mean(0)) / spread, (test - train.mean(0)) / spread


def wrong_epsilon(train, test):
    """hint: tiny number added"""
    mean, spread = train.mean(0), train.std(0, correction=0) + 1e-8
    return (train - mean) / spread, (test - mean) / spread


def wrong_clamped(train, test):
    """hint: tiny number with you"""
    mean, spread = train.mean(0), train.std(0, correction=0).clamp(min=1e-8)
    return (train - mean) / spread, (test - mean) / spread


def wrong_threshold(train, test):
    """hint: in another unit"""
    mean, spread = train.mean(0), train.std(0, correction=0)
    spread = torch.where(spread > 1e-6, spread, 1)
    return (train - mean) / spread, (test - mean) / spread


def wrong_threshold_by_hand(train, test):
    """hint: in another unit"""
    mean = train.mean(0)
    spread = ((train - mean) ** 2).mean(0).sqrt()
    spread[spread < 1e-5] = 1
    return (train - mean) / spread, (test - mean) / spread


def wrong_at_least_1(train, test):
    """hint: only 0 becomes 1"""
    mean, spread = train.mean(0), train.std(0, correction=0).clamp(min=1)
    return (train - mean) / spread, (test - mean) / spread


def wrong_variance(train, test):
    """hint: variance"""
    mean, spread = train.mean(0), train.var(0, correction=0)
    spread[spread == 0] = 1
    return (train - mean) / spread, (test - mean) / spread


def wrong_n_minus_1(train, test):
    """hint: n − 1"""
    mean, spread = train.mean(0), train.std(0)
    spread = torch.where(train.amin(0) == train.amax(0), 1, spread)
    return (train - mean) / spread, (test - mean) / spread


def wrong_n_minus_1_and_one_row(train, test):
    """hint: n − 1"""
    mean, spread = train.mean(0), train.std(0)
    spread[spread == 0] = 1
    return (train - mean) / spread, (test - mean) / spread


def wrong_mean_of_squares_less_square_of_mean(train, test):
    """hint: take off the mean first, then square"""
    mean = train.mean(0)
    variance = (train**2).mean(0) - mean**2
    spread = torch.where(train.amin(0) == train.amax(0), 1, variance.clamp(min=0).sqrt())
    return (train - mean) / spread, (test - mean) / spread


def wrong_mean_distance(train, test):
    """hint: mean distance"""
    mean = train.mean(0)
    spread = (train - mean).abs().mean(0)
    spread[train.amin(0) == train.amax(0)] = 1
    return (train - mean) / spread, (test - mean) / spread


def wrong_no_return(train, test):
    """hint: return"""
    right_torch_std(train, test)


def crash_rows_of_train(train, test):
    """line: (test - mean) / spread
    hint: dim=0 goes over the rows"""
    mean, spread = train.mean(dim=1, keepdim=True), train.std(dim=1, correction=0, keepdim=True)
    return (train - mean) / spread, (test - mean) / spread


def crash_statistics_of_the_wrong_axis(train, test):
    """line: train - train.mean(1)"""
    return train - train.mean(1), test - train.mean(1)


def crash_scaler_not_imported(train, test):
    """line: StandardScaler()"""
    scaler = StandardScaler()  # noqa: F821  the import was forgotten: that is the mistake
    return scaler.fit_transform(train), scaler.transform(test)
