"""Where a frame stands in its sequence, which attention alone does not see."""

import torch
from jaxtyping import Float
from torch import Tensor

from ._arguments import need_floating, widen
from ._attention import broadcasts

# Position 5000 has no digits left for a fine angle in half precision; MPS has no float64.
PRECISE = {"dtype": torch.float64, "device": "cpu"}


def sinusoidal(
    time: int,
    features: int,
    base: float = 10_000.0,
    *,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> Float[Tensor, "time features"]:
    """Give every position its own waves: sin(t ω_i) in column 2i, cos(t ω_i) in 2i + 1, ω_i = base^(-2i/d).

    The first columns turn fast and tell neighbours apart, the last ones slowly and tell near from far.

    time, features  positions and columns; an odd number of columns ends with a sine
    base            the slowest wave is nearly 2π · base positions long
    Returns         [time, features] to be added to frames
    Raises          ValueError for no positions or columns
    Source          Vaswani et al. 2017, "Attention is all you need", section 3.5
    """
    if time < 1 or features < 1:
        raise ValueError(f"time and features must be at least 1, got {time} and {features}.")
    angle = torch.arange(time, **PRECISE)[:, None] * _frequencies(features, base)
    waves = torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(start_dim=1)  # sine, cosine, sine, …
    return waves[:, :features].to(dtype or torch.get_default_dtype()).to(device or torch.get_default_device())


def add_learned(
    x: Float[Tensor, "*batch time feature"], weight: Float[Tensor, "max_time feature"]
) -> Float[Tensor, "*batch time feature"]:
    """Add a learned row to each frame, by its place in the sequence: x_t + weight_t.

    x        [..., time, feature]
    weight   [max_time, feature], a row for each place there can be
    Raises   TypeError for integers, ValueError for other features and for more frames than rows
    Source   Gehring et al. 2017, "Convolutional sequence to sequence learning", section 3.1
    """
    for name, value in {"x": x, "weight": weight}.items():
        need_floating(value, name)
    if x.ndim < 2 or weight.ndim != 2 or x.shape[-1] != weight.shape[1] or x.shape[-2] > weight.shape[0]:
        raise ValueError(
            f"x {list(x.shape)} must be [..., time, feature], features as of weight {list(weight.shape)} "
            "and no more frames than its rows: what was not learned cannot be looked up."
        )
    return x + weight[: x.shape[-2]]


def rotary(
    x: Float[Tensor, "*batch time feature"],
    positions: Tensor | None = None,
    base: float = 10_000.0,
) -> Float[Tensor, "*batch time feature"]:
    """Turn each pair of features by an angle that grows with the position: R(t ω_i) (x_2i, x_2i+1).

    Turn queries and keys, not values: the product of a query at t and a key at s then depends on t - s alone.

    x          [..., time, feature], an even number of features
    positions  [time], or whatever broadcasts to [..., time]; 0, 1, 2, … where None
    base       as of sinusoidal
    Raises     TypeError for integers, ValueError for an odd number of features and positions that do not fit
    Source     Su et al. 2021, "RoFormer: enhanced transformer with rotary position embedding", equation 34
    """
    need_floating(x, "x")
    if x.ndim < 2 or x.shape[-1] % 2:
        raise ValueError(
            f"x must be [..., time, feature] with pairs of features to turn, got {list(x.shape)}."
        )
    if positions is None:
        positions = torch.arange(x.shape[-2], **PRECISE)
    if not broadcasts(positions.shape, x.shape[:-1], to=x.shape[:-1]):
        raise ValueError(
            f"positions must be [time] or broadcast to {list(x.shape[:-1])}, got {list(positions.shape)}."
        )
    angle = positions[..., None].to(**PRECISE) * _frequencies(x.shape[-1], base)
    pairs = widen(x).unflatten(-1, (-1, 2))
    cos, sin = (wave.to(pairs.dtype).to(pairs.device) for wave in (angle.cos(), angle.sin()))
    first, second = pairs.unbind(-1)
    turned = torch.stack([first * cos - second * sin, first * sin + second * cos], dim=-1)
    return turned.flatten(start_dim=-2).to(x.dtype)


def _frequencies(features: int, base: float) -> Float[Tensor, " pair"]:
    """Angle a step for each pair of features: base^(-2i / features)."""
    i = torch.arange(0, features, 2, **PRECISE)
    return base ** (-i / features)
