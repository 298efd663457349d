"""Parts of a state_dict are what the part calls its own."""

import pytest
import torch
from torch import nn

from mmcourse.scratch.parameters import part


def test_a_part_is_what_the_part_calls_its_own():
    model = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)))
    state = model.state_dict()
    for name, module in {"0": model[0], "1": model[1], "1.1": model[1][1]}.items():
        got, want = part(state, name), module.state_dict()
        assert got.keys() == want.keys()
        assert all(got[key].data_ptr() == want[key].data_ptr() for key in want)


def test_a_name_that_only_begins_alike_is_another_part():
    parameters = {"conv1.weight": torch.ones(1), "conv10.weight": torch.zeros(1), "conv1": torch.zeros(2)}
    assert list(part(parameters, "conv1")) == ["weight"]
    assert part(parameters, "conv1")["weight"] == 1


def test_a_part_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(ValueError, match=r"begins with 'head\.': the parts here are \['conv', 'linear'\]"):
        part({"conv.weight": torch.ones(1), "linear.bias": torch.ones(1)}, "head")
