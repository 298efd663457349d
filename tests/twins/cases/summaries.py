"""Twins of scratch.summaries in mmcourse.modules, and in a loop over clips where there is no module."""

import torch
from hypothesis import strategies as st

from mmcourse.modules import summaries as theirs
from mmcourse.scratch import summaries as ours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 6)


def padded(draw, tensor):
    batch, time, features = (draw(SIZES) for _ in range(3))
    return Call(
        tensor(batch, time, features), torch.tensor([draw(st.integers(1, time)) for _ in range(batch)])
    )


def turned_clip_by_clip(x, lengths):
    return torch.stack([torch.cat([clip[:n].flip(0), clip[n:]]) for clip, n in zip(x, lengths, strict=True)])


TWINS = [
    Twin("last_valid", ours.last_valid, theirs.LastValid(), padded),
    Twin("masked_mean", ours.masked_mean, theirs.MaskedMean(), padded),
    Twin("masked_max", ours.masked_max, theirs.MaskedMax(), padded),
    Twin("reverse_padded", ours.reverse_padded, turned_clip_by_clip, padded),
]
