"""Answers to 02.4 multiclass_hinge_loss: wrong ones with words of their hint, right ones, crashing ones."""

import torch
import torch.nn.functional as F


def right_torch(scores, target, margin=1.0):
    return F.multi_margin_loss(scores, target, margin=margin)


def right_loops(*, scores, target, margin=1.0):
    loss = 0.0
    for row, right in zip(scores, target.tolist(), strict=True):
        for c in range(len(row)):
            if c != right:
                loss = loss + torch.relu(margin - row[right] + row[c]) / len(row)
    return loss / len(scores)


def right_mask_multiplied(scores, target, margin=1.0):
    others = 1 - F.one_hot(target, scores.shape[1])
    right = (scores * (1 - others)).sum(1, keepdim=True)
    return (torch.clamp(margin - (right - scores), min=0) * others).mean()


def right_own_margin_taken_away(scores, target, margin=1.0):
    right = scores[torch.arange(len(target)), target].unsqueeze(1)
    return ((scores - right + margin).clamp_min(0).sum(1) - margin).mean() / scores.shape[1]


def right_own_score_out_of_the_way(scores, target, margin=1.0):
    scores = scores.clone()
    right = scores.gather(1, target[:, None])
    return F.relu(scores.scatter(1, target[:, None], -torch.inf) - right + margin).mean()


def lacking(scores, target, margin):
    right = scores[torch.arange(len(target)), target]
    return margin - right[:, None] + scores


def others(scores, target):
    return torch.arange(scores.shape[1]) != target[:, None]


def wrong_own_class_in_the_sum(scores, target, margin=1.0):
    """hint: lead 0 over itself"""
    return lacking(scores, target, margin).clamp(min=0).mean()


def wrong_own_class_in_a_loop(scores, target, margin=1.0):
    """hint: leave it out of the sum"""
    loss = 0
    for i in range(len(scores)):
        for c in range(scores.shape[1]):
            loss += (margin - scores[i, target[i]] + scores[i, c]).clamp(min=0)
    return loss / len(scores)


def wrong_margin_taken_from_the_mean(scores, target, margin=1.0):
    """hint: take it away before you divide"""
    return (lacking(scores, target, margin).relu().mean(1) - margin).mean()


def wrong_divides_by_the_others(scores, target, margin=1.0):
    """hint: number of all classes"""
    return lacking(scores, target, margin).relu()[others(scores, target)].mean()


def wrong_not_divided_by_classes(scores, target, margin=1.0):
    """hint: number of all classes"""
    return (lacking(scores, target, margin).relu() * others(scores, target)).sum(1).mean()


def wrong_sum_over_the_batch(scores, target, margin=1.0):
    """hint: mean over the batch"""
    return F.multi_margin_loss(scores, target, margin=margin, reduction="sum")


def wrong_sum_of_everything(scores, target, margin=1.0):
    """hint: divide by both numbers"""
    return (lacking(scores, target, margin).relu() * others(scores, target)).sum()


def wrong_mean_of_what_is_missing(scores, target, margin=1.0):
    """hint: 0/0 is NaN"""
    missing = lacking(scores, target, margin)[others(scores, target)]
    return missing[missing > 0].mean()


def wrong_strongest_rival(scores, target, margin=1.0):
    """hint: only the strongest rival"""
    rival = scores.masked_fill(~others(scores, target), -torch.inf).max(1).values
    right = scores.gather(1, target[:, None])[:, 0]
    return (margin - right + rival).clamp(min=0).mean()


def wrong_strongest_rival_divided(scores, target, margin=1.0):
    """hint: every other class"""
    return wrong_strongest_rival(scores, target, margin) / scores.shape[1]


def wrong_way_round(scores, target, margin=1.0):
    """hint: wrong way round"""
    right = scores.gather(1, target[:, None])
    return ((margin - scores + right).relu() * others(scores, target)).mean()


def wrong_sign_of_the_margin(scores, target, margin=1.0):
    """hint: the lead has to be at least +margin"""
    right = scores.gather(1, target[:, None])
    return ((scores - right - margin).relu() * others(scores, target)).mean()


def wrong_no_margin(scores, target, margin=1.0):
    """hint: the margin is missing"""
    return (scores - scores.gather(1, target[:, None])).relu().mean()


def wrong_margin_is_1(scores, target, margin=1.0):
    """hint: your margin is always 1"""
    return F.multi_margin_loss(scores, target)


def wrong_not_cut_off(scores, target, margin=1.0):
    """hint: cut off"""
    return (lacking(scores, target, margin) * others(scores, target)).mean()


def wrong_absolute_value(scores, target, margin=1.0):
    """hint: abs punishes"""
    return (lacking(scores, target, margin) * others(scores, target)).abs().mean()


def wrong_cut_off_after_the_sum(scores, target, margin=1.0):
    """hint: before you add"""
    total = (lacking(scores, target, margin) * others(scores, target)).sum(1)
    return torch.clamp(total / scores.shape[1], min=0).mean()


