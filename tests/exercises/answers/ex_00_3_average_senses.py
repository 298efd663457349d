"""Answers to 00.3 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn import functional as F


def wrong_softmax_over_the_batch(image_logits, speech_logits):
    """hint: over the batch"""
    p_image = torch.softmax(image_logits, dim=0)
    p_speech = torch.softmax(speech_logits, dim=0)
    return (p_image + p_speech) / 2


def wrong_averages_logits_first(image_logits, speech_logits):
    """hint: averaged the logits"""
    logits = (image_logits + speech_logits) / 2
    return logits.softmax(dim=-1)


def wrong_sum_without_halving(image_logits, speech_logits):
    """hint: add up to 2"""
    return F.softmax(image_logits, dim=1) + F.softmax(speech_logits, dim=1)


def wrong_average_of_logits_without_softmax(image_logits, speech_logits):
    """hint: softmax"""
    both = torch.stack([image_logits, speech_logits])
    return both.mean(dim=0)


def wrong_sigmoid(image_logits, speech_logits):
    """hint: sigmoid"""
    return (image_logits.sigmoid() + speech_logits.sigmoid()) / 2


def wrong_product(image_logits, speech_logits):
    """hint: multiplied"""
    p = image_logits.softmax(-1) * speech_logits.softmax(-1)
    return p / p.sum(-1, keepdim=True)


def wrong_exp_overflows(image_logits, speech_logits):
    """hint: largest logit"""
    result = []
    for logits in (image_logits, speech_logits):
        e = torch.exp(logits)
        result.append(e / e.sum(dim=-1, keepdim=True))
    return (result[0] + result[1]) / 2


def wrong_image_only(image_logits, speech_logits):
    """hint: speech"""
    p1 = image_logits.softmax(-1)
    p2 = image_logits.softmax(-1)
    return (p1 + p2) / 2


def wrong_returns_the_class(image_logits, speech_logits):
    """hint: every class"""
    p = (image_logits.softmax(-1) + speech_logits.softmax(-1)) / 2
    return p.argmax(dim=-1)


def wrong_softmax_twice(image_logits, speech_logits):
    """hint: twice"""
    p = (image_logits.softmax(-1) + speech_logits.softmax(-1)) / 2
    return p.softmax(-1)


def wrong_log_probabilities(image_logits, speech_logits):
    """hint: logarithm"""
    return (F.log_softmax(image_logits, dim=-1) + F.log_softmax(speech_logits, dim=-1)) / 2


def right_row_by_row(image_logits, speech_logits):
    rows = []
    for a, b in zip(image_logits, speech_logits, strict=True):
        a = torch.exp(a - a.max())
        b = torch.exp(b - b.max())
        rows.append(0.5 * a / a.sum() + 0.5 * b / b.sum())
    return torch.stack(rows)


def right_non_contiguous(image_logits, speech_logits):
    a, b = image_logits.T.softmax(0), speech_logits.T.softmax(0)
    return torch.stack([a, b]).mean(0).T


def right_extra_default(image_logits, speech_logits, weight=0.5):
    return weight * image_logits.softmax(-1) + (1 - weight) * speech_logits.softmax(-1)


def crash_adds_lists(image_logits, speech_logits):
    """line: image_logits.softmax()"""
    return (image_logits.softmax() + speech_logits.softmax()) / 2


def crash_undefined_name(image_logits, speech_logits):
    """line: nn.Softmax"""
    softmax = nn.Softmax(dim=-1)  # noqa: F821  the import was forgotten: that is the mistake
    return (softmax(image_logits) + softmax(speech_logits)) / 2


def wrong_softmax_of_the_sum(image_logits, speech_logits):
    """hint: added the logits"""
    return torch.softmax(image_logits + speech_logits, dim=-1)


def crash_through_numpy(image_logits, speech_logits):
    """line: .numpy()
    hint: stay in torch
    """
    image, speech = (x.softmax(-1).numpy() for x in (image_logits, speech_logits))
    return torch.from_numpy((image + speech) / 2)
