"""Batch and layer normalisation: the same standardisation, over different axes."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from ._arguments import need_floating, widen


class Standardize(torch.autograd.Function):
    """Take the mean away and divide by the standard deviation: x̂ = (x - μ) / √(σ² + ε), with its backward.

    μ and σ² depend on every number, so the gradient g of x̂ loses two parts on its way to x: its own mean,
    as adding a constant to x changes nothing, and its part along x̂, as stretching x changes (almost) nothing:

        ∂L/∂x = (g - mean(g) - x̂ · mean(g · x̂)) / √(σ² + ε)

    Source  Ioffe & Szegedy 2015, "Batch normalization", section 3, its chain rule simplified
    """

    @staticmethod
    def forward(ctx, x: Tensor, axes: tuple[int, ...], eps: float) -> tuple[Tensor, Tensor, Tensor]:
        """Give x̂ and, along the axes with size 1, μ and σ² (divided by n, not n - 1)."""
        mean = x.mean(axes, keepdim=True)
        centred = x - mean  # the mean first, then squares: of x² - μ² few digits are left where μ is large
        var = (centred * centred).mean(axes, keepdim=True)
        scale = (var + eps).rsqrt()
        normalized = centred.mul_(scale)
        ctx.save_for_backward(normalized, scale)
        ctx.axes = axes
        ctx.mark_non_differentiable(mean, var)
        return normalized, mean, var

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor, *_: Tensor) -> tuple[Tensor, None, None]:
        """Give ∂L/∂x for the gradient of x̂."""
        normalized, scale = ctx.saved_tensors
        along = (grad * normalized).mean(ctx.axes, keepdim=True)
        return (grad - grad.mean(ctx.axes, keepdim=True) - normalized * along) * scale, None, None


def batch_norm(
    input: Float[Tensor, "batch channel *rest"],
    running_mean: Float[Tensor, " channel"] | None,
    running_var: Float[Tensor, " channel"] | None,
    weight: Float[Tensor, " channel"] | None = None,
    bias: Float[Tensor, " channel"] | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Float[Tensor, "batch channel *rest"]:
    """Standardise each channel over batch and places, then scale and shift: w · (x - μ) / √(σ² + ε) + b.

    input                      [batch, channel, ...]
    running_mean, running_var  [channel]; used where training is False. In training they move by `momentum`
                               towards this batch's mean and variance, in place, as torch's do
    weight, bias               [channel], or None for 1 and 0
    training                   True: μ and σ² are this batch's own, σ² divided by n; the running variance
                               takes the unbiased one, divided by n - 1, as it estimates that of all data
    momentum                   share of the new value in the running ones
    eps                        added to σ², so that a constant channel is not divided by 0
    Raises                     TypeError for integers, ValueError for shapes that do not fit, for no running
                               values out of training, and for one value a channel in training
    Source                     Ioffe & Szegedy 2015, "Batch normalization", algorithms 1 and 2
    """
    given = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
    _need_channels(input, given)
    shape = (1, -1) + (1,) * (input.ndim - 2)  # one number a channel, beside [batch, channel, ...]
    x = widen(input)
    if training:
        count = input.numel() // input.shape[1]
        if count == 1:
            raise ValueError(
                f"one value a channel has no spread, got input {list(input.shape)}: "
                "train on larger batches, or use training=False."
            )
        axes = tuple(axis for axis in range(input.ndim) if axis != 1)
        normalized, mean, var = Standardize.apply(x, axes, eps)
        with torch.no_grad():
            _move(running_mean, mean.flatten(), momentum)
            _move(running_var, var.flatten() * count / (count - 1), momentum)
    else:
        if running_mean is None or running_var is None:
            raise ValueError("out of training, batch_norm needs running_mean and running_var, got None.")
        scale = (widen(running_var) + eps).rsqrt()
        normalized = (x - widen(running_mean).view(shape)) * scale.view(shape)
    if weight is not None:
        normalized = normalized * weight.view(shape)
    if bias is not None:
        normalized = normalized + bias.view(shape)
    return normalized.to(input.dtype)


def layer_norm(
    input: Float[Tensor, "*shape"],
    normalized_shape: int | Sequence[int],
    weight: Float[Tensor, "..."] | None = None,
    bias: Float[Tensor, "..."] | None = None,
    eps: float = 1e-5,
) -> Float[Tensor, "*shape"]:
    """Standardise each example over its own last axes, then scale and shift: w · (x - μ) / √(σ² + ε) + b.

    input             [..., *normalized_shape]
    normalized_shape  sizes of the last axes, over which μ and σ² (divided by n) are taken; a number for one
    weight, bias      normalized_shape, or None for 1 and 0
    eps               added to σ², so that a constant example is not divided by 0
    Raises            TypeError for integers, ValueError for shapes that do not fit
    Source            Ba, Kiros & Hinton 2016, "Layer normalization", equation 4
    """
    need_floating(input, "input")
    shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if not shape or tuple(input.shape[-len(shape) :]) != shape:
        raise ValueError(
            f"input {list(input.shape)} must end with normalized_shape {list(shape)}: "
            "give the sizes of the axes to normalise, such as x.shape[-1:]."
        )
    for name, value in {"weight": weight, "bias": bias}.items():
        if value is not None and tuple(value.shape) != shape:
            raise ValueError(f"{name} must be {list(shape)} as normalized_shape is, got {list(value.shape)}.")
    normalized, _, _ = Standardize.apply(widen(input), tuple(range(-len(shape), 0)), eps)
    if weight is not None:
        normalized = normalized * weight
    if bias is not None:
        normalized = normalized + bias
    return normalized.to(input.dtype)


def _move(running: Tensor | None, new: Tensor, momentum: float) -> None:
    """Move a running value towards a new one, in place."""
    if running is not None:
        running.copy_((1 - momentum) * widen(running) + momentum * new)


def _need_channels(input: Tensor, given: dict[str, Tensor | None]) -> None:
    need_floating(input, "input")
    if input.ndim < 2:
        raise ValueError(f"input must be [batch, channel, ...], got {list(input.shape)}.")
    for name, value in given.items():
        if value is not None and tuple(value.shape) != (input.shape[1],):
            raise ValueError(
                f"{name} must be [{input.shape[1]}], one number a channel of input {list(input.shape)}, "
                f"got {list(value.shape)}."
            )
