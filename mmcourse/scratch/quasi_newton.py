"""The lowest point of a smooth function of all its numbers at once: L-BFGS with a line search."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

Objective = Callable[[Tensor], tuple[Tensor, Tensor]]  # numbers -> value, gradient


def lbfgs(
    objective: Objective,
    start: Float[Tensor, " number"],
    *,
    max_iter: int = 500,
    tol: float = 1e-5,
    history: int = 10,
) -> Float[Tensor, " number"]:
    """Go downhill in steps that know how the slope has changed along the last ones.

    A step goes along -H g, where H, never written out, is the inverse of the curvature seen in the last
    `history` steps. It is halved until the function has gone down by a share of what the slope promised.
    Nothing is random and there is no learning rate.

    objective  gives the value and the gradient at some numbers
    start      where to begin
    max_iter   steps at most
    tol        largest size of a number of the gradient at which it is over
    history    steps that are remembered
    Returns    the numbers with the lowest value seen
    Raises     ValueError for a value at the start that is not finite
    Source     Nocedal & Wright 2006, "Numerical optimization", algorithms 7.4, 7.5 and 3.1
    """
    x = start.detach().clone()
    value, gradient = objective(x)
    if not torch.isfinite(value):
        raise ValueError(
            f"the objective is {value.item()} at the start: look for NaN or infinity in the data."
        )
    memory: list[tuple[Tensor, Tensor]] = []
    for _ in range(max_iter):
        if gradient.abs().max() <= tol:
            break
        direction = -_times_inverse_curvature(gradient, memory)
        found = _line_search(objective, x, value, gradient, direction, first=not memory)
        if found is None:
            if not memory:
                break  # not even a short step against the gradient goes down: this is rounding
            memory.clear()
            continue
        new_x, value, new_gradient = found
        moved, changed = new_x - x, new_gradient - gradient
        if moved @ changed > 1e-10 * changed @ changed:  # curved upwards, as H must be
            memory = [*memory, (moved, changed)][-history:]
        x, gradient = new_x, new_gradient
    return x


def _times_inverse_curvature(gradient: Tensor, memory: list[tuple[Tensor, Tensor]]) -> Tensor:
    """H g by two loops over the remembered steps, newest first and then oldest first."""
    result, shares = gradient.clone(), []
    for moved, changed in reversed(memory):
        share = (moved @ result) / (moved @ changed)
        result -= share * changed
        shares.append(share)
    if memory:
        moved, changed = memory[-1]
        result *= (moved @ changed) / (changed @ changed)
    for (moved, changed), share in zip(memory, reversed(shares), strict=True):
        result += (share - (changed @ result) / (moved @ changed)) * moved
    return result


def _line_search(
    objective: Objective, x: Tensor, value: Tensor, gradient: Tensor, direction: Tensor, first: bool
) -> tuple[Tensor, Tensor, Tensor] | None:
    """The first of ever shorter steps that goes down enough, with value and gradient there."""
    promised = gradient @ direction
    step = min(1.0, 1.0 / gradient.abs().sum().item()) if first else 1.0
    for _ in range(30):
        new_x = x + step * direction
        new_value, new_gradient = objective(new_x)
        if new_value <= value + 1e-4 * step * promised:
            return new_x, new_value, new_gradient
        step /= 2
    return None
