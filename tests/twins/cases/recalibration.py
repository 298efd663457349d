"""The twin of scratch.recalibration in mmcourse.modules."""

import torch
from hypothesis import strategies as st
from torch.func import functional_call

from mmcourse.modules.recalibration import MMTM
from mmcourse.scratch import recalibration as ours
from tests.twins.cases.multihead import parameters_of
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 4)


def example(draw, tensor):
    batch, senses = draw(SIZES), draw(st.integers(2, 3))
    channels = [draw(SIZES) for _ in range(senses)]
    maps = [
        tensor(batch, count, *(draw(SIZES) for _ in range(draw(st.integers(1, 2))))) for count in channels
    ]
    lengths = [torch.tensor([draw(st.integers(0, x.shape[-1])) for _ in range(batch)]) for x in maps]
    lengths = draw(st.sampled_from([None, lengths, [lengths[0], *[None] * (senses - 1)]]))
    present = draw(st.sampled_from([None, tensor(batch, senses) > -0.7]))
    return Call(parameters_of(MMTM(channels), tensor), maps, lengths, present)


def module(parameters, maps, lengths, present):
    return functional_call(MMTM([x.shape[1] for x in maps]), parameters, (maps, lengths, present))


TWINS = [Twin("mmtm", ours.mmtm, module, example)]
