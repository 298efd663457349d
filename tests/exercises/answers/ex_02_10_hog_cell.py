"""Answers to 02.10 hog_cell: wrong ones with words of their hint, right ones, crashing ones."""

import math

import torch


def pixels(dx, dy):
    return zip(dx.flatten().tolist(), dy.flatten().tolist(), strict=True)


def loop(dx, dy, n, angle=None, strength=math.hypot, share_of=None, wrap=True):
    """Pixel by pixel, with python's numbers."""
    votes = [0.0] * n
    for x, y in pixels(dx, dy):
        turn = math.atan2(y, x) % math.pi if angle is None else angle(x, y)
        place = turn / math.pi * n
        first = math.floor(place)
        share = place - first if share_of is None else share_of(place - first)
        for bin, part in ((first, 1 - share), (first + 1, share)):
            if wrap or bin < n:
                votes[bin % n] += strength(x, y) * part
    return torch.tensor(votes, dtype=dx.dtype)


def vector(dx, dy, n, place=None):
    if place is None:
        place = torch.atan2(dy, dx) % math.pi / math.pi * n
    place = place.flatten()
    first = place.floor().long()
    return place, first, place - first, (dx**2 + dy**2).sqrt().flatten()


def right_python(dx, dy, orientations=8):
    return loop(dx, dy, orientations)


def right_index_add(*, dx, dy, orientations=8):
    _, first, share, strength = vector(dx, dy, orientations)
    votes = torch.zeros(orientations, dtype=dx.dtype)
    votes.index_add_(0, first % orientations, strength * (1 - share))
    votes.index_add_(0, (first + 1) % orientations, strength * share)
    return votes


def right_bincount_of_signed_angles(dx, dy, orientations=8):
    place = torch.atan2(dy, dx) * orientations / math.pi
    _, first, share, strength = vector(dx, dy, orientations, place)
    bins = torch.cat([first, first + 1]).remainder(orientations)
    weights = torch.cat([strength * (1 - share), strength * share])
    return torch.bincount(bins, weights, minlength=orientations).to(dx.dtype)


def right_distance_to_each_direction(dx, dy, orientations=8):
    place = (torch.atan2(dy, dx) % math.pi * orientations / math.pi).flatten()[:, None]
    away = (place - torch.arange(orientations)).abs()
    if orientations == 2:  # the one direction is at both sides of the other
        near = torch.stack([(1 - place).abs(), 1 - (1 - place).abs()], 1)[..., 0]
    else:
        near = (1 - torch.minimum(away, orientations - away)).clamp(min=0)
    return (torch.hypot(dx, dy).flatten()[:, None] * near).sum(0).to(dx.dtype)


def wrong_whole_turn(dx, dy, orientations=8):
    """hint: half a turn"""
    return loop(dx, dy, orientations, lambda x, y: math.atan2(y, x) % (2 * math.pi) / 2)


def wrong_absolute_angle(dx, dy, orientations=8):
    """hint: runs as one of 150"""
    return loop(dx, dy, orientations, lambda x, y: abs(math.atan2(y, x)))


def wrong_negative_angles_become_0(dx, dy, orientations=8):
    """hint: are not 0"""
    return loop(dx, dy, orientations, lambda x, y: max(math.atan2(y, x), 0))


def wrong_cuts_towards_0(dx, dy, orientations=8):
    """hint: cut towards 0"""
    place = (torch.atan2(dy, dx) * orientations / math.pi).flatten()
    first = place.long()
    share, strength = place - first, torch.hypot(dx, dy).flatten()
    votes = torch.zeros(orientations, dtype=dx.dtype)
    votes.index_add_(0, first % orientations, strength * (1 - share))
    return votes.index_add_(0, (first + 1) % orientations, strength * share)


def wrong_x_and_y_exchanged(dx, dy, orientations=8):
    """hint: dx and dy are exchanged"""
    return loop(dx, dy, orientations, lambda x, y: math.atan2(x, y) % math.pi)


def wrong_quotient(dx, dy, orientations=8):
    """hint: needs no quotient"""
    place = torch.atan(dy / dx) % math.pi / math.pi * orientations
    place, first, share, strength = vector(dx, dy, orientations, place)
    first = first.clamp(0, orientations)
    votes = torch.zeros(orientations, dtype=dx.dtype)
    votes.index_add_(0, first % orientations, strength * (1 - share))
    return votes.index_add_(0, (first + 1) % orientations, strength * share)


def wrong_degrees(dx, dy, orientations=8):
    """hint: degrees and radians"""
    return loop(dx, dy, orientations, lambda x, y: math.degrees(math.atan2(y, x)) % math.pi)


def wrong_radians_in_180(dx, dy, orientations=8):
    """hint: degrees and radians"""
    return loop(dx, dy, orientations, lambda x, y: math.atan2(y, x) % math.pi * math.pi / 180)


