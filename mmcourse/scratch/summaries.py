"""One vector out of a padded sequence: its last valid frame, its mean, its maximum; and reversing it."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ._arguments import widen
from ._sequences import need_lengths


def last_valid(
    x: Float[Tensor, "batch time feature"], lengths: Int[Tensor, " batch"]
) -> Float[Tensor, "batch feature"]:
    """Take each clip's own last frame: row i is x[i, lengths[i] - 1].

    x        frames or states, padded at the end
    lengths  valid frames of each clip, from 1 to time
    Raises   TypeError for x without floating point or lengths that are no integers, ValueError for a clip
             without frames or longer than time
    Source   lesson 4, "The last valid state"
    """
    need_lengths(x, lengths)
    return x[torch.arange(len(x), device=x.device), lengths.long() - 1]


def masked_mean(
    x: Float[Tensor, "batch time feature"], lengths: Int[Tensor, " batch"]
) -> Float[Tensor, "batch feature"]:
    """Average each clip over its own frames and leave its padding out: row i is x[i, :lengths[i]].mean(0).

    x        frames or states, padded at the end
    lengths  valid frames of each clip, from 1 to time
    Raises   as last_valid
    Source   lesson 4, "One vector out of many"
    """
    need_lengths(x, lengths)
    total = widen(x).masked_fill(_padding(x, lengths), 0).sum(dim=1)  # not x * mask: NaN * 0 is NaN
    return (total / lengths[:, None]).to(x.dtype)


def masked_max(
    x: Float[Tensor, "batch time feature"], lengths: Int[Tensor, " batch"]
) -> Float[Tensor, "batch feature"]:
    """Take each feature's largest value over a clip's own frames: row i is x[i, :lengths[i]].amax(0).

    Padding counts as -∞, which is never the largest; 0 would be, where all frames are below 0.

    x        frames or states, padded at the end
    lengths  valid frames of each clip, from 1 to time
    Raises   as last_valid
    Source   lesson 4, "One vector out of many"
    """
    need_lengths(x, lengths)
    return x.masked_fill(_padding(x, lengths), -torch.inf).amax(dim=1)


def reverse_padded(
    x: Float[Tensor, "batch time feature"], lengths: Int[Tensor, " batch"]
) -> Float[Tensor, "batch time feature"]:
    """Turn each clip round within its own length: frame t of row i is x[i, lengths[i] - 1 - t].

    Padding stays at the end, where it was. Turning round twice gives x again.

    x        frames or states, padded at the end
    lengths  valid frames of each clip, from 1 to time
    Raises   as last_valid
    Source   lesson 4, "Both directions"
    """
    need_lengths(x, lengths)
    t = torch.arange(x.shape[1], device=x.device)
    length = lengths.long()[:, None]
    source = torch.where(t < length, length - 1 - t, t)  # batch time
    return x.gather(1, source[..., None].expand_as(x))


def _padding(x: Tensor, lengths: Tensor) -> Bool[Tensor, "batch time 1"]:
    """True where a padded batch holds padding."""
    return (torch.arange(x.shape[1], device=x.device) >= lengths[:, None])[..., None]
