"""Answers to 00.1 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def wrong_divides_the_other_way(sample, sample_rate):
    """hint: upside down"""
    n = sample["speech"].shape[0]
    return sample_rate / n


def wrong_milliseconds(sample, sample_rate):
    """hint: milliseconds"""
    n_samples = sample["speech"].numel()
    ms = n_samples / (sample_rate / 1000)
    return ms


def wrong_counts_samples_only(sample, sample_rate):
    """hint: number of samples"""
    seconds = float(sample["speech"].shape[-1])
    return seconds


def wrong_whole_seconds(sample, sample_rate):
    """hint: whole seconds"""
    return float(len(sample["speech"]) // sample_rate)


def wrong_length_of_the_dict(sample, sample_rate):
    """hint: keys"""
    return len(sample) / sample_rate


def wrong_takes_the_image(sample, sample_rate):
    """hint: picture"""
    return sample["image"].numel() / sample_rate


def wrong_fixed_rate(sample, sample_rate):
    """hint: sample_rate it is given"""
    return len(sample["speech"]) / 8000


def wrong_leaves_out_silence(sample, sample_rate):
    """hint: silence"""
    heard = 0
    for value in sample["speech"]:
        if value != 0:
            heard += 1
    return heard / sample_rate


def wrong_forgets_return(sample, sample_rate):
    """hint: return"""
    seconds = len(sample["speech"]) / sample_rate
    print(seconds)


def right_counts_in_a_loop(sample, sample_rate):
    seconds = 0
    for _ in sample["speech"]:
        seconds += 1
    return seconds / sample_rate


def right_keywords_and_defaults(sample, sample_rate=8000, *, digits=None):
    return sample["speech"].numel() * (1 / sample_rate)


def right_zero_dimensional_tensor(sample, sample_rate):
    import torch

    return torch.tensor(sample["speech"].shape[-1], dtype=torch.float64) / sample_rate


def crash_wrong_key(sample, sample_rate):
    """line: sample["sound"]"""
    return len(sample["sound"]) / sample_rate


def crash_treats_dict_as_tensor(sample, sample_rate):
    """line: sample.shape"""
    return sample.shape[0] / sample_rate


def wrong_tensor_of_milliseconds(sample, sample_rate):
    """hint: milliseconds"""
    return torch.tensor(1000 * len(sample["speech"]) / sample_rate)


def wrong_tensor_upside_down(sample, sample_rate):
    """hint: upside down"""
    return torch.tensor(sample_rate / sample["speech"].numel())
