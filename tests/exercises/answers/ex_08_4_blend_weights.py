"""Answers to 08.4 blend_weights: wrong ones with words of their hint, right ones, crashing ones."""

import torch


def right_loop(train_before, val_before, train_after, val_after):
    w = []
    for t0, v0, t1, v1 in zip(train_before, val_before, train_after, val_after, strict=True):
        g, o = v0 - v1, (v1 - t1) - (v0 - t0)
        w.append(max(g.item(), 0.0) / max(abs(o.item()), 0.01) ** 2)
    return torch.tensor([x / sum(w) for x in w], dtype=val_after.dtype)


def right_where(*, train_before, val_before, train_after, val_after):
    o = torch.abs(val_after - val_before - train_after + train_before)
    o = torch.where(o < 0.01, torch.full_like(o, 0.01), o)
    w = torch.relu(val_before - val_after) * o.pow(-2)
    return w / torch.sum(w)


def go(t0, v0, t1, v1):
    return (v0 - v1).clamp(min=0), ((v1 - t1) - (v0 - t0)).abs().clamp(min=0.01)


def wrong_not_squared(t0, v0, t1, v1):
    """hint: O stands squared"""
    g, o = go(t0, v0, t1, v1)
    return (g / o) / (g / o).sum()


def wrong_not_normalised(t0, v0, t1, v1):
    """hint: divide by their sum"""
    g, o = go(t0, v0, t1, v1)
    return g / o**2


def wrong_softmax(t0, v0, t1, v1):
    """hint: a softmax puts an exponential between"""
    g, o = go(t0, v0, t1, v1)
    return torch.softmax(g / o**2, 0)


def wrong_other_way_round(t0, v0, t1, v1):
    """hint: most to the head that overfits most"""
    over, gain = ((v1 - t1) - (v0 - t0)).abs() ** 2, (v0 - v1).clamp(min=0.01)
    return over / gain / (over / gain).sum()


def wrong_gain_on_train(t0, v0, t1, v1):
    """hint: G is what is gained on *validation*"""
    _, o = go(t0, v0, t1, v1)
    w = (t0 - t1).clamp(min=0) / o**2
    return w / w.sum()


def wrong_gap_at_the_end(t0, v0, t1, v1):
    """hint: the gap after, minus the gap before"""
    w = (v0 - v1).clamp(min=0) / (v1 - t1).abs().clamp(min=0.01) ** 2
    return w / w.sum()


def wrong_no_floor(t0, v0, t1, v1):
    """hint: below 0.01"""
    w = (v0 - v1).clamp(min=0) / ((v1 - t1) - (v0 - t0)) ** 2
    return w / w.sum()


def wrong_negative_weight(t0, v0, t1, v1):
    """hint: has the weight 0"""
    _, o = go(t0, v0, t1, v1)
    w = (v0 - v1) / o**2
    return w / w.sum()


def wrong_shrinking_gap(t0, v0, t1, v1):
    """hint: counts by its size"""
    g, _ = go(t0, v0, t1, v1)
    w = g / ((v1 - t1) - (v0 - t0)).clamp(min=0.01) ** 2
    return w / w.sum()


def wrong_floor_of_the_square(t0, v0, t1, v1):
    """hint: before it is squared"""
    g, _ = go(t0, v0, t1, v1)
    w = g / (((v1 - t1) - (v0 - t0)) ** 2).clamp(min=0.01)
    return w / w.sum()


def wrong_gain_alone(t0, v0, t1, v1):
    """hint: only the gain counts with you"""
    g, _ = go(t0, v0, t1, v1)
    return g / g.sum()


def wrong_overfitting_alone(t0, v0, t1, v1):
    """hint: only the overfitting counts"""
    _, o = go(t0, v0, t1, v1)
    return o**-2 / (o**-2).sum()


def wrong_gain_squared(t0, v0, t1, v1):
    """hint: only O is squared"""
    g, o = go(t0, v0, t1, v1)
    return (g / o) ** 2 / ((g / o) ** 2).sum()


def wrong_winner_takes_all(t0, v0, t1, v1):
    """hint: you give all to one"""
    g, o = go(t0, v0, t1, v1)
    w = torch.zeros_like(g)
    w[(g / o**2).argmax()] = 1
    return w


def wrong_times_heads(t0, v0, t1, v1):
    """hint: not to the number of heads"""
    g, o = go(t0, v0, t1, v1)
    return len(g) * (g / o**2) / (g / o**2).sum()


def crash_axis(train_before, val_before, train_after, val_after):
    """line: (val_before - val_after).sum(1)"""
    return (val_before - val_after).sum(1)


def crash_max_of_two(train_before, val_before, train_after, val_after):
    """line: torch.max(val_before, 0.01)"""
    return torch.max(val_before, 0.01)


def wrong_size_of_the_gain(train_before, val_before, train_after, val_after):
    """hint: not by its size"""
    o = (val_after - train_after) - (val_before - train_before)
    w = (val_before - val_after).abs() / o.abs().clamp(min=0.01).square()
    return w / w.sum()


def wrong_training_alone(train_before, val_before, train_after, val_after):
    """hint: you look at training alone"""
    o = (train_before - train_after).abs().clamp(min=0.01)
    w = (val_before - val_after).clamp(min=0) / o.square()
    return w / w.sum()


def wrong_share_of_the_loss(train_before, val_before, train_after, val_after):
    """hint: do not divide it by the loss before"""
    o = (val_after - train_after) - (val_before - train_before)
    w = (1 - val_after / val_before).clamp(min=0) / o.abs().clamp(min=0.01).square()
    return w / w.sum()


def wrong_gaps_added_up(train_before, val_before, train_after, val_after):
    """hint: you add the two up"""
    g = torch.clamp(val_before - val_after, min=0)
    o = (val_after - train_after) + (val_before - train_before)
    w = g / torch.clamp(o.abs(), min=0.01) ** 2
    return w / w.sum()


def wrong_brackets_forgotten(train_before, val_before, train_after, val_after):
    """hint: put brackets round the gap before"""
    g = torch.clamp(val_before - val_after, min=0)
    o = val_after - train_after - val_before - train_before
    w = g / torch.clamp(o.abs(), min=0.01) ** 2
    return w / w.sum()


def wrong_validation_alone(train_before, val_before, train_after, val_after):
    """hint: you look at validation alone"""
    g = torch.clamp(val_before - val_after, min=0)
    w = g / torch.clamp((val_after - val_before).abs(), min=0.01) ** 2
    return w / w.sum()


def wrong_gap_at_the_start(t0, v0, t1, v1):
    """hint: at the gap before alone"""
    w = (v0 - v1).clamp(min=0) / (v0 - t0).abs().clamp(min=0.01) ** 2
    return w / w.sum()


def wrong_floor_for_both(t0, v0, t1, v1):
    """hint: the floor of 0.01 is that of |O|"""
    g, o = (v0 - v1).clamp(min=0.01), ((v1 - t1) - (v0 - t0)).abs().clamp(min=0.01)
    return (g / o**2) / (g / o**2).sum()


def wrong_divided_by_the_largest(t0, v0, t1, v1):
    """hint: not by the largest"""
    g, o = go(t0, v0, t1, v1)
    w = g / o**2
    return w / w.max()
