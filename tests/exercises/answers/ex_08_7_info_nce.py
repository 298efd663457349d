"""Answers to 08.7 info_nce: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch.nn.functional import cross_entropy, normalize


def _wide(*tensors):
    return [x.float() if x.dtype == torch.float16 else x for x in tensors]


def _scores(a, b, log_scale):
    a, b, log_scale = _wide(a, b, log_scale)
    return log_scale.exp() * normalize(a, dim=1) @ normalize(b, dim=1).T


def _both(scores):
    own = torch.arange(len(scores))
    return (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2


def right_log_softmax(a, b, log_scale):
    scores = _scores(a, b, log_scale)
    there, back = scores.log_softmax(1).diagonal(), scores.log_softmax(0).diagonal()
    return -(there + back).mean() / 2


def right_logsumexp(a, b, log_scale):
    s = _scores(a, b, log_scale)
    return (0.5 * (s.logsumexp(0) + s.logsumexp(1)) - s.diag()).mean()


def right_cosine_similarity(*, a, b, log_scale):
    a, b, log_scale = _wide(a, b, log_scale)
    scores = torch.cosine_similarity(a[:, None], b[None], dim=-1) * torch.exp(log_scale)
    own = torch.eye(len(a), dtype=scores.dtype)
    return 0.5 * cross_entropy(scores, own) + 0.5 * cross_entropy(scores.mT, own)


def right_loop(a, b, log_scale):
    scores, total = _scores(a, b, log_scale), 0
    for i in range(len(a)):
        total = total + scores[i].logsumexp(0) + scores[:, i].logsumexp(0) - 2 * scores[i, i]
    return total / (2 * len(a))


def right_length_by_hand_and_32_bits(a, b, log_scale):
    a, b = a.float(), b.float()
    a = a / torch.linalg.vector_norm(a, dim=1, keepdim=True).clamp(min=1e-8)
    b = b / b.pow(2).sum(1, keepdim=True).clamp(min=1e-16).sqrt()
    return _both(log_scale.float().exp() * (a @ b.T))


def wrong_one_direction(a, b, log_scale):
    """hint: from a to b only"""
    return cross_entropy(_scores(a, b, log_scale), torch.arange(len(a)))


def wrong_other_direction(a, b, log_scale):
    """hint: from b to a only"""
    return cross_entropy(_scores(b, a, log_scale), torch.arange(len(a)))


def wrong_same_direction_twice(a, b, log_scale):
    """hint: from a to b only"""
    scores, own = _scores(a, b, log_scale), torch.arange(len(a))
    return (cross_entropy(scores, own) + cross_entropy(scores, own)) / 2


def wrong_not_halved(a, b, log_scale):
    """hint: their mean is wanted"""
    return 2 * _both(_scores(a, b, log_scale))


def wrong_sum_over_the_batch(a, b, log_scale):
    """hint: grow with the batch size"""
    scores, own = _scores(a, b, log_scale), torch.arange(len(a))
    return (cross_entropy(scores, own, reduction="sum") + cross_entropy(scores.T, own, reduction="sum")) / 2


def wrong_loss_of_each_pair(a, b, log_scale):
    """hint: the loss of each pair"""
    scores, own = _scores(a, b, log_scale), torch.arange(len(a))
    return (cross_entropy(scores, own, reduction="none") + cross_entropy(scores.T, own, reduction="none")) / 2


def wrong_not_normalised(a, b, log_scale):
    """hint: raw products"""
    a, b, log_scale = _wide(a, b, log_scale)
    return _both(log_scale.exp() * a @ b.T)


def wrong_b_not_normalised(a, b, log_scale):
    """hint: a and not b"""
    a, b, log_scale = _wide(a, b, log_scale)
    return _both(log_scale.exp() * normalize(a, dim=1) @ b.T)


def wrong_normalised_down_the_batch(a, b, log_scale):
    """hint: down the batch"""
    a, b, log_scale = _wide(a, b, log_scale)
    return _both(log_scale.exp() * normalize(a, dim=0) @ normalize(b, dim=0).T)


def wrong_one_norm_for_all(a, b, log_scale):
    """hint: one length for the whole batch"""
    a, b, log_scale = _wide(a, b, log_scale)
    return _both(log_scale.exp() * (a / a.norm()) @ (b / b.norm()).T)


def wrong_squared_length(a, b, log_scale):
    """hint: the root is missing"""
    a, b, log_scale = _wide(a, b, log_scale)
    a, b = (x / (x**2).sum(1, keepdim=True).clamp(min=1e-12) for x in (a, b))
    return _both(log_scale.exp() * a @ b.T)


def wrong_zero_length(a, b, log_scale):
    """hint: 0 / 0 is NaN"""
    a, b, log_scale = _wide(a, b, log_scale)
    return _both(log_scale.exp() * (a / a.norm(dim=1, keepdim=True)) @ (b / b.norm(dim=1, keepdim=True)).T)


def wrong_log_scale_itself(a, b, log_scale):
    """hint: exp(log_scale)"""
    a, b, log_scale = _wide(a, b, log_scale)
    return _both(log_scale * normalize(a, dim=1) @ normalize(b, dim=1).T)


def wrong_divided_as_a_temperature(a, b, log_scale):
    """hint: you divide by the scale"""
    return _both(_scores(a, b, log_scale) / log_scale.float().exp() ** 2)


def wrong_scale_forgotten(a, b, log_scale):
    """hint: does not know log_scale"""
    a, b = _wide(a, b)
    return _both(normalize(a, dim=1) @ normalize(b, dim=1).T)


def wrong_scaled_before_normalising(a, b, log_scale):
    """hint: which takes it out again"""
    a, b, log_scale = _wide(a, b, log_scale)
    a, b = log_scale.exp() * a, log_scale.exp() * b
    return _both(normalize(a, dim=1) @ normalize(b, dim=1).T)


def wrong_item(a, b, log_scale):
    """hint: cuts it off"""
    a, b = _wide(a, b)
    return _both(2.718281828459045 ** log_scale.item() * normalize(a, dim=1) @ normalize(b, dim=1).T)


def wrong_both_scaled(a, b, log_scale):
    """hint: the scale is squared"""
    a, b, log_scale = _wide(a, b, log_scale)
    return _both((normalize(a, dim=1) * log_scale.exp()) @ (normalize(b, dim=1) * log_scale.exp()).T)


def wrong_labels_zero(a, b, log_scale):
    """hint: the diagonal"""
    scores, own = _scores(a, b, log_scale), torch.zeros(len(a), dtype=torch.long)
    return (cross_entropy(scores, own) + cross_entropy(scores.T, own)) / 2


def wrong_mean_of_the_matrix(a, b, log_scale):
    """hint: you average the whole matrix"""
    scores = _scores(a, b, log_scale)
    return -(scores.log_softmax(1).mean() + scores.log_softmax(0).mean()) / 2


def wrong_one_softmax_for_all(a, b, log_scale):
    """hint: makes the questions compete"""
    scores = _scores(a, b, log_scale)
    return (scores.flatten().logsumexp(0) - scores.diagonal()).mean()


def wrong_pair_not_in_the_denominator(a, b, log_scale):
    """hint: among the answers"""
    s = _scores(a, b, log_scale)
    others = s.masked_fill(torch.eye(len(s), dtype=torch.bool), float("-inf"))
    return (others.logsumexp(0) + others.logsumexp(1) - 2 * s.diagonal()).mean() / 2


def wrong_minus_forgotten(a, b, log_scale):
    """hint: the minus is missing"""
    s = _scores(a, b, log_scale)
    return (s.log_softmax(1).diagonal() + s.log_softmax(0).diagonal()).mean() / 2


def wrong_share_itself(a, b, log_scale):
    """hint: minus the *log* of the share"""
    s = _scores(a, b, log_scale)
    return -(s.softmax(1).diagonal() + s.softmax(0).diagonal()).mean() / 2


def wrong_softmax_and_cross_entropy(a, b, log_scale):
    """hint: yours is done twice"""
    s, own = _scores(a, b, log_scale), torch.arange(len(a))
    return (cross_entropy(s.softmax(1), own) + cross_entropy(s.T.softmax(1), own)) / 2


def wrong_exp_and_sum(a, b, log_scale):
    """hint: more than 32 bits hold"""
    e = _scores(a, b, log_scale).exp()
    there, back = e.diagonal() / e.sum(1), e.diagonal() / e.sum(0)
    return -(there.log() + back.log()).mean() / 2


def wrong_log_of_softmax(a, b, log_scale):
    """hint: its log −∞"""
    s = _scores(a, b, log_scale)
    return -(s.softmax(1).diagonal().log() + s.softmax(0).diagonal().log()).mean() / 2


def wrong_margin(a, b, log_scale):
    """hint: a margin between pairs"""
    s = _scores(a, b, log_scale)
    gap = (0.2 + s - s.diagonal()[:, None]).clamp(min=0)
    return (gap * (1 - torch.eye(len(s)))).mean()


def wrong_sigmoid(a, b, log_scale):
    """hint: a sigmoid judges each pair"""
    s = _scores(a, b, log_scale)
    return torch.nn.functional.binary_cross_entropy_with_logits(s, torch.eye(len(s)))


def wrong_each_with_itself(a, b, log_scale):
    """hint: each sense with itself"""
    return (_both(_scores(a, a, log_scale)) + _both(_scores(b, b, log_scale))) / 2


def wrong_simclr(a, b, log_scale):
    """hint: rows of the own sense"""
    x = torch.cat(_wide(a, b))
    s = _scores(x, x, log_scale) - 1e9 * torch.eye(len(x))
    return cross_entropy(s, torch.arange(len(x)).roll(len(a)))


def wrong_distance(a, b, log_scale):
    """hint: a distance is small for what is alike"""
    a, b, log_scale = _wide(a, b, log_scale)
    return _both(log_scale.exp() * torch.cdist(normalize(a, dim=1), normalize(b, dim=1)))


def wrong_root_of_the_width(a, b, log_scale):
    """hint: the cosines are scaled already"""
    return _both(_scores(a, b, log_scale) / a.shape[1] ** 0.5)


def wrong_in_half_precision(a, b, log_scale):
    """hint: 65,504"""
    a = a / (a * a).sum(1, keepdim=True).sqrt().clamp(min=1e-6)
    b = b / (b * b).sum(1, keepdim=True).sqrt().clamp(min=1e-6)
    return _both(log_scale.exp() * a @ b.T)


def wrong_stays_in_half(a, b, log_scale):
    """hint: three digits"""
    return _both(log_scale.exp() * normalize(a, dim=1) @ normalize(b, dim=1).T)


def wrong_changes_the_embeddings(a, b, log_scale):
    """hint: writes over what the caller"""
    a /= a.norm(dim=1, keepdim=True).clamp(min=1e-12)
    b /= b.norm(dim=1, keepdim=True).clamp(min=1e-12)
    return _both(log_scale.exp() * a @ b.T)


def wrong_no_return(a, b, log_scale):
    """hint: return"""
    _both(_scores(a, b, log_scale))


def crash_b_is_not_turned(a, b, log_scale):
    """line: normalize(a, dim=1) @ normalize(b, dim=1)
    hint: a @ b.T"""
    return _both(log_scale.exp() * normalize(a, dim=1) @ normalize(b, dim=1))


def crash_math_exp_of_a_string(a, b, log_scale):
    """line: log_scale["scale"]"""
    return _both(log_scale["scale"].exp() * normalize(a, dim=1) @ normalize(b, dim=1).T)


def wrong_adds_to_the_length(a, b, log_scale):
    """hint: changes every cosine"""
    a, b, log_scale = _wide(a, b, log_scale)
    a, b = (x / (x.norm(dim=1, keepdim=True) + 1e-3) for x in (a, b))
    return _both(log_scale.exp() * a @ b.T)


def wrong_power_of_ten(a, b, log_scale):
    """hint: the natural one"""
    a, b, log_scale = _wide(a, b, log_scale)
    return _both(10**log_scale * normalize(a, dim=1) @ normalize(b, dim=1).T)


def wrong_only_draws_together(a, b, log_scale):
    """hint: all rows may end up in one place"""
    a, b, log_scale = _wide(a, b, log_scale)
    return -(log_scale.exp() * torch.cosine_similarity(a, b)).mean()


def right_scale_left_as_it_is(a, b, log_scale):
    a, b = (torch.nn.functional.normalize(x.to(log_scale.dtype), dim=1) for x in (a, b))
    scores = log_scale.exp() * a @ b.T
    own = torch.arange(len(a))
    there, back = (torch.nn.functional.cross_entropy(x, own) for x in (scores, scores.T))
    return (there + back) / 2


def wrong_returns_half(a, b, log_scale):
    """hint: don't make it half again"""
    return _both(_scores(a, b, log_scale)).to(a.dtype)


