"""Ways to read a network in both directions, right and wrong."""

from mmcourse.checks import lazy
from mmcourse.checks.lesson_04._inputs import is_padding

torch = lazy("torch")


def at(x, places):
    return x[torch.arange(len(x), device=x.device), places]


def halves(output):
    return output.chunk(2, dim=-1)


def both_ends(output, lengths):
    forward, backward = halves(output)
    return torch.cat([at(forward, lengths - 1), backward[:, 0]], dim=-1)


def backward_at_the_end(output, lengths):
    return at(output, lengths - 1)


def padded_forward(output, lengths):
    forward, backward = halves(output)
    return torch.cat([forward[:, -1], backward[:, 0]], dim=-1)


def wrong_ends(output, lengths):
    forward, backward = halves(output)
    return torch.cat([forward[:, 0], at(backward, lengths - 1)], dim=-1)


def backward_at_the_padded_end(output, lengths):
    forward, backward = halves(output)
    return torch.cat([at(forward, lengths - 1), backward[:, -1]], dim=-1)


def backward_first(output, lengths):
    forward, backward = halves(output)
    return torch.cat([backward[:, 0], at(forward, lengths - 1)], dim=-1)


def halves_exchanged(output, lengths):
    backward, forward = halves(output)
    return torch.cat([at(forward, lengths - 1), backward[:, 0]], dim=-1)


def interleaved(output, lengths):
    forward, backward = output[..., 0::2], output[..., 1::2]
    return torch.cat([at(forward, lengths - 1), backward[:, 0]], dim=-1)


def one_late(output, lengths):
    forward, backward = halves(output)
    places = lengths.clamp(max=output.shape[1] - 1)
    return torch.cat([at(forward, places), backward[:, 0]], dim=-1)


def one_late_clip_by_clip(output, lengths):
    forward, backward = halves(output)
    return torch.cat([at(forward, lengths), backward[:, 0]], dim=-1)


def first_length(output, lengths):
    forward, backward = halves(output)
    return torch.cat([forward[:, lengths[0] - 1], backward[:, 0]], dim=-1)


def all_pairs(output, lengths):
    forward, backward = halves(output)
    return torch.cat([forward[:, lengths - 1], backward[:, 0]], dim=-1)


def added(output, lengths):
    forward, backward = halves(output)
    return at(forward, lengths - 1) + backward[:, 0]


def stacked(output, lengths):
    forward, backward = halves(output)
    return torch.stack([at(forward, lengths - 1), backward[:, 0]], dim=1)


def below_each_other(output, lengths):
    forward, backward = halves(output)
    return torch.cat([at(forward, lengths - 1), backward[:, 0]])


def pair(output, lengths):
    forward, backward = halves(output)
    return at(forward, lengths - 1), backward[:, 0]


def whole_frames(output, lengths):
    return torch.cat([at(output, lengths - 1), output[:, 0]], dim=-1)


def mean(output, lengths):
    return output.masked_fill(is_padding(output, lengths), 0).sum(dim=1) / lengths[:, None]


def cut_across_the_batch(output, lengths):
    forward, backward = output.chunk(2)
    return torch.cat([at(forward, lengths - 1), backward[:, 0]], dim=-1)


def cut_across_time(output, lengths):
    early, late = output.chunk(2, dim=1)
    return torch.cat([early[:, -1], late[:, 0]], dim=-1)