def wrong_every_pixel_counts_1(dx, dy, orientations=8):
    """hint: flat ones too"""
    return loop(dx, dy, orientations, strength=lambda x, y: 1.0)


def wrong_strength_squared(dx, dy, orientations=8):
    """hint: take its root"""
    return loop(dx, dy, orientations, strength=lambda x, y: x * x + y * y)


def wrong_sum_of_slopes(dx, dy, orientations=8):
    """hint: the length of (dx, dy)"""
    return loop(dx, dy, orientations, strength=lambda x, y: abs(x) + abs(y))


def wrong_larger_slope(dx, dy, orientations=8):
    """hint: the length of (dx, dy)"""
    return loop(dx, dy, orientations, strength=lambda x, y: max(abs(x), abs(y)))


def wrong_one_direction_gets_all(dx, dy, orientations=8):
    """hint: not shared"""
    return loop(dx, dy, orientations, share_of=lambda share: 0.0)


def wrong_nearest_gets_all(dx, dy, orientations=8):
    """hint: not shared"""
    return loop(dx, dy, orientations, share_of=lambda share: float(share >= 0.5))


def wrong_half_for_each(dx, dy, orientations=8):
    """hint: not shared"""
    return loop(dx, dy, orientations, share_of=lambda share: 0.5)


def wrong_shares_exchanged(dx, dy, orientations=8):
    """hint: the nearer direction gets more"""
    return loop(dx, dy, orientations, share_of=lambda share: 1 - share)


def wrong_whole_vote_for_both(dx, dy, orientations=8):
    """hint: together they get it once"""
    _, first, _, strength = vector(dx, dy, orientations)
    votes = torch.zeros(orientations, dtype=dx.dtype).index_add_(0, first % orientations, strength)
    return votes.index_add_(0, (first + 1) % orientations, strength)


def wrong_nothing_wraps_around(dx, dy, orientations=8):
    """hint: 180° is 0° again"""
    return loop(dx, dy, orientations, wrap=False)


def wrong_last_direction_keeps_it(dx, dy, orientations=8):
    """hint: 180° is 0° again"""
    _, first, share, strength = vector(dx, dy, orientations)
    votes = torch.zeros(orientations, dtype=dx.dtype)
    votes.index_add_(0, first.clamp(max=orientations - 1), strength * (1 - share))
    return votes.index_add_(0, (first + 1).clamp(max=orientations - 1), strength * share)


def wrong_a_direction_for_180(dx, dy, orientations=8):
    """hint: 180° is 0° again"""
    _, first, share, strength = vector(dx, dy, orientations)
    votes = torch.zeros(orientations + 2, dtype=dx.dtype)
    votes.index_add_(0, first, strength * (1 - share))
    return votes.index_add_(0, first + 1, strength * share)[: orientations + 1]


def wrong_middle_of_the_bin(dx, dy, orientations=8):
    """hint: half a direction off"""
    return loop(dx, dy, orientations, lambda x, y: math.atan2(y, x) % math.pi - math.pi / orientations / 2)


def wrong_adds_once_for_each_bin(dx, dy, orientations=8):
    """hint: index_add adds all of them"""
    _, first, share, strength = vector(dx, dy, orientations)
    votes = torch.zeros(orientations, dtype=dx.dtype)
    votes[first % orientations] += strength * (1 - share)
    votes[(first + 1) % orientations] += strength * share
    return votes


def wrong_sums_to_1(dx, dy, orientations=8):
    """hint: as they are"""
    votes = loop(dx, dy, orientations)
    return votes / (votes.sum() + 1e-9)


def wrong_length_1(dx, dy, orientations=8):
    """hint: as they are"""
    votes = loop(dx, dy, orientations)
    return votes / (votes.norm() + 1e-9)


def wrong_mean_over_pixels(dx, dy, orientations=8):
    """hint: mean over the pixels"""
    return loop(dx, dy, orientations) / dx.numel()


def wrong_no_return(dx, dy, orientations=8):
    """hint: return"""
    loop(dx, dy, orientations)


def crash_first_bin_too_large(dx, dy, orientations=8):
    """line: votes[first] += strength * (1 - share)
    hint: % orientations of both bins"""
    votes = dx.new_zeros(orientations)
    for x, y in zip(dx.flatten(), dy.flatten(), strict=True):
        strength = torch.hypot(x, y)
        place = torch.atan2(y, x) % math.pi * orientations / math.pi
        first = place.floor().long()
        share = place - first
        votes[first] += strength * (1 - share)
        votes[(first + 1) % orientations] += strength * share
    return votes


def crash_index_of_floats(dx, dy, orientations=8):
    """line: votes[place.floor() % orientations]"""
    place, _, _, strength = vector(dx, dy, orientations)
    votes = dx.new_zeros(orientations)
    votes[place.floor() % orientations] += strength
    return votes
