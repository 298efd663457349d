"""Parts of a state_dict are what the part calls its own."""

import pytest
import torch
from torch import nn

from mmcourse.scratch.parameters import copied, joined, learnable, part, parts


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


def test_parts_come_in_the_order_of_their_numbers():
    parameters = {f"layers.{number}.weight": torch.tensor(float(number)) for number in (10, 2, 0, 1)}
    assert [layer["weight"].item() for layer in parts(parameters, "layers")] == [0, 1, 2, 10]


def test_joined_names_are_those_of_the_module():
    model = nn.Sequential(nn.Linear(2, 3), nn.ModuleList([nn.Linear(3, 4), nn.BatchNorm1d(4)]))
    tree = {"0": model[0].state_dict(), "1": [inner.state_dict() for inner in model[1]]}
    assert joined(tree).keys() == model.state_dict().keys()


def test_a_leaf_that_is_no_tensor_is_named():
    with pytest.raises(TypeError, match="bias must be a tensor, a dict or a list of them, got NoneType"):
        joined({"linear": {"bias": None}})


def test_a_copy_learns_and_the_module_stays():
    module = nn.BatchNorm1d(3)
    parameters = copied(module.state_dict())
    asks = {name for name, value in parameters.items() if value.requires_grad}
    assert asks == {"weight", "bias"}
    with torch.no_grad():
        for value in parameters.values():
            value += 1
    assert all(not torch.equal(parameters[name], value) for name, value in module.state_dict().items())


def test_learnable_is_what_the_module_lets_learn():
    module = nn.Sequential(nn.Conv1d(2, 3, 1), nn.BatchNorm1d(3))
    assert learnable(copied(module.state_dict())).keys() == dict(module.named_parameters()).keys()
    with pytest.raises(ValueError, match=r"no tensor here asks for a gradient: copied\(parameters\)"):
        learnable(module.state_dict())
