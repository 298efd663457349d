"""Answers to 02.6 impurity: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def shares(counts):
    return counts / counts.sum(-1, keepdim=True).clamp(min=1)


def bits(share):
    return torch.special.entr(share).sum(-1) / math.log(2)


def right_entr(counts, kind):
    share = shares(counts)
    if kind == "entropy":
        return bits(share)
    return (counts.sum(-1) > 0).to(counts.dtype) - share.square().sum(-1)


def right_loops(*, counts, kind):
    result = []
    for node in counts.reshape(-1, counts.shape[-1]).tolist():
        total, value = sum(node), 0.0
        for n in node:
            if n > 0:
                p = n / total
                value += p * (1 - p) if kind == "gini" else -p * math.log2(p)
        result.append(value)
    return torch.tensor(result, dtype=counts.dtype).reshape(counts.shape[:-1])


def right_log_of_a_clamped_share(counts, kind):
    share = torch.nan_to_num(counts / counts.sum(-1, keepdim=True))
    term = 1 - share if kind == "gini" else -share.clamp(min=1e-12).log2()
    return torch.einsum("...c,...c->...", share, term)


def right_in_whole_counts(counts, kind):
    rows = counts.sum(-1)
    if kind == "gini":
        left = rows - counts.square().sum(-1) / rows.clamp(min=1)
    else:
        left = (torch.xlogy(rows, rows) - torch.xlogy(counts, counts).sum(-1)) / math.log(2)
    return left / rows.clamp(min=1)


def wrong_ignores_kind(counts, kind):
    """hint: Gini for both"""
    share = shares(counts)
    return (share * (1 - share)).sum(-1)


def wrong_capital_letter(counts, kind):
    """hint: in small letters"""
    share = shares(counts)
    if kind == "Gini":
        return (share * (1 - share)).sum(-1)
    return bits(share)


def wrong_kinds_exchanged(counts, kind):
    """hint: one of squares"""
    return right_entr(counts, "entropy" if kind == "gini" else "gini")


def wrong_natural_logarithm(counts, kind):
    """hint: in nats"""
    share = shares(counts)
    if kind == "gini":
        return (share * (1 - share)).sum(-1)
    return -(share * (share + 1e-12).log()).sum(-1)


def wrong_log10(counts, kind):
    """hint: base 10"""
    if kind == "gini":
        return right_entr(counts, kind)
    return -(shares(counts) * shares(counts).clamp(min=1e-12).log10()).sum(-1)


def wrong_normalised(counts, kind):
    """hint: the largest it can be"""
    if kind == "gini":
        return right_entr(counts, kind)
    return right_entr(counts, kind) / math.log2(max(counts.shape[-1], 2))


def wrong_zero_times_log_zero(counts, kind):
    """hint: Its term is 0"""
    share = shares(counts)
    if kind == "gini":
        return (share * (1 - share)).sum(-1)
    return -(share * torch.log2(share)).sum(-1)


def wrong_zero_times_log_zero_and_nothing_for_empty(counts, kind):
    """hint: Its term is 0"""
    share = counts / counts.sum(-1, keepdim=True)
    if kind == "gini":
        return 1 - (share**2).sum(-1)
    return -(share * torch.log2(share)).sum(-1)


def wrong_nan_repaired_late(counts, kind):
    """hint: not their sum"""
    share = shares(counts)
    if kind == "gini":
        return (share * (1 - share)).sum(-1)
    value = -(share * torch.log2(share)).sum(-1)
    value[value.isnan()] = 0
    return value


def wrong_no_minus(counts, kind):
    """hint: minus before the sum"""
    share = shares(counts)
    return (share * (1 - share)).sum(-1) if kind == "gini" else -bits(share)


def wrong_log1p(counts, kind):
    """hint: only p = 0 needs care"""
    share = shares(counts)
    if kind == "gini":
        return (share * (1 - share)).sum(-1)
    return -(share * torch.log1p(share) / math.log(2)).sum(-1)


def wrong_log_of_the_counts(counts, kind):
    """hint: divide the counts by the rows"""
    share = shares(counts)
    if kind == "gini":
        return (share * (1 - share)).sum(-1)
    return -(share * counts.clamp(min=1).log2()).sum(-1)


def wrong_sum_without_shares(counts, kind):
    """hint: counts with its share"""
    if kind == "gini":
        return right_entr(counts, kind)
    share = shares(counts)
    return -torch.where(share > 0, share.log2(), 0).sum(-1)


def wrong_class_against_its_rest(counts, kind):
    """hint: is counted already"""
    share = shares(counts)
    if kind == "gini":
        return (share * (1 - share)).sum(-1)
    return bits(share) + bits(1 - share)


def wrong_two_classes_only(counts, kind):
    """hint: every class has its term"""
    p = shares(counts)[..., 0]
    if kind == "gini":
        return 2 * p * (1 - p)
    return right_entr(counts, kind)


def wrong_entropy_of_two_classes(counts, kind):
    """hint: every class has its term"""
    if kind == "gini":
        return right_entr(counts, kind)
    p = shares(counts)[..., 0]
    return bits(torch.stack([p, 1 - p], -1))


def wrong_purity(counts, kind):
    """hint: 1 minus it is Gini"""
    return (shares(counts) ** 2).sum(-1) if kind == "gini" else right_entr(counts, kind)


def wrong_error_of_the_commonest(counts, kind):
    """hint: error of a guess"""
    return 1 - shares(counts).amax(-1) if kind == "gini" else right_entr(counts, kind)


def wrong_square_of_the_sum(counts, kind):
    """hint: square each share first"""
    return 1 - shares(counts).sum(-1) ** 2 if kind == "gini" else right_entr(counts, kind)


def wrong_counts_squared(counts, kind):
    """hint: divide the counts by the rows"""
    return 1 - (counts**2).sum(-1) if kind == "gini" else right_entr(counts, kind)


def wrong_two_different_rows(counts, kind):
    """hint: put back before the second draw"""
    if kind == "entropy":
        return right_entr(counts, kind)
    rows = counts.sum(-1)
    return (rows**2 - (counts**2).sum(-1)) / (rows * (rows - 1)).clamp(min=1)


def wrong_mean_of_the_squares(counts, kind):
    """hint: their sum is wanted"""
    return 1 - (shares(counts) ** 2).mean(-1) if kind == "gini" else right_entr(counts, kind)


def wrong_empty_node_is_mixed(counts, kind):
    """hint: as if it were most mixed"""
    return 1 - (shares(counts) ** 2).sum(-1) if kind == "gini" else right_entr(counts, kind)


def wrong_empty_node_is_nan(counts, kind):
    """hint: but at least by 1"""
    share = counts / counts.sum(-1, keepdim=True)
    return (share * (1 - share)).sum(-1) if kind == "gini" else bits(share)


def wrong_over_the_nodes(counts, kind):
    """hint: axis of the classes is the last"""
    share = counts / counts.sum(0).clamp(min=1)
    return (share * (1 - share)).sum(0) if kind == "gini" else bits(share.movedim(0, -1))


def wrong_axis_1(counts, kind):
    """hint: axis of the classes is the last"""
    share = counts / counts.sum(dim=1, keepdim=True).clamp(min=1)
    return (share * (1 - share)).sum(1) if kind == "gini" else torch.special.entr(share).sum(1) / math.log(2)


def wrong_shares_of_the_whole_table(counts, kind):
    """hint: each node has its own"""
    share = counts / counts.sum()
    return 1 - share.square().sum(-1) if kind == "gini" else bits(share)


def wrong_softmax(counts, kind):
    """hint: shares of scores"""
    share = torch.softmax(counts, -1)
    return (share * (1 - share)).sum(-1) if kind == "gini" else bits(share)


def wrong_keepdim(counts, kind):
    """hint: the axis of classes goes"""
    share = shares(counts)
    return (share * (1 - share)).sum(-1, keepdim=True) if kind == "gini" else bits(share)[..., None]


def wrong_mean_over_nodes(counts, kind):
    """hint: not their mean"""
    return right_entr(counts, kind).mean()


def wrong_weighted_with_rows(counts, kind):
    """hint: multiplied by the rows"""
    return right_entr(counts, kind) * counts.sum(-1)


def wrong_terms(counts, kind):
    """hint: add them up"""
    share = shares(counts)
    return share * (1 - share) if kind == "gini" else torch.special.entr(share) / math.log(2)


def wrong_both(counts, kind):
    """hint: not both"""
    return right_entr(counts, "gini"), right_entr(counts, "entropy")


def wrong_no_return(counts, kind):
    """hint: does one of your branches"""
    if kind == "gini":
        right_entr(counts, kind)


def wrong_divided_without_remainder(counts, kind):
    """hint: 0 or 1"""
    p = counts // counts.sum(-1, keepdim=True).clamp(min=1)
    if kind == "gini":
        return 1 - (p**2).sum(-1)
    return -(p * p.log2()).nan_to_num(0).sum(-1)


def crash_if_on_all_nodes(counts, kind):
    """line: if rows == 0:
    hint: each node has its own number of rows"""
    rows = counts.sum(-1, keepdim=True)
    if rows == 0:
        return torch.zeros(len(counts))
    return 1 - ((counts / rows) ** 2).sum(-1)


def crash_without_keepdim(counts, kind):
    """line: counts / counts.sum(-1)"""
    share = counts / counts.sum(-1)
    return (share * (1 - share)).sum(-1) if kind == "gini" else bits(share)


def crash_math_on_a_tensor(counts, kind):
    """line: math.log2(share)"""
    share = shares(counts)
    if kind == "gini":
        return (share * (1 - share)).sum(-1)
    return -(share * math.log2(share)).sum(-1)
