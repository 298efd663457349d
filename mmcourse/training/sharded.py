"""A model too large for one device: each process keeps a part of every parameter (FSDP2, fully_shard).

Before a layer computes, its parts are gathered from all processes; afterwards they are dropped again. So a
process holds 1/n of the weights, gradients and moments, plus one layer whole, and sends half as much again.

Source  Zhao et al. 2023, "PyTorch FSDP: experiences on scaling fully sharded data parallel"
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import torch
import torch.distributed as dist
from torch import Tensor, nn


def shard(model: nn.Module, layers: Iterable[nn.Module] | None = None) -> nn.Module:
    """Split a model between the processes, in place, before `fit` makes its optimiser; alone it stays whole.

    model   on the device where it trains; the first process's weights count
    layers  parts that are gathered one at a time, by default the model's children that have parameters
    Returns the model
    """
    if not dist.is_initialized() or dist.get_world_size() == 1:
        return model
    from torch.distributed.device_mesh import init_device_mesh  # slow to import, and rarely needed
    from torch.distributed.fsdp import fully_shard

    device = next(model.parameters()).device
    for tensor in (*model.parameters(), *model.buffers()):
        dist.broadcast(tensor.detach(), src=0)
    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    for layer in model.children() if layers is None else layers:
        if any(True for _ in layer.parameters()):
            fully_shard(layer, mesh=mesh)
    return fully_shard(model, mesh=mesh)


def is_sharded(model: nn.Module) -> bool:
    """Say whether a model's parameters are split between processes."""
    return any(_in_parts(parameter) for parameter in model.parameters())


def _in_parts(value: object) -> bool:
    tensors = sys.modules.get("torch.distributed.tensor")  # not imported: then nothing was split
    return tensors is not None and isinstance(value, tensors.DTensor)


def whole(state: object) -> object:
    """Return a state_dict with every split tensor gathered, in CPU memory; all processes must call it."""
    if isinstance(state, dict):
        return {name: whole(value) for name, value in state.items()}
    if _in_parts(state):
        return state.full_tensor().cpu()  # one at a time, so that a device never holds all of them
    return state


def split(weights: dict[str, Tensor], model: nn.Module) -> dict[str, Tensor]:
    """Return this process's parts of whole weights, for the model's load_state_dict."""
    own = model.state_dict()
    return {name: _part_of(tensor, own[name]) if name in own else tensor for name, tensor in weights.items()}


def split_optimiser(state: dict, optimiser: torch.optim.Optimizer) -> dict:
    """Return this process's parts of an optimiser's whole state, for its load_state_dict."""
    parameters = [parameter for group in optimiser.param_groups for parameter in group["params"]]
    return {
        **state,
        "state": {
            number: {name: _part_of(value, parameters[number]) for name, value in values.items()}
            for number, values in state["state"].items()
        },
    }


def _part_of(tensor: object, like: Tensor) -> object:
    """Split a tensor as another one of its shape is; what has another shape, as a count of steps, stays."""
    if not _in_parts(like) or not isinstance(tensor, Tensor) or tensor.shape != like.shape:
        return tensor
    from torch.distributed.tensor import distribute_tensor

    # every process holds the whole tensor, and takes its part without a message
    return distribute_tensor(tensor.to(like.device), like.device_mesh, like.placements, src_data_rank=None)