def wrong_zeros_put_in_by_where(a, b, log_scale):
    """hint: the gradient at a row of zeros is NaN"""

    def of_length_one(x):
        length = x.norm(dim=1, keepdim=True)
        return torch.where(length > 0, x / length, torch.zeros_like(x))

    a, b, log_scale = _wide(a, b, log_scale)
    return _both(log_scale.exp() * of_length_one(a) @ of_length_one(b).T)


def wrong_nan_replaced(a, b, log_scale):
    """hint: the gradient at a row of zeros is NaN"""
    a, b, log_scale = _wide(a, b, log_scale)
    scores = a @ b.T / (a.norm(dim=1)[:, None] * b.norm(dim=1))
    return _both(log_scale.exp() * torch.nan_to_num(scores))


def wrong_floor_after_the_root(a, b, log_scale):
    """hint: the gradient at a row of zeros is NaN"""
    a, b, log_scale = _wide(a, b, log_scale)
    a, b = (x / (x**2).sum(1, keepdim=True).sqrt().clamp(min=1e-8) for x in (a, b))
    return _both(log_scale.exp() * a @ b.T)


def right_floor_beside_the_length(a, b, log_scale):
    a, b, log_scale = _wide(a, b, log_scale)
    a, b = (x / (x.norm(dim=1, keepdim=True) + 1e-12) for x in (a, b))
    return _both(log_scale.exp() * a @ b.T)


def right_length_of_zero_is_one(a, b, log_scale):
    a, b, log_scale = _wide(a, b, log_scale)
    lengths = [x.norm(dim=1, keepdim=True) for x in (a, b)]
    a, b = (x / n.masked_fill(n == 0, 1) for x, n in zip((a, b), lengths, strict=True))
    return _both(log_scale.exp() * a @ b.T)
