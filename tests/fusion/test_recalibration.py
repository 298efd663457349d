"""MMTM on maps of pictures and of speech, padded."""

import copy

import pytest
import torch

from mmcourse.modules.recalibration import MMTM
from mmcourse.scratch.recalibration import mmtm

WAYS = pytest.mark.parametrize("way", ["scratch", "module"])
LENGTHS = torch.tensor([3, 7, 1, 5])
PRESENT = torch.tensor([[True, True], [True, False], [False, True], [False, False]])


def made(seed=0):
    torch.manual_seed(seed)
    return MMTM((3, 4), ratio=2).double()


def maps(seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.randn(4, *shape, generator=generator, dtype=torch.float64) for shape in ((3, 5, 2), (4, 7))]


def answer(way, module, *given):
    return module(*given) if way == "module" else mmtm(dict(module.named_parameters()), *given)


@WAYS
def test_it_is_the_formula(way):
    module, (image, speech) = made(), maps()
    squeezed = torch.cat([image.mean((2, 3)), speech.mean(2)], 1)
    joined = (squeezed @ module.squeeze.weight.t() + module.squeeze.bias).clamp(min=0)
    got = answer(way, module, [image, speech])
    torch.testing.assert_close(
        got[0], image * 2 * torch.sigmoid(module.excitations[0](joined))[:, :, None, None]
    )
    torch.testing.assert_close(got[1], speech * 2 * torch.sigmoid(module.excitations[1](joined))[..., None])


@WAYS
@pytest.mark.parametrize("filling", [0.0, 1e6, float("nan"), float("inf")])
def test_what_is_missing_or_padding_changes_no_value_and_no_gradient(way, filling):
    module, (image, speech) = made(), maps()
    unseen = (torch.arange(7) >= LENGTHS[:, None]) | ~PRESENT[:, 1:]
    filled = [
        image.masked_fill(~PRESENT[:, 0, None, None, None], filling),
        speech.masked_fill(unseen[:, None], filling),
    ]
    found = []
    for given in ([image, speech], filled):
        given = [x.clone().requires_grad_() for x in given]
        outputs = answer(way, module, given, [None, LENGTHS], PRESENT)
        loss = sum(x.square().sum() + x.sum() for x in outputs)
        found.append([*outputs, *torch.autograd.grad(loss, [*given, *module.parameters()])])
    for got, want in zip(*found, strict=True):
        assert got.isfinite().all()
        torch.testing.assert_close(got, want, rtol=0, atol=0)
    assert (outputs[0][2:] == 0).all()
    assert (outputs[1].movedim(1, -1)[unseen] == 0).all()
    for row in range(4):  # alone, and without its padding
        one, time = slice(row, row + 1), LENGTHS[row]
        alone = answer(way, module, [image[one], speech[one, :, :time]], None, PRESENT[one])
        torch.testing.assert_close(alone[0][0], outputs[0][row])
        torch.testing.assert_close(alone[1][0], outputs[1][row, :, :time])


@WAYS
def test_every_parameter_moves_and_each_sense_weighs_the_other(way):
    module, (image, speech) = made(), maps()
    before = copy.deepcopy(module.state_dict())
    outputs = answer(way, module, [image, speech])
    sum(x.square().sum() for x in outputs).backward()
    torch.optim.SGD(module.parameters(), lr=0.1).step()
    for name, value in module.named_parameters():
        assert not torch.equal(value, before[name]), name
    module.load_state_dict(before)
    other = answer(way, module, [image + 1, speech])
    assert not torch.allclose(other[1], outputs[1])


@WAYS
def test_wrong_maps_are_refused(way):
    module, (image, speech) = made(), maps()
    with pytest.raises(ValueError, match="maps"):
        answer(way, module, [image])
    with pytest.raises(ValueError, match="one batch"):
        answer(way, module, [image[:2], speech])
    with pytest.raises(ValueError, match="lengths for each of 2 senses"):
        answer(way, module, [image, speech], [LENGTHS])
    with pytest.raises(ValueError, match="present must be"):
        answer(way, module, [image, speech], None, PRESENT[:, :1])