def wrong_cut_off_at_the_end(scores, target, margin=1.0):
    """hint: before you add"""
    return max((lacking(scores, target, margin) * others(scores, target)).mean(), scores.sum() * 0)


def wrong_squared(scores, target, margin=1.0):
    """hint: you squared"""
    return F.multi_margin_loss(scores, target, p=2, margin=margin)


def wrong_one_against_the_rest(scores, target, margin=1.0):
    """hint: one class against the rest"""
    signs = 2 * F.one_hot(target, scores.shape[1]) - 1
    return (margin - signs * scores).clamp(min=0).sum(1).mean()


def wrong_one_against_the_rest_divided(scores, target, margin=1.0):
    """hint: it is the lead that counts"""
    signs = 2 * F.one_hot(target, scores.shape[1]) - 1
    return (margin - signs * scores).clamp(min=0).mean()


def wrong_right_score_alone(scores, target, margin=1.0):
    """hint: by itself"""
    return (margin - scores[torch.arange(len(scores)), target]).clamp(min=0).mean()


def wrong_a_loss_for_each_row(scores, target, margin=1.0):
    """hint: mean over the rows"""
    return F.multi_margin_loss(scores, target, margin=margin, reduction="none")


def wrong_a_loss_for_each_class(scores, target, margin=1.0):
    """hint: one number is wanted"""
    return lacking(scores, target, margin).relu() * others(scores, target)


def wrong_of_probabilities(scores, target, margin=1.0):
    """hint: squeezed between 0 and 1"""
    return F.multi_margin_loss(F.softmax(scores, dim=1), target, margin=margin)


def wrong_cross_entropy(scores, target, margin=1.0):
    """hint: cross-entropy"""
    return F.cross_entropy(scores, target)


def wrong_counts(scores, target, margin=1.0):
    """hint: by how much they are"""
    near = (lacking(scores, target, margin) > 0) & others(scores, target)
    return near.to(scores.dtype).mean()


def wrong_returns_in_the_loop(scores, target, margin=1.0):
    """hint: only the first row"""
    for row, right in zip(scores, target, strict=True):
        missing = (margin - row[right] + row).clamp(min=0)
        return (missing.sum() - margin) / len(row)


def wrong_lead_of_the_favourite(scores, target, margin=1.0):
    """hint: class with the largest score"""
    best = scores.max(1, keepdim=True).values
    return ((margin - best + scores).relu().sum(1) - margin).mean() / scores.shape[1]


def wrong_plain_number(scores, target, margin=1.0):
    """hint: has no gradient"""
    loss = sum(
        max(0.0, margin - scores[i, t].item() + scores[i, c].item())
        for i, t in enumerate(target.tolist())
        for c in range(scores.shape[1])
        if c != t
    )
    return torch.tensor(loss / scores.numel(), dtype=scores.dtype)


def wrong_writes_into_scores(scores, target, margin=1.0):
    """hint: wrote into scores"""
    rows = torch.arange(len(scores))
    with torch.no_grad():
        right = scores[rows, target].clone()
        scores[rows, target] = -torch.inf
    return (margin - right[:, None] + scores).relu().mean()


def wrong_sum_begins_anew_in_each_row(scores, target, margin=1.0):
    """hint: only the last row counts"""
    for row, right in zip(scores, target, strict=True):
        total = sum((margin - row[right] + row[c]).clamp(min=0) for c in range(len(row)) if c != right)
    return total / scores.numel()


def wrong_takes_1_off(scores, target, margin=1.0):
    """hint: what it adds is the margin"""
    lead = scores.gather(1, target[:, None]) - scores
    return ((margin - lead).clamp(min=0).sum(dim=1) - 1).mean() / scores.shape[1]


def wrong_leaves_out_all_targets(scores, target, margin=1.0):
    """hint: leaves out the classes of all rows"""
    mask = torch.ones_like(scores)
    mask[:, target] = 0.0
    return ((margin - scores.gather(1, target[:, None]) + scores).clamp(min=0) * mask).mean()


def wrong_lead_of_the_largest_score(scores, target, margin=1.0):
    """hint: has to lead"""
    others = torch.ones_like(scores)
    others[range(len(target)), target] = 0.0
    return ((margin - scores.max(dim=1, keepdim=True).values + scores).clamp(min=0) * others).mean()


def wrong_max_of_python(scores, target, margin=1.0):
    """hint: gives its own 0"""
    total = 0
    for row, right in zip(scores, target, strict=True):
        for c in range(len(row)):
            if c != right:
                total = total + max(0, margin - row[right] + row[c])
    return total / scores.numel()


def crash_no_axis(scores, target, margin=1.0):
    """line: margin - right + scores
    hint: axis of size 1"""
    right = scores[torch.arange(len(scores)), target]
    missing = (margin - right + scores).relu()
    return (missing * others(scores, target)).mean()


def crash_gather_without_an_axis(scores, target, margin=1.0):
    """line: right = scores.gather(1, target)
    hint: axis of size 1"""
    right = scores.gather(1, target)
    return (margin - right + scores).relu().mean()
