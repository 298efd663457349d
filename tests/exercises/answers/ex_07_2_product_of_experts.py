"""Answers to 07.2 product_of_experts: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def logs(logits, present):
    missing = ~present[..., None]
    return logits.masked_fill(missing, 0).log_softmax(-1).masked_fill(missing, 0)


def count(present):
    return present.sum(0)[:, None]


def right_loop(logits, prior, present):
    rows = []
    for i in range(logits.shape[1]):
        total = prior.clone()
        for s in range(len(logits)):
            if present[s, i]:
                total = total + logits[s, i].log_softmax(-1) - prior
        rows.append(total - total.logsumexp(-1))
    return torch.stack(rows)


def right_ratio(*, logits, prior, present):
    ratio = torch.where(
        present[..., None], torch.where(present[..., None], logits, 0).log_softmax(-1) - prior, 0
    )
    return torch.log_softmax(prior + ratio.sum(0), dim=1)


def right_logits_need_no_softmax(logits, prior, present):
    x = logits.masked_fill(~present[..., None], 0).sum(0)
    return (x + (1 - count(present)) * prior).log_softmax(dim=-1)


def wrong_told_by_nan(logits, prior, present):
    """hint: any number may stand there"""
    n = count(present)
    return (logits.log_softmax(-1).nansum(0) + (1 - n) * prior).log_softmax(-1)


def wrong_mask_turned(logits, prior, present):
    """hint: you leave out those"""
    there = ~present
    return (logs(logits, there).sum(0) + (1 - count(there)) * prior).log_softmax(-1)


def wrong_mean_of_the_logarithms(logits, prior, present):
    """hint: a geometric mean"""
    n = count(present)
    return (logs(logits, present).sum(0) / n.clamp(min=1) + (1 - n) * prior).log_softmax(-1)


def wrong_log_of_the_prior(logits, prior, present):
    """hint: subtract it as it is"""
    return (logs(logits, present).sum(0) + (1 - count(present)) * prior.log()).log_softmax(-1)


def wrong_power_of_the_log_prior(logits, prior, present):
    """hint: subtract it as it is"""
    total = logs(logits, present).exp().prod(0) * prior ** (1 - count(present))
    return (total / total.sum(-1, keepdim=True)).log()


def wrong_senses_of_the_whole_batch(logits, prior, present):
    """hint: each example's own"""
    n = present.sum()
    return (logs(logits, present).sum(0) + (1 - n) * prior).log_softmax(-1)


def wrong_rows_chosen_by_the_mask(logits, prior, present):
    """hint: which example a row belongs to"""
    total = logits[present].log_softmax(-1).sum(0) + (1 - count(present)) * prior
    return total.log_softmax(-1)


def wrong_softmax_for_log_softmax(logits, prior, present):
    """hint: log_softmax of each sense"""
    there = present[..., None]
    probs = torch.where(there, logits, 0.0).softmax(-1) * there
    return (probs.sum(0) + (1 - count(present)) * prior).log_softmax(-1)


def wrong_divided_by_the_sum_of_logs(logits, prior, present):
    """hint: for probabilities"""
    total = logs(logits, present).sum(0) + (1 - count(present)) * prior
    return total / total.sum(-1, keepdim=True)


def crash_senses_without_an_axis(logits, prior, present):
    """line: (1 - n) * prior
    hint: a row of its own"""
    n = present.sum(dim=0)
    return (logs(logits, present).sum(0) + (1 - n) * prior).log_softmax(-1)


def wrong_plain_product(logits, prior, present):
    """hint: it belongs in once"""
    return logs(logits, present).sum(0).log_softmax(-1)


def wrong_divided_each_time(logits, prior, present):
    """hint: n − 1 times"""
    return (logs(logits, present) - prior * present[..., None]).sum(0).log_softmax(-1)


def wrong_divided_once(logits, prior, present):
    """hint: whatever n is"""
    return (logs(logits, present).sum(0) - prior).log_softmax(-1)


def wrong_multiplied_by_the_prior(logits, prior, present):
    """hint: take it away, do not add it"""
    return (logs(logits, present).sum(0) + prior).log_softmax(-1)


def wrong_prior_to_the_power(logits, prior, present):
    """hint: take it away, do not add it"""
    return (logs(logits, present).sum(0) + (count(present) - 1) * prior).log_softmax(-1)


def wrong_number_of_senses(logits, prior, present):
    """hint: a missing one is no expert"""
    return (logs(logits, present).sum(0) - (logits.shape[0] - 1) * prior).log_softmax(-1)


def wrong_uniform_in_place_of_the_missing(logits, prior, present):
    """hint: a missing one is no expert"""
    x = torch.where(present[..., None], logits, torch.zeros_like(logits)).log_softmax(-1)
    return (x.sum(0) - (len(logits) - 1) * prior).log_softmax(-1)


def wrong_exp_of_the_prior(logits, prior, present):
    """hint: subtract it as it is"""
    return (logs(logits, present).sum(0) - (count(present) - 1) * prior.exp()).log_softmax(-1)


def wrong_not_normalised(logits, prior, present):
    """hint: do not add up to 1"""
    return logs(logits, present).sum(0) - (count(present) - 1) * prior


def wrong_probabilities(logits, prior, present):
    """hint: their logarithm is wanted"""
    return (logs(logits, present).sum(0) - (count(present) - 1) * prior).softmax(-1)


def wrong_product_underflows(logits, prior, present):
    """hint: add logarithms instead"""
    p = logits.masked_fill(~present[..., None], 0).softmax(-1).masked_fill(~present[..., None], 1).prod(0)
    p = p / prior.exp() ** (count(present) - 1)
    return (p / p.sum(1, keepdim=True)).log()


def wrong_mask_forgotten(logits, prior, present):
    """hint: masked_fill puts a number there"""
    return (logits.log_softmax(-1).sum(0) - (len(logits) - 1) * prior).log_softmax(-1)


def wrong_nobody_knows_nothing(logits, prior, present):
    """hint: the prior"""
    n = count(present).clamp(min=1)
    return (logs(logits, present).sum(0) - (n - 1) * prior).log_softmax(-1)


def wrong_mean_of_logarithms(logits, prior, present):
    """hint: a geometric mean"""
    return (logs(logits, present).sum(0) / count(present).clamp(min=1)).log_softmax(-1)


def wrong_softmax_over_the_batch(logits, prior, present):
    """hint: the last axis"""
    return (logs(logits, present).sum(0) - (count(present) - 1) * prior).log_softmax(0)


def wrong_first_two(logits, prior, present):
    """hint: more than two senses"""
    return right_loop(logits[:2], prior, present[:2])


def wrong_mean_of_probabilities(logits, prior, present):
    """hint: that is the mean"""
    lp = (
        logits.masked_fill(~present[..., None], 0)
        .log_softmax(-1)
        .masked_fill(~present[..., None], -torch.inf)
    )
    return lp.logsumexp(0) - count(present).log()


def crash_prior_of_senses(logits, prior, present):
    """line: prior[:, None, None]"""
    return (logs(logits, present) - prior[:, None, None]).sum(0).log_softmax(-1)


def crash_mask_is_no_number(logits, prior, present):
    """line: -present"""
    return (logits * -present).sum(0)
