"""Zero mean, unit spread: of one clip by itself, or of the training set for everyone."""

from collections.abc import Iterable

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from .arguments import need_features

Batch = Tensor | tuple[Tensor, Tensor | None]


def normalize_clip(
    x: Float[Tensor, "*batch time"], dim: int | tuple[int, ...] = -1, mask: Bool[Tensor, "..."] | None = None
) -> Float[Tensor, "*batch time"]:
    """Give every clip mean 0 and standard deviation 1 over `dim`: z = (x - mean) / std.

    This takes away how loud a clip was, and with dim = -1 on log-mel also the microphone's colour. Where
    loudness is a cue, use a Standardizer instead.
    x      a waveform [..., time] or features [..., feature, time]
    dim    axes the statistics run over: -1 each feature by itself, (-2, -1) the clip as a whole
    mask   [..., time], True where x is the clip and not padding; padding is left out and comes back as 0
    A feature that never changes has no spread to divide by: it comes back as 0.
    Half precision is widened for the statistics, whose squares it could not hold.
    """
    need_features(x, "[..., time]", least=1)
    dtype, x = x.dtype, x.to(torch.promote_types(x.dtype, torch.float32))
    if mask is None:
        valid = torch.ones_like(x, dtype=torch.bool)
    else:
        valid = _fitting_mask(mask, x, -2 if x.ndim > mask.ndim else None).expand_as(x)
    count = valid.sum(dim, keepdim=True)
    if (count == 0).any():
        raise ValueError("mask leaves a clip without a single valid frame: leave empty clips out.")
    x = x.masked_fill(~valid, 0)
    mean = x.sum(dim, keepdim=True) / count
    centred = (x - mean).masked_fill(~valid, 0)
    variance = centred.square().sum(dim, keepdim=True) / count
    return (centred / _usable_variance(variance, mean).sqrt()).to(dtype)


class Standardizer:
    """z = (x - mean) / std with the mean and spread of the training set, for every set.

    standardizer = Standardizer().fit(log_mel(batch["speech"], 8000) for batch in train_loader)
    z = standardizer(log_mel(test_batch["speech"], 8000))

    Fit it once and on the training set only: statistics of the test set would tell the model about it, and
    a second fit is refused for that reason. After fit: mean, std [feature] in float64, count per feature.
    """

    def __init__(self, dim: int = -2):
        """dim   the axis whose entries get a mean each: -2 the features of [..., feature, time],
        -3 the channels of [..., channel, height, width]; counted from the end, for batch axes come and go
        """
        if dim >= 0:
            raise ValueError(f"dim is counted from the end (-2 features, -3 channels), got {dim}.")
        self.dim = dim
        self.mean: Float[Tensor, " feature"] | None = None
        self.std: Float[Tensor, " feature"] | None = None
        self.count = 0

    def fit(self, batches: Tensor | Iterable[Batch]) -> "Standardizer":
        """See the training set once, batch by batch, and keep its mean and standard deviation.

        batches   a tensor, or an iterable of tensors or of pairs (tensor, mask); a mask has the tensor's
                  shape without `dim` and is True where the value is not padding
        A feature that never changes gets std 1, so it is only centred.
        """
        if self.mean is not None:
            raise RuntimeError(
                f"this Standardizer is fitted already, on {self.count} values a feature: "
                "use it on validation and test as it is, or make a new one for another training set."
            )
        seen = None
        for batch in [batches] if isinstance(batches, Tensor) else batches:
            x, mask = batch if isinstance(batch, tuple) else (batch, None)
            values = self._columns(x, mask)
            if values.shape[1] > 0:
                seen = _moments(values) if seen is None else _merge(seen, _moments(values))
        if seen is None:
            raise ValueError("fit() got no valid value: give it the batches of the training set.")
        self.count, self.mean, squares = seen
        self.std = _usable_variance(squares / self.count, self.mean).sqrt()
        return self

    def __call__(
        self, x: Float[Tensor, "..."], mask: Bool[Tensor, "..."] | None = None
    ) -> Float[Tensor, "..."]:
        """Standardise x; where mask is False the result is 0, the training mean."""
        if self.mean is None or self.std is None:
            raise RuntimeError("this Standardizer has seen no data: call fit(training batches) first.")
        need_features(x)
        self._need_same_features(x)
        shape = [-1] + [1] * (-self.dim - 1)
        mean, std = (value.to(dtype=x.dtype).to(x.device).reshape(shape) for value in (self.mean, self.std))
        z = (x - mean) / std
        return z if mask is None else z.masked_fill(~_fitting_mask(mask, x, self.dim), 0)

    def state_dict(self) -> dict[str, object]:
        """What a checkpoint keeps; torch.load(weights_only=True) reads it."""
        return {"dim": self.dim, "mean": self.mean, "std": self.std, "count": self.count}

    def load_state_dict(self, state: dict[str, object]) -> None:
        self.dim, self.mean, self.std, self.count = (state[key] for key in ("dim", "mean", "std", "count"))

    def _columns(self, x: Tensor, mask: Tensor | None) -> Float[Tensor, "feature values"]:
        """All valid values of each feature in float64; the mask's axes are x's without the feature axis."""
        need_features(x)
        columns = x.detach().cpu().double().movedim(self.dim, 0)
        if mask is None:
            return columns.flatten(1)
        return columns[:, _fitting_mask(mask, x, self.dim).squeeze(self.dim).cpu()]

    def _need_same_features(self, x: Tensor) -> None:
        if x.shape[self.dim] != len(self.mean):
            raise ValueError(
                f"fitted on {len(self.mean)} features, got {x.shape[self.dim]} in {list(x.shape)}."
            )


Moments = tuple[int, Tensor, Tensor]  # count, mean [feature], sum of squared differences from it [feature]


def _moments(values: Float[Tensor, "feature values"]) -> Moments:
    mean = values.mean(dim=1)
    return values.shape[1], mean, (values - mean[:, None]).square().sum(dim=1)


def _merge(a: Moments, b: Moments) -> Moments:
    """Moments of two parts together, without the cancellation of E[x²] - E[x]².

    Source   Chan, Golub and LeVeque 1979, eq. 2.1
    """
    (n_a, mean_a, squares_a), (n_b, mean_b, squares_b) = a, b
    if len(mean_a) != len(mean_b):
        raise ValueError(f"batches of {len(mean_a)} and of {len(mean_b)} features cannot be fitted together.")
    difference, n = mean_b - mean_a, n_a + n_b
    mean = mean_a + difference * (n_b / n)
    return n, mean, squares_a + squares_b + difference.square() * (n_a * n_b / n)


def _fitting_mask(mask: Tensor, x: Float[Tensor, "..."], dim: int | None) -> Bool[Tensor, "..."]:
    """The mask with its missing axis `dim` put in, so that it meets x; None where no axis is missing."""
    wanted = list(x.shape)
    if dim is not None and x.ndim > 1:
        del wanted[dim]
    if mask.dtype != torch.bool or list(mask.shape) != wanted:
        kind = str(mask.dtype).removeprefix("torch.")
        raise ValueError(
            f"mask must be bool {wanted} for x {list(x.shape)}, True where x is no padding; "
            f"got {kind} {list(mask.shape)}."
        )
    return mask if dim is None else mask.unsqueeze(dim)


def _usable_variance(variance: Float[Tensor, "..."], mean: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
    """1 where the spread is no more than the mean's rounding error, so that dividing by it cannot explode."""
    rounding = 16 * torch.finfo(variance.dtype).eps * mean.abs()
    return torch.where(variance > rounding.square(), variance, torch.ones_like(variance))
