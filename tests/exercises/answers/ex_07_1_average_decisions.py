"""Answers to 07.1 average_decisions: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def filled(logits, present, value=0.0):
    return torch.where(present[..., None], logits, torch.full_like(logits, value))


def right_loop(logits, present):
    rows = []
    for i in range(logits.shape[1]):
        there = [logits[s, i].log_softmax(-1) for s in range(len(logits)) if present[s, i]]
        if there:
            rows.append(torch.logsumexp(torch.stack(there), 0) - math.log(len(there)))
        else:
            rows.append(torch.full_like(logits[0, i], -math.log(logits.shape[-1])))
    return torch.stack(rows)


def right_where(*, logits, present):
    there = present[..., None]
    lp = torch.where(there, logits, 0).log_softmax(-1)
    some = present.any(0)[:, None]
    lp = torch.where(there | ~some, lp, float("-inf"))
    n = torch.where(some, there.sum(0), len(logits))
    mean = lp.logsumexp(0) - n.log()
    return torch.where(some, mean, -torch.log(torch.tensor(float(logits.shape[-1]))))


def right_logaddexp(logits, present):
    total = torch.full_like(logits[0], -1e9)
    for s in range(len(logits)):
        lp = filled(logits[s], present[s]).log_softmax(-1)
        total = torch.where(present[s][:, None], torch.logaddexp(total, lp), total)
    n = present.sum(0)[:, None]
    return torch.where(n > 0, total - n.clamp(min=1).log(), -math.log(logits.shape[-1]))


def wrong_told_by_nan(logits, present):
    """hint: any number may stand there"""
    there = ~logits.isnan()
    lp = torch.where(there, logits, 0).log_softmax(-1).masked_fill(~there, -torch.inf)
    mean = lp.logsumexp(0) - there.sum(0).log()
    return torch.where(there.any(0), mean, -math.log(logits.shape[-1]))


def wrong_softmax_of_the_mean(logits, present):
    """hint: average probabilities, not logits"""
    x = filled(logits, present).sum(0) / present.sum(0)[:, None].clamp(min=1)
    return x.log_softmax(dim=1)


def wrong_mean_of_log_softmax(logits, present):
    """hint: one sense that says 0 then decides alone"""
    x = filled(filled(logits, present).log_softmax(-1), present)
    return x.sum(0) / present.sum(0)[:, None].clamp(min=1)


def wrong_sum_of_log_softmax(logits, present):
    """hint: that is the product"""
    return filled(filled(logits, present).log_softmax(-1), present).sum(0).log_softmax(-1)


def wrong_mean_over_axis_0(logits, present):
    """hint: divide by the senses that are there"""
    p = filled(logits, present).softmax(-1) * present[..., None]
    return p.mean(0).log().clamp(min=-1e4)


def wrong_not_divided(logits, present):
    """hint: divide by how many are there"""
    p = filled(logits, present).softmax(-1) * present[..., None]
    return p.sum(0).log()


def wrong_without_the_log(logits, present):
    """hint: their logarithm is wanted"""
    p = filled(logits, present).softmax(-1) * present[..., None]
    return p.sum(0) / present.sum(0)[:, None]


def wrong_log_of_zero(logits, present):
    """hint: logsumexp over the senses"""
    p = filled(logits, present).softmax(-1) * present[..., None]
    n = present.sum(0)[:, None]
    mean = (p.sum(0) / n.clamp(min=1)).log()
    return torch.where(n > 0, mean, -math.log(logits.shape[-1]))


def wrong_epsilon(logits, present):
    """hint: a small number added before the log"""
    p = filled(logits, present).softmax(-1) * present[..., None]
    n = present.sum(0)[:, None]
    mean = (p.sum(0) / n.clamp(min=1) + 1e-8).log()
    return torch.where(n > 0, mean, -math.log(logits.shape[-1]))


def wrong_mask_not_used(logits, present):
    """hint: a missing sense has no say"""
    return logits.log_softmax(-1).logsumexp(0) - math.log(len(logits))


def wrong_logits_of_zero(logits, present):
    """hint: that all classes are alike"""
    return filled(logits, present).log_softmax(-1).logsumexp(0) - math.log(len(logits))


def wrong_nan_times_zero(logits, present):
    """hint: (NaN times 0 is NaN)"""
    p = logits.softmax(-1) * present[..., None]
    n = present.sum(0)[:, None].clamp(min=1)
    return (p.sum(0) / n).log().clamp(min=-500)


def wrong_nobody_gives_nan(logits, present):
    """hint: all classes are equally likely"""
    lp = filled(filled(logits, present).log_softmax(-1), present, -torch.inf)
    return lp.logsumexp(0) - present.sum(0)[:, None].log()


def wrong_softmax_over_examples(logits, present):
    """hint: over the *classes*"""
    p = filled(logits, present).softmax(1) * present[..., None]
    return (p.sum(0) / present.sum(0)[:, None].clamp(min=1)).log()


def wrong_no_softmax(logits, present):
    """hint: logits are no log-probabilities"""
    return filled(logits, present, -torch.inf).logsumexp(0) - present.sum(0)[:, None].log()


def wrong_two_senses(logits, present):
    """hint: more than two senses"""
    return right_loop(logits[:2], present[:2])


def wrong_mask_the_wrong_way_round(logits, present):
    """hint: you leave out those"""
    return right_loop(filled(logits, present), ~present)


def wrong_larger_one(logits, present):
    """hint: the larger of the two"""
    lp = filled(filled(logits, present).log_softmax(-1), present, -1e4)
    return lp.amax(0).log_softmax(-1)


def crash_mask_with_an_axis_too_many(logits, present):
    """line: logits.masked_fill(~present.unsqueeze(3), 0)"""
    return logits.masked_fill(~present.unsqueeze(3), 0).log_softmax(-1).logsumexp(0)


def crash_a_list(logits, present):
    """line: sum(logits.softmax(-1)).log() / present.count()"""
    return sum(logits.softmax(-1)).log() / present.count()


def _mean(logits, present):
    probs = logits.masked_fill(~present[..., None], 0).softmax(-1) * present[..., None]
    return probs.sum(0) / present.sum(0).clamp(min=1)[:, None]


def wrong_a_little_added(logits, present):
    """hint: the least probability there can be"""
    nobody = ~present.any(0)[:, None]
    return (_mean(logits, present) + 1e-12).log().masked_fill(nobody, -math.log(logits.shape[-1]))


def wrong_nobody_gets_a_share(logits, present):
    """hint: its logarithm is wanted"""
    missing, nobody = ~present[..., None], ~present.any(0)[:, None]
    log_probs = logits.masked_fill(missing, 0).log_softmax(-1)
    mean = log_probs.masked_fill(missing & ~nobody, -torch.inf).logsumexp(0)
    mean = mean - present.sum(0).clamp(min=1).log()[:, None]
    return mean.masked_fill(nobody, 1 / logits.shape[-1])
