"""Loudness as a logarithm."""

import torch
from jaxtyping import Float
from torch import Tensor

from .arguments import need_features


def amplitude_to_DB(
    x: Float[Tensor, "*batch freq time"],
    multiplier: float,
    amin: float,
    db_multiplier: float,
    top_db: float | None = None,
) -> Float[Tensor, "*batch freq time"]:
    """Decibels: multiplier · log10(max(x, amin)) - multiplier · db_multiplier.

    multiplier      10 for power, 20 for amplitude
    amin            smallest value let through, > 0: log10(0) would be minus infinity
    db_multiplier   log10 of the reference that counts as 0 dB
    top_db          lift everything quieter than (loudest - top_db). "Loudest" is taken over the last three
                    axes as torchaudio does it: two clips stacked as [batch, freq, time] share one loudest
                    value, so a clip's numbers then depend on its neighbours. None keeps clips apart.
    Source          equals torchaudio.functional.amplitude_to_DB
    """
    need_features(x, "[..., freq, time]", least=1 if top_db is None else 2)
    if amin <= 0:
        raise ValueError(
            f"amin must be above 0, for the logarithm of 0 has no value, got {amin}: 1e-10 is usual."
        )
    decibel = multiplier * torch.log10(x.clamp(min=amin)) - multiplier * db_multiplier
    if top_db is None:
        return decibel
    if top_db < 0:
        raise ValueError(f"top_db must be 0 or more, got {top_db}: it is a range in dB, 80 is usual.")
    loudest = decibel.amax(dim=(-3, -2, -1) if x.ndim > 2 else (-2, -1), keepdim=True)
    return torch.maximum(decibel, loudest - top_db)
