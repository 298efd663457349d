"""Learn the parameters of a late fusion on validation rows. Twin of mmcourse.scratch.decision_fitting."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import nll_loss

from mmcourse.modules.decisions import WeightedDecisions
from mmcourse.modules.reliability import ReliabilityMixture, TemperatureScaling


def fit_decision(
    module: nn.Module,
    log_probs: Float[Tensor, "batch sense class"],
    labels: Int[Tensor, " batch"],
    present: Bool[Tensor, "batch sense"] | None = None,
    *,
    l2: float = 1e-3,
) -> nn.Module:
    """Set a late fusion's parameters to those with the lowest mean of -log p(label) + l2 · Σ parameter².

    In float64 and by full batches, from where the parameters are: nothing is random. A mixture gets its
    temperatures first, each by its sense alone, and its gate after them. Where weights go by class, one
    without a row gets the mean of the others.

    module     a late fusion, or TemperatureScaling; changed in place
    log_probs  of validation rows: on those that the senses were trained on every sense looks right
    Returns    the module
    Raises     ValueError for a fusion without parameters, and where no row has a sense
    """
    if not any(True for _ in module.parameters()):
        raise ValueError(f"{type(module).__name__} has no parameters: there is nothing to fit.")
    if not l2 > 0:
        raise ValueError(f"l2 must be above 0, or weights may grow without end; got {l2}.")
    if present is None:
        present = log_probs.new_ones(log_probs.shape[:2], dtype=torch.bool)
    rows = present.any(1)
    if not rows.any():
        raise ValueError("no validation row has a sense: there is nothing to learn from.")
    x, y, present = log_probs.detach().double()[rows], labels[rows], present[rows]
    double = copy.deepcopy(module).double()
    if isinstance(module, TemperatureScaling):
        _lower(double, lambda: _each_sense(double(x, present), y, present), l2, list(double.parameters()))
    elif isinstance(module, ReliabilityMixture):
        scaling = fit_decision(TemperatureScaling(x.shape[1]).to(x), x, y, present, l2=l2)
        double.log_temperature.data.copy_(scaling.log_temperature)
        _lower(double, lambda: nll_loss(double(x, present), y), l2, [double.weight, double.bias])
    elif isinstance(module, WeightedDecisions) and module.weight.ndim == 2:
        seen = torch.zeros_like(double.weight[0], dtype=torch.bool).index_fill(0, y, True)
        _lower(
            double,
            lambda: nll_loss(
                functional_call(double, {"weight": _filled(double.weight, seen)}, (x, present)), y
            ),
            l2,
            [double.weight],
        )
        double.weight.data.copy_(_filled(double.weight.data, seen))
    else:
        _lower(double, lambda: nll_loss(double(x, present), y), l2, list(double.parameters()))
    module.load_state_dict(double.state_dict())
    return module


def _lower(module: nn.Module, loss: Callable[[], Tensor], l2: float, parameters: list[Tensor]) -> None:
    """Move these parameters to the lowest loss, with torch's L-BFGS."""
    optimiser = torch.optim.LBFGS(
        parameters, max_iter=500, tolerance_grad=1e-9, tolerance_change=1e-14, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        module.zero_grad()
        with torch.enable_grad():
            value = loss() + l2 * sum(parameter.square().sum() for parameter in parameters)
            value.backward()
        return value

    optimiser.step(closure)


def _each_sense(log_probs: Tensor, labels: Tensor, present: Tensor) -> Tensor:
    """Sum over senses of the mean loss over the rows that have it."""
    right = log_probs.gather(2, labels.reshape(-1, 1, 1).expand(-1, log_probs.shape[1], 1)).squeeze(2)
    return -((right * present).sum(0) / present.sum(0).clamp(min=1)).sum()


def _filled(weight: Tensor, seen: Tensor) -> Tensor:
    """Put the mean weight of the classes that were seen where a class was not."""
    return torch.where(seen, weight, weight[:, seen].mean(1, keepdim=True))
