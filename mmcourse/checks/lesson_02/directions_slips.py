"""Ways to count the directions of edges in a cell, right and wrong."""

from __future__ import annotations

import math

from mmcourse.checks import lazy

torch = lazy("torch")


def _angle(dx, dy):
    """Radians, 0 up to π; a dark-light edge and a light-dark one are the same."""
    return torch.atan2(dy, dx) % math.pi


def _strength(dx, dy):
    return torch.hypot(dx, dy)


def histogram(
    dx,
    dy,
    orientations=8,
    angle=_angle,
    turn=math.pi,
    strength=_strength,
    shift=0.0,
    floor=lambda place: place.floor(),
    wrap=lambda bins, n: bins % n,
    shares=lambda share: (1 - share, share),
    collect=None,
):
    """Each pixel's strength, shared out between the two nearest directions."""
    place = (angle(dx, dy) * (orientations / turn) + shift).flatten()
    first = floor(place)
    here, there = shares(place - first)
    first = first.nan_to_num().long()
    weight = strength(dx, dy).flatten()
    votes = dx.new_zeros(orientations)
    for bins, share in ((first, here), (first + 1, there)):
        bins = wrap(bins, orientations)
        inside = (bins >= 0) & (bins < orientations)
        if collect is not None:
            votes = collect(votes, bins[inside], (weight * share)[inside])
        else:
            votes = votes.index_add(0, bins[inside], (weight * share)[inside].to(votes.dtype))
    return votes


def all_round(dx, dy):
    return torch.atan2(dy, dx) % (2 * math.pi)


def without_sign(dx, dy):
    return torch.atan2(dy, dx).abs() % math.pi


def signed(dx, dy):
    return torch.atan2(dy, dx)


def exchanged(dx, dy):
    return torch.atan2(dx, dy) % math.pi


def of_quotient(dx, dy):
    return torch.atan(dy / dx) % math.pi


def of_quotient_signed(dx, dy):
    return torch.atan(dy / dx)


def in_degrees(dx, dy):
    return torch.rad2deg(torch.atan2(dy, dx)) % 180


def degrees_of_pi(dx, dy):
    """Degrees modulo π."""
    return torch.rad2deg(torch.atan2(dy, dx)) % math.pi


def radians_of_180(dx, dy):
    return torch.atan2(dy, dx) % 180


def plus_half_a_turn(dx, dy):
    """π added to every angle instead of to the negative ones."""
    return (torch.atan2(dy, dx) + math.pi) / 2


def ones(dx, dy):
    return ((dx != 0) | (dy != 0)).to(dx.dtype)


def always_one(dx, dy):
    return torch.ones_like(dx)


def squared(dx, dy):
    return dx.square() + dy.square()


def blocks_away(dx, dy):
    return dx.abs() + dy.abs()


def larger(dx, dy):
    return torch.maximum(dx.abs(), dy.abs())


def hard(share):
    return 1.0 - 0 * share, 0 * share


def nearest(share):
    near = (share < 0.5).to(share.dtype)
    return near, 1 - near


def turned(share):
    return share, 1 - share


def both_whole(share):
    return 1.0 + 0 * share, 1.0 + 0 * share


def halves(share):
    return 0.5 + 0 * share, 0.5 + 0 * share


def added_once(votes, bins, weights):
    """votes[bins] += weights: of several pixels with one bin only one counts."""
    start, votes = votes.clone(), votes.clone()
    for place, value in zip(bins.tolist(), weights, strict=True):
        votes[place] = start[place] + value
    return votes


def scaled(by):
    def wrong(dx, dy, orientations=8):
        votes = histogram(dx, dy, orientations)
        return votes / by(votes)

    return wrong


def of_each_pixel(dx, dy, orientations=8):
    """[orientation, height, width]: not summed over the cell."""
    pixels = [
        histogram(x[None], y[None], orientations) for x, y in zip(dx.flatten(), dy.flatten(), strict=True)
    ]
    return torch.stack(pixels, 1).unflatten(1, dx.shape)


def one_too_many(dx, dy, orientations=8):
    """A bin for 180° of its own."""
    dropped, votes = (
        histogram(dx, dy, orientations, wrap=lambda bins, n: bins),
        histogram(dx, dy, orientations),
    )
    return torch.cat([dropped, (votes - dropped)[:1]])


def _unwrapped(dx, dy, orientations):
    """The first bin as it is: rounding may make it `orientations`."""
    place = (_angle(dx, dy) * (orientations / math.pi)).flatten()
    return place, place.floor().long(), _strength(dx, dy).flatten()


def index_too_large(dx, dy, orientations=8):
    place, first, weight = _unwrapped(dx, dy, orientations)
    votes = dx.new_zeros(orientations)
    for i in range(len(place)):
        share = place[i] - first[i]
        votes[first[i]] += weight[i] * (1 - share)
        votes[(first[i] + 1) % orientations] += weight[i] * share
    return votes


def added_too_far(dx, dy, orientations=8):
    place, first, weight = _unwrapped(dx, dy, orientations)
    share = place - first
    votes = dx.new_zeros(orientations).index_add(0, first, weight * (1 - share))
    return votes.index_add(0, (first + 1) % orientations, weight * share)
