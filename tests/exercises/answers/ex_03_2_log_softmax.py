"""Answers to 03.2 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def wrong_log_of_the_softmax_as_written(logits, dim=-1):
    """hint: exp of a logit of 1000"""
    p = torch.exp(logits) / torch.exp(logits).sum(dim, keepdim=True)
    return torch.log(p)


def wrong_log_of_the_sum_overflows(logits, dim=-1):
    """hint: subtract the largest"""
    return logits - torch.log(torch.exp(logits).sum(dim=dim, keepdim=True))


def wrong_log_of_a_shifted_softmax(logits, dim=-1):
    """hint: rounds to 0"""
    e = torch.exp(logits - logits.max(dim=dim, keepdim=True).values)
    return torch.log(e / e.sum(dim=dim, keepdim=True))


def wrong_epsilon_in_the_log(logits, dim=-1):
    """hint: tiny number"""
    return torch.log(torch.softmax(logits, dim) + 1e-12)


def wrong_one_maximum_for_the_whole_table(logits, dim=-1):
    """hint: its own"""
    shifted = logits - torch.max(logits)
    return shifted - shifted.exp().sum(dim=dim, keepdim=True).log()


def wrong_forgets_the_log(logits, dim=-1):
    """hint: logarithm is missing"""
    e = (logits - logits.amax(dim, keepdim=True)).exp()
    return e / e.sum(dim, keepdim=True)


def wrong_ignores_dim(logits, dim=-1):
    """hint: never use dim"""
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()


def wrong_along_the_first_axis(logits, dim=-1):
    """hint: runs along dim"""
    shifted = logits - logits.amax(dim=0, keepdim=True)
    return shifted - shifted.exp().sum(dim=0, keepdim=True).log()


def wrong_sums_everything(logits, dim=-1):
    """hint: distribution of its own"""
    shifted = logits - logits.max()
    return shifted - shifted.exp().sum().log()


def wrong_loses_the_axis(logits, dim=-1):
    """hint: keepdim"""
    largest = logits.amax(dim=dim, keepdim=True)
    total = (logits - largest).exp().sum(dim=dim).log() + largest.squeeze(dim)
    return logits - total


def wrong_shift_only_in_the_sum(logits, dim=-1):
    """hint: in front"""
    m = logits.amax(dim=dim, keepdim=True)
    return logits - (logits - m).exp().sum(dim=dim, keepdim=True).log()


def wrong_sign(logits, dim=-1):
    """hint: sign"""
    return torch.logsumexp(logits, dim, keepdim=True) - logits


def wrong_base_ten(logits, dim=-1):
    """hint: base 10"""
    p = torch.softmax(logits, dim)
    return torch.log10(p)


def wrong_mean_of_the_exponentials(logits, dim=-1):
    """hint: sum is wanted"""
    shifted = logits - logits.amax(dim, keepdim=True)
    return shifted - shifted.exp().mean(dim, keepdim=True).log()


def right_logsumexp(logits, dim=-1):
    return logits - logits.logsumexp(dim, keepdim=True)


def right_shift_added_again(logits, dim=-1):
    m = logits.max(dim=dim, keepdim=True).values.detach()  # its gradient cancels
    return logits - (m + torch.log(torch.exp(logits - m).sum(dim=dim, keepdim=True)))


def right_torch(*, logits, dim=-1):
    return torch.nn.LogSoftmax(dim=dim)(logits)


def right_last_axis_moved_there_and_back(logits, dim=-1):
    x = logits.movedim(dim, -1)
    x = x - x.amax(-1)[..., None]
    return (x - x.exp().sum(-1).log()[..., None]).movedim(-1, dim)


def crash_maximum_with_its_places(logits, dim=-1):
    """line: logits - logits.max(dim=dim, keepdim=True)
    hint: values and their places"""
    shifted = logits - logits.max(dim=dim, keepdim=True)
    return shifted - shifted.exp().sum(dim=dim, keepdim=True).log()


def crash_math_exp(logits, dim=-1):
    """line: math.exp
    hint: whole tensors"""
    return logits - math.log(math.exp(logits))


def wrong_first_axis_by_default(logits, dim=0):
    """hint: default of dim is another axis"""
    return logits - torch.logsumexp(logits, dim, keepdim=True)


def wrong_second_axis_by_default(logits, dim=1):
    """hint: default of dim is another axis"""
    return logits - torch.logsumexp(logits, dim, keepdim=True)


def wrong_keepdim_nowhere(logits, dim=-1):
    """hint: Without keepdim=True the maximum and the sum"""
    s = logits - logits.amax(dim)
    return s - s.exp().sum(dim).log()
