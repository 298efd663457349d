"""What every feature asks of its arguments, and the sentence that says so.

Each function here returns nothing when the argument fits. Otherwise it raises
TypeError (wrong kind) or ValueError (wrong size) and says what came, what fits
and what to do next. NaN and infinity are let through: they come out again where
they went in, which is easier to find than a refusal far from the cause.
"""

from collections.abc import Iterable
from numbers import Integral

import torch
from torch import Tensor


def need_waveform(waveform: Tensor) -> None:
    """A sound must be a float32 or float64 tensor [..., time] with at least one clip and one sample."""
    if not isinstance(waveform, Tensor):
        raise TypeError(f"waveform must be a tensor, got {_kind(waveform)}: use torch.as_tensor(waveform).")
    if waveform.dtype not in (torch.float32, torch.float64):
        raise TypeError(
            f"waveform must be float32 or float64, got {_name(waveform.dtype)}: "
            "use waveform.float(), and divide 16-bit integers by 32768 to come to -1..1."
        )
    if waveform.ndim == 0 or waveform.numel() == 0:
        raise ValueError(
            f"waveform must be [..., time] with at least one sample, got shape {list(waveform.shape)}: "
            "leave empty clips out."
        )


def need_features(x: Tensor, axes: str = "[..., feature, time]", least: int = 2) -> None:
    """Features must be a floating tensor with `least` axes or more and at least one value."""
    if not isinstance(x, Tensor) or not x.is_floating_point():
        raise TypeError(f"features must be a floating-point tensor {axes}, got {_kind(x)}: use x.float().")
    if x.ndim < least or x.numel() == 0:
        raise ValueError(f"features must be {axes} with at least one value, got shape {list(x.shape)}.")


def need_image(image: Tensor) -> None:
    """A picture must be a floating tensor [..., channel, height, width] with at least one pixel."""
    if not isinstance(image, Tensor) or not image.is_floating_point():
        raise TypeError(
            f"image must be a floating-point tensor, got {_kind(image)}: "
            "use image.float() / 255 for pictures stored as 0..255."
        )
    if image.ndim < 3 or image.numel() == 0:
        raise ValueError(
            "image must be [..., channel, height, width] with at least one pixel, "
            f"got shape {list(image.shape)}: give a grey picture its channel by image[None]."
        )


def need_count(value: int, name: str, least: int = 1, advice: str = "") -> None:
    """A size, a hop or a number of filters must be a whole number, at least `least`."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} must be a whole number (int), got {value!r}. {advice}".rstrip())
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {value}. {advice}".rstrip())


def need_choice(value: object, name: str, choices: Iterable[object]) -> None:
    """An option must be one of a few words."""
    choices = list(choices)
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}.")


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _kind(x: object) -> str:
    return f"a tensor of {_name(x.dtype)}" if isinstance(x, Tensor) else type(x).__name__
