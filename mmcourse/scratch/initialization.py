"""First values of weights, so wide that signals neither grow nor fade from layer to layer.

Each function draws a new tensor in the order in which torch.nn.init draws: one seed gives the same numbers.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from ._arguments import need_choice

LINEAR = ("linear", "sigmoid", "conv1d", "conv2d", "conv3d")
LINEAR += ("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Count how many inputs make one output, and how many outputs one input reaches: (fan_in, fan_out).

    shape   of a weight, [out, in, *kernel]; a convolution's kernel multiplies both counts
    Raises  ValueError for fewer than two axes: a bias has no fans
    Source  Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks"
    """
    if len(shape) < 2:
        raise ValueError(f"a weight needs the axes [out, in, ...] to count its fans, got {list(shape)}.")
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Say how much wider weights must be because of the function that follows them.

    nonlinearity  "linear", "conv1d" .. "conv_transpose3d", "sigmoid": 1; "tanh": 5/3; "relu": √2, as half of
                  the signal is cut off; "leaky_relu": √(2 / (1 + slope²)); "selu": 3/4
    param         slope of leaky_relu below 0, 0.01 where None
    Raises        ValueError for another function
    Source        He et al. 2015, "Delving deep into rectifiers", section 2.2; torch.nn.init.calculate_gain
    """
    need_choice(nonlinearity, "nonlinearity", (*LINEAR, "tanh", "relu", "leaky_relu", "selu"))
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        return math.sqrt(2 / (1 + slope**2))
    return {"tanh": 5 / 3, "relu": math.sqrt(2), "selu": 3 / 4}.get(nonlinearity, 1.0)


def uniform(
    shape: Sequence[int],
    bound: float,
    *,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "..."]:
    """Draw numbers evenly from -bound..bound; their variance is bound² / 3.

    shape      of the new tensor
    bound      largest size of a number, 0 or more
    generator  of the random numbers, on the device; torch's own where None
    Raises     ValueError for a bound below 0
    Source     torch.Tensor.uniform_
    """
    if not bound >= 0:
        raise ValueError(f"bound must be 0 or more, got {bound}.")
    return torch.empty(tuple(shape), dtype=dtype, device=device).uniform_(-bound, bound, generator=generator)


def xavier_uniform(
    shape: Sequence[int],
    gain: float = 1.0,
    *,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "..."]:
    """Draw evenly with variance gain² · 2 / (fan_in + fan_out): a compromise for both directions.

    shape    [out, in, *kernel]
    gain     see calculate_gain
    Raises   ValueError for fewer than two axes
    Source   Glorot & Bengio 2010, equation 16
    """
    bound = gain * math.sqrt(6 / sum(fans(shape)))
    return uniform(shape, bound, generator=generator, dtype=dtype, device=device)


def xavier_normal(
    shape: Sequence[int],
    gain: float = 1.0,
    *,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "..."]:
    """Draw from a normal distribution with variance gain² · 2 / (fan_in + fan_out).

    shape    [out, in, *kernel]
    gain     see calculate_gain
    Raises   ValueError for fewer than two axes
    Source   Glorot & Bengio 2010, equation 12
    """
    std = gain * math.sqrt(2 / sum(fans(shape)))
    return torch.empty(tuple(shape), dtype=dtype, device=device).normal_(0, std, generator=generator)


def kaiming_uniform(
    shape: Sequence[int],
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "..."]:
    """Draw evenly with variance gain² / fan, so that relu's loss of half the signal is made good.

    shape         [out, in, *kernel]
    a             slope of leaky_relu below 0; 0 is relu
    mode          "fan_in" keeps signals forward in size, "fan_out" gradients backward
    nonlinearity  what follows the weights: see calculate_gain
    Raises        ValueError for fewer than two axes, another mode or another function
    Source        He et al. 2015, "Delving deep into rectifiers", equations 10 and 14
    """
    bound = math.sqrt(3) * _kaiming_std(shape, a, mode, nonlinearity)
    return uniform(shape, bound, generator=generator, dtype=dtype, device=device)


def kaiming_normal(
    shape: Sequence[int],
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "..."]:
    """Draw from a normal distribution with variance gain² / fan; arguments as in kaiming_uniform.

    shape    [out, in, *kernel]
    Raises   ValueError for fewer than two axes, another mode or another function
    Source   He et al. 2015, "Delving deep into rectifiers", equations 10 and 14
    """
    std = _kaiming_std(shape, a, mode, nonlinearity)
    return torch.empty(tuple(shape), dtype=dtype, device=device).normal_(0, std, generator=generator)


def orthogonal(
    shape: Sequence[int],
    gain: float = 1.0,
    *,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "..."]:
    """Draw a rotation, all directions alike: W Wᵀ = gain² · 1 (or Wᵀ W, where W is higher than wide).

    shape    [out, in, *kernel]; the axes from the second on are taken together
    Raises   ValueError for fewer than two axes
    Source   Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning", section 3;
             for the signs, without which some directions are likelier than others, Mezzadri 2007, "How to
             generate random matrices from the classical compact groups", section 5
    """
    if len(shape) < 2:
        raise ValueError(f"an orthogonal weight needs the axes [out, in, ...], got {list(shape)}.")
    rows, columns = shape[0], math.prod(shape[1:])
    drawn = torch.empty(rows, columns, dtype=dtype, device=device).normal_(0, 1, generator=generator)
    q, r = torch.linalg.qr(drawn.T if rows < columns else drawn)
    q = q * r.diagonal().sign()
    return gain * (q.T if rows < columns else q).reshape(*shape)


def weight_and_bias(
    shape: Sequence[int],
    *,
    bias: bool = True,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> dict[str, Tensor]:
    """Draw {"weight", "bias"} of a linear layer or a convolution as torch.nn does: evenly within ±1/√fan_in.

    shape    of the weight, [out, in, *kernel]
    bias     False: the weight alone
    Raises   ValueError for fewer than two axes
    Source   torch.nn.Linear.reset_parameters; LeCun et al. 1998, "Efficient backprop", section 4.6
    """
    options = {"generator": generator, "dtype": dtype, "device": device}
    weight = kaiming_uniform(shape, a=math.sqrt(5), **options)
    if not bias:
        return {"weight": weight}
    return {"weight": weight, "bias": uniform(shape[:1], 1 / math.sqrt(fans(shape)[0]), **options)}


def _kaiming_std(shape: Sequence[int], a: float, mode: str, nonlinearity: str) -> float:
    need_choice(mode, "mode", ("fan_in", "fan_out"))
    fan_in, fan_out = fans(shape)
    return calculate_gain(nonlinearity, a) / math.sqrt(fan_in if mode == "fan_in" else fan_out)
