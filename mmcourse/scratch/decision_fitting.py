"""What a late fusion learns, learned on validation: never on the rows that the senses were trained on.

On those every sense is nearly always right, and a fusion would learn to trust whom it should not. Everything
here is computed in float64 and by full batches: the same data give the same numbers.
"""

from collections.abc import Callable

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ._decisions import opinions
from ._rows import need_labels
from .decisions import weighted_decisions
from .evidence import dempster_shafer
from .losses import nll_loss
from .quasi_newton import lbfgs
from .reliability import reliability_mixture, temperature_scaling


def fit_weights(
    log_probs: Float[Tensor, "batch sense class"],
    labels: Int[Tensor, " batch"],
    present: Bool[Tensor, "batch sense"] | None = None,
    *,
    per_class: bool = False,
    l2: float = 1e-3,
) -> Float[Tensor, " sense"] | Float[Tensor, "sense class"]:
    """Find the weight of weighted_decisions with the lowest mean of -log p(label) + l2 · Σ weight².

    log_probs  of validation rows
    per_class  a weight for each sense and class. A class without a row says nothing of who knows it: it gets
               the mean of the others' weights
    l2         holds weights that the rows say nothing about at 0
    Raises     TypeError and ValueError for arguments that do not fit
    """
    x, y, present = _validation(log_probs, labels, present, l2)
    _, senses, classes = x.shape
    seen = torch.bincount(y, minlength=classes) > 0

    def weight(numbers: Tensor) -> Tensor:
        if not per_class:
            return numbers
        known = numbers.view(senses, classes)
        mean = (known * seen).sum(1, keepdim=True) / seen.sum()
        return torch.where(seen, known, mean)

    start = x.new_zeros(senses * (classes if per_class else 1))
    found = _lowest(lambda numbers: weighted_decisions(x, weight(numbers), present), start, y, l2)
    return weight(found).to(log_probs.dtype)


def fit_temperature(
    log_probs: Float[Tensor, "batch sense class"],
    labels: Int[Tensor, " batch"],
    present: Bool[Tensor, "batch sense"] | None = None,
    *,
    l2: float = 1e-3,
) -> Float[Tensor, " sense"]:
    """Find log T of each sense alone, with the lowest mean of -log p(label) over its rows + l2 · (log T)².

    l2       keeps T above 0 where a sense is right in every row; a sense without rows keeps T = 1
    others   as of fit_weights
    Source   Guo et al. 2017, "On calibration of modern neural networks", section 4.2
    """
    x, y, present = _validation(log_probs, labels, present, l2)
    found = x.new_zeros(x.shape[1])
    for sense, rows in enumerate(present.unbind(1)):
        if rows.any():
            own, wanted = x[rows, sense : sense + 1], y[rows]
            scaled = _scaled_alone(own)
            found[sense] = _lowest(scaled, x.new_zeros(1), wanted, l2)[0]
    return found.to(log_probs.dtype)


def fit_gate(
    log_probs: Float[Tensor, "batch sense class"],
    labels: Int[Tensor, " batch"],
    present: Bool[Tensor, "batch sense"] | None = None,
    *,
    l2: float = 1e-3,
) -> dict[str, Tensor]:
    """Find the parameters of reliability_mixture: temperatures first, then the gate with the lowest loss.

    Returns  log_temperature [sense], weight [sense, 3], bias [sense]
    others   as of fit_weights
    """
    x, y, present = _validation(log_probs, labels, present, l2)
    senses = x.shape[1]
    log_temperature = fit_temperature(x, y, present, l2=l2)

    def parameters(numbers: Tensor) -> dict[str, Tensor]:
        gate = numbers.view(senses, 4)
        return {"log_temperature": log_temperature, "weight": gate[:, :3], "bias": gate[:, 3]}

    found = _lowest(
        lambda numbers: reliability_mixture(parameters(numbers), x, present), x.new_zeros(senses * 4), y, l2
    )
    return {name: value.to(log_probs.dtype).clone() for name, value in parameters(found).items()}


def fit_reliability(
    log_probs: Float[Tensor, "batch sense class"],
    labels: Int[Tensor, " batch"],
    present: Bool[Tensor, "batch sense"] | None = None,
    *,
    l2: float = 1e-3,
) -> Float[Tensor, " sense"]:
    """Find the reliability of dempster_shafer with the lowest mean of -log p(label) + l2 · Σ logit².

    Returns  [sense], between 0 and 1
    others   as of fit_weights
    """
    x, y, present = _validation(log_probs, labels, present, l2)
    found = _lowest(
        lambda logit: dempster_shafer(x, torch.sigmoid(logit), present)[0], x.new_zeros(x.shape[1]), y, l2
    )
    return torch.sigmoid(found).to(log_probs.dtype)


def _scaled_alone(x: Tensor) -> Callable[[Tensor], Tensor]:
    return lambda log_temperature: temperature_scaling(x, log_temperature)[:, 0]


def _lowest(joined: Callable[[Tensor], Tensor], start: Tensor, labels: Tensor, l2: float) -> Tensor:
    """The numbers with the lowest loss plus l2 · Σ numbers², by L-BFGS."""

    def objective(numbers: Tensor) -> tuple[Tensor, Tensor]:
        numbers = numbers.detach().requires_grad_()
        with torch.enable_grad():
            value = nll_loss(joined(numbers), labels) + l2 * (numbers**2).sum()
            (gradient,) = torch.autograd.grad(value, numbers)
        return value.detach(), gradient

    return lbfgs(objective, start, tol=1e-8).detach()


def _validation(
    log_probs: Tensor, labels: Tensor, present: Tensor | None, l2: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Check, and give the rows that have a sense, in float64: the others teach nothing."""
    x, present = opinions(log_probs.detach(), present)
    need_labels(labels, len(x), x.shape[2])
    if not l2 > 0:
        raise ValueError(f"l2 must be above 0, or weights may grow without end; got {l2}.")
    rows = present.any(1)
    if not rows.any():
        raise ValueError("no validation row has a sense: there is nothing to learn from.")
    return x.double()[rows], labels[rows], present[rows]
