"""Functions applied to each number by itself, and the softmax that makes numbers into shares."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from ._arguments import need_axis, need_choice, need_floating, widen


class CutOff(torch.autograd.Function):
    """relu with its backward: the slope is 1 where something was left, 0 elsewhere, the sign of the result.

    The same as input.masked_fill(input <= 0, 0), without a decision for each number: a processor guesses how
    decisions will go, is wrong half of the time here, and then takes ten times as long.
    """

    @staticmethod
    def forward(ctx, input: Tensor) -> Tensor:
        """Give max(x, 0); of NaN, NaN."""
        output = input.clamp(min=0)
        ctx.save_for_backward(output)
        return output

    @staticmethod
    def backward(ctx, grad: Tensor) -> Tensor:
        """Give ∂L/∂x for the gradient of the result."""
        (output,) = ctx.saved_tensors
        return grad * output.sign()


def relu(input: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Keep what is above 0 and set the rest to 0: max(x, 0).

    input    any shape
    Returns  the same shape; the slope at 0 is 0, as torch has it
    Raises   TypeError for integers
    Source   Nair & Hinton 2010, "Rectified linear units improve restricted Boltzmann machines"
    """
    need_floating(input, "input")
    return CutOff.apply(input)


def leaky_relu(input: Float[Tensor, "*shape"], negative_slope: float = 0.01) -> Float[Tensor, "*shape"]:
    """Let a little of what is below 0 through: x above 0, negative_slope · x elsewhere.

    input           any shape
    negative_slope  slope below 0, and at 0
    Raises          TypeError for integers
    Source          Maas et al. 2013, "Rectifier nonlinearities improve neural network acoustic models"
    """
    need_floating(input, "input")
    return torch.where(input > 0, input, input * negative_slope)


def gelu(input: Float[Tensor, "*shape"], approximate: str = "none") -> Float[Tensor, "*shape"]:
    """Weigh a number by the share of a normal distribution that lies below it: x · Φ(x).

    input        any shape
    approximate  "none" for Φ by the error function; "tanh" for ½ (1 + tanh(√(2/π) (x + 0.044715 x³)))
    Raises       TypeError for integers, ValueError for another approximation
    Source       Hendrycks & Gimpel 2016, "Gaussian error linear units (GELUs)", equations 2 and 3
    """
    need_floating(input, "input")
    need_choice(approximate, "approximate", ("none", "tanh"))
    x = widen(input)  # x³ of 41 is beyond float16
    if approximate == "tanh":
        below = 0.5 * (1 + tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    else:
        below = 0.5 * (1 + torch.erf(x / math.sqrt(2)))
    return (x * below).to(input.dtype)


def sigmoid(input: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Squeeze every number between 0 and 1: 1 / (1 + exp(-x)).

    Below 0 it is computed as exp(x) / (1 + exp(x)), the same number: exp(-x) of x = -1000 is infinite, and a
    gradient through infinity is NaN. So exp never sees a number above 0.

    input   any shape
    Raises  TypeError for integers
    Source  lesson 4, "Gates"
    """
    need_floating(input, "input")
    x = widen(input)
    z = torch.exp(torch.where(x < 0, x, -x))  # exp(-|x|); abs would have the slope 0 at 0
    return (torch.where(x < 0, z, 1.0) / (1 + z)).to(input.dtype)


def tanh(input: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Squeeze every number between -1 and 1: (1 - exp(-2x)) / (1 + exp(-2x)).

    Computed for |x|, where exp(-2x) is at most 1, and given the sign of x.

    input   any shape
    Raises  TypeError for integers
    Source  lesson 4, "A state that stays in bounds"
    """
    need_floating(input, "input")
    x = widen(input)
    sign = torch.where(x < 0, -1.0, 1.0).to(x.dtype)
    z = torch.expm1(-2 * sign * x)  # exp(-2|x|) - 1, exact for small x, where 1 - exp(-2x) has no digits left
    return (-sign * z / (2 + z)).to(input.dtype)


def softmax(
    input: Float[Tensor, "*shape"], dim: int, *, dtype: torch.dtype | None = None
) -> Float[Tensor, "*shape"]:
    """Turn numbers into shares that add up to 1: exp(x_i) / Σ_j exp(x_j), for x less its maximum.

    Taking the maximum away changes nothing, as it cancels; without it exp(1000) is infinite and ∞/∞ is NaN.

    input   logits, any shape
    dim     axis along which the shares add up to 1
    dtype   precision to compute and answer in; the input's where None
    Raises  TypeError for integers, ValueError for an axis that the input lacks
    Source  Bridle 1990, "Probabilistic interpretation of feedforward classification network outputs"
    """
    x = _logits(input, dim, dtype)
    powers = torch.exp(x - _largest(x, dim))
    return (powers / powers.sum(dim, keepdim=True)).to(dtype or input.dtype)


def log_softmax(
    input: Float[Tensor, "*shape"], dim: int, *, dtype: torch.dtype | None = None
) -> Float[Tensor, "*shape"]:
    """Give the logarithms of softmax: x_i - log Σ_j exp(x_j).

    Not the logarithm of softmax's result: a share below 1e-45 is 0 in float32, and its logarithm -∞.

    input   logits, any shape
    dim     axis along which the shares add up to 1
    dtype   precision to compute and answer in; the input's where None
    Raises  TypeError for integers, ValueError for an axis that the input lacks
    Source  lesson 3, "From numbers to a loss"
    """
    x = _logits(input, dim, dtype)
    x = x - _largest(x, dim)
    return (x - x.exp().sum(dim, keepdim=True).log()).to(dtype or input.dtype)


def logsumexp(
    input: Float[Tensor, "*shape"], dim: int | tuple[int, ...], keepdim: bool = False
) -> Float[Tensor, "..."]:
    """Add numbers whose logarithms are given, and give the logarithm: log Σ_j exp(x_j).

    input    any shape
    dim      axis, or axes, to add along
    keepdim  leave the axes that were added along with size 1
    Raises   TypeError for integers, ValueError for an axis that the input lacks
    Source   Blanchard, Higham & Higham 2021, "Accurately computing the log-sum-exp and softmax functions"
    """
    need_floating(input, "input")
    for axis in dim if isinstance(dim, tuple) else (dim,):
        need_axis(input, axis)
    x = widen(input)
    largest = _largest(x, dim)
    largest = largest.masked_fill(largest.isinf(), 0)  # ∞ - ∞ is NaN; exp(±∞) itself is right
    total = (x - largest).exp().sum(dim, keepdim=True).log() + largest
    return (total if keepdim else total.squeeze(dim)).to(input.dtype)


def _logits(input: Tensor, dim: int, dtype: torch.dtype | None) -> Tensor:
    """Check logits and bring them to the precision that the work is done in."""
    need_floating(input, "input")
    need_axis(input, dim)
    if input.ndim and input.shape[dim] == 0:
        raise ValueError(f"softmax needs at least one number along dim {dim}, got input {list(input.shape)}.")
    return widen(input if dtype is None else input.to(dtype))


def _largest(x: Tensor, dim: int | tuple[int, ...]) -> Tensor:
    """The maximum along an axis, as a constant: it cancels, so no gradient needs to go through it."""
    return x.detach().amax(dim, keepdim=True)
