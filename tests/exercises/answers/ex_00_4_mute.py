"""Answers to 00.4 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import copy

import torch


def wrong_zeroes_the_tensor_itself(sample, sense):
    """hint: changed"""
    sample[sense].zero_()
    return sample


def wrong_replaces_in_the_same_dict(sample, sense):
    """hint: changed"""
    sample[sense] = torch.zeros_like(sample[sense])
    return sample


def wrong_copies_the_dict_but_not_the_tensor(sample, sense):
    """hint: changed"""
    muted = dict(sample)
    muted[sense][:] = 0
    return muted


def wrong_mutes_the_other_sense(sample, sense):
    """hint: other sense"""
    result = {}
    for key, value in sample.items():
        if key in ("image", "speech") and key != sense:
            value = torch.zeros_like(value)
        result[key] = value
    return result


def wrong_always_the_image(sample, sense):
    """hint: always"""
    out = sample.copy()
    out["image"] = torch.zeros_like(out["image"])
    return out


def wrong_mutes_both(sample, sense):
    """hint: both"""
    out = copy.deepcopy(sample)
    out["image"] *= 0
    out["speech"] *= 0
    return out


def wrong_takes_the_key_out(sample, sense):
    """hint: key"""
    return {key: value for key, value in sample.items() if key != sense}


def wrong_sets_a_number(sample, sense):
    """hint: same shape"""
    return {**sample, sense: torch.tensor(0.0)}


def wrong_sets_none(sample, sense):
    """hint: same shape"""
    muted = copy.deepcopy(sample)
    muted[sense] = None
    return muted


def wrong_returns_only_the_sense(sample, sense):
    """hint: whole sample"""
    return torch.zeros_like(sample[sense])


def wrong_multiplies_and_keeps_nan(sample, sense):
    """hint: NaN"""
    muted = dict(sample)
    muted[sense] = sample[sense] * 0
    return muted


def wrong_drops_the_label(sample, sense):
    """hint: key"""
    muted = {"image": sample["image"].clone(), "speech": sample["speech"].clone()}
    muted[sense].zero_()
    return muted


def wrong_mutes_the_label_too(sample, sense):
    """hint: "label" """
    muted = copy.deepcopy(sample)
    muted[sense].fill_(0)
    muted["label"] = 0
    return muted


def wrong_copy_without_muting(sample, sense):
    """hint: untouched"""
    muted = copy.deepcopy(sample)
    muted[sense].mul(0)
    return muted


def right_loop(sample, sense):
    muted = {}
    for key in sample:
        if key == sense:
            muted[key] = torch.zeros(sample[key].shape, dtype=sample[key].dtype)
        else:
            muted[key] = sample[key]
    return muted


def right_deep_copy(sample, sense):
    muted = copy.deepcopy(sample)
    muted[sense].zero_()
    return muted


def right_union_with_extra_default(sample, sense, value=0):
    return sample | {sense: torch.full_like(sample[sense], value)}


def right_expanded_view(sample, sense):
    return {**sample, sense: torch.zeros((), dtype=sample[sense].dtype).expand(sample[sense].shape)}


def crash_attribute(sample, sense):
    """line: sample.clone()"""
    muted = sample.clone()
    muted[sense] = 0
    return muted


def crash_deletes_while_looping(sample, sense):
    """line: for key in sample"""
    sample = dict(sample)
    for key in sample:
        if key == sense:
            sample["muted_" + key] = sample.pop(key) * 0
    return sample


def wrong_list_of_zeros(sample, sense):
    """hint: zeros of the same shape"""
    muted = dict(sample)
    muted[sense] = [0] * len(sample[sense])
    return muted
