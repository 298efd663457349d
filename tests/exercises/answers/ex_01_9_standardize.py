"""Answers to 01.9 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_each_part_by_itself(train, test):
    """hint: test set's own"""

    def scale(x):
        std = x.std(dim=0, correction=0)
        return (x - x.mean(dim=0)) / torch.where(std == 0, 1, std)

    return scale(train), scale(test)


def wrong_both_together(train, test):
    """hint: together"""
    everything = torch.cat([train, test])
    mean = everything.mean(dim=0)
    std = everything.std(dim=0, correction=0)
    std[std == 0] = 1
    return (train - mean) / std, (test - mean) / std


def wrong_one_mean_for_all_features(train, test):
    """hint: each feature"""
    mean, std = train.mean(), train.std(correction=0)
    return (train - mean) / std, (test - mean) / std


def wrong_per_clip(train, test):
    """hint: each clip"""
    result = []
    for x in (train, test):
        std = x.std(dim=1, keepdim=True, correction=0)
        result.append((x - x.mean(dim=1, keepdim=True)) / torch.where(std == 0, 1, std))
    return tuple(result)


def wrong_divides_by_the_variance(train, test):
    """hint: variance"""
    mean, variance = train.mean(dim=0), train.var(dim=0, correction=0)
    variance[variance == 0] = 1
    return (train - mean) / variance, (test - mean) / variance


def wrong_constant_feature_gives_nan(train, test):
    """hint: never changes"""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    return (train - mean) / std, (test - mean) / std


def wrong_tiny_number_added(train, test):
    """hint: tiny"""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0) + 1e-8
    return (train - mean) / std, (test - mean) / std


def wrong_train_only_scaled(train, test):
    """hint: left the test set as it was"""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    std[std == 0] = 1
    return (train - mean) / std, test


def wrong_only_centred(train, test):
    """hint: divide"""
    mean = train.mean(dim=0)
    return train - mean, test - mean


def wrong_not_centred(train, test):
    """hint: subtract"""
    std = train.std(dim=0, correction=0)
    std[std == 0] = 1
    return train / std, test / std


def wrong_sample_standard_deviation(train, test):
    """hint: correction=0"""
    mean, std = train.mean(dim=0), train.std(dim=0)
    std = torch.where(std == 0, torch.ones_like(std), std)
    return (train - mean) / std, (test - mean) / std


def wrong_min_max(train, test):
    """hint: minimum"""
    low, high = train.min(dim=0).values, train.max(dim=0).values
    width = torch.where(high == low, 1, high - low)
    return (train - low) / width, (test - low) / width


def wrong_in_place(train, test):
    """hint: changed"""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    std[std == 0] = 1
    for x in (train, test):
        x -= mean
        x /= std
    return train, test


def wrong_test_statistics_for_both(train, test):
    """hint: from test"""
    mean, std = test.mean(dim=0), test.std(dim=0, correction=0)
    std[std == 0] = 1
    return (train - mean) / std, (test - mean) / std


def wrong_mean_of_one_std_of_other(train, test):
    """hint: test set's own mean"""
    std = train.std(dim=0, correction=0)
    std[std == 0] = 1
    return (train - train.mean(dim=0)) / std, (test - test.mean(dim=0)) / std


def wrong_repairs_nan_afterwards(train, test):
    """hint: huge"""
    mean, std = train.mean(dim=0), train.std(dim=0, correction=0)
    return torch.nan_to_num((train - mean) / std), torch.nan_to_num((test - mean) / std)


def right_feature_by_feature(train, test):
    new_train, new_test = [], []
    for a, b in zip(train.T, test.T, strict=True):
        mean = sum(a) / len(a)
        spread = (sum((v - mean) ** 2 for v in a) / len(a)) ** 0.5
        if spread == 0:
            spread = 1
        new_train.append((a - mean) / spread)
        new_test.append((b - mean) / spread)
    return torch.stack(new_train, dim=1), torch.stack(new_test, dim=1)


def right_transposed_views_in_a_list(train, test):
    mean = train.T.mean(dim=1, keepdim=True)
    std = train.T.std(dim=1, keepdim=True, correction=0)
    std = torch.where(std > 0, std, 1)
    return [((x.T - mean) / std).T for x in (train, test)]


def right_extra_default(*, train, test, correction=0):
    std = train.std(0, correction=correction)
    std = std.masked_fill(std == 0, 1)
    return (train - train.mean(0)) / std, (test - train.mean(0)) / std


def crash_scaler_missing(train, test):
    """line: StandardScaler()"""
    scaler = StandardScaler()  # noqa: F821  the import was forgotten: that is the mistake
    return scaler.fit_transform(train), scaler.transform(test)


def crash_statistics_of_the_wrong_axis(train, test):
    """line: train - mean"""
    mean = train.mean(dim=1)
    return train - mean, test - mean


def wrong_results_swapped(train, test):
    """hint: order of the two results"""
    mean, std = train.mean(0), train.std(0, correction=0)
    std = torch.where(std == 0, 1, std)
    return (test - mean) / std, (train - mean) / std
