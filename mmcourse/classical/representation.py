"""From a batch to rows of numbers: what a classical method is given of a picture and of a clip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from mmcourse import features
from mmcourse.errors import CourseError
from mmcourse.modules.multimodal import SENSES

Feature = Callable[[dict], Float[Tensor, "batch feature"]]  # of one sense, from a whole batch


def pixels(batch: dict) -> Float[Tensor, "batch feature"]:
    """Every pixel of the picture as a feature of its own."""
    return batch["image"].flatten(1)


def hog_of(**options) -> Feature:
    """Histograms of oriented gradients of the picture.

    options  of mmcourse.features.hog: cell=2 for pictures of 8 x 8
    """
    return partial(_hog, options=options)


def mfcc_of(sample_rate: int, **options) -> Feature:
    """MFCC of the recording, pooled over time; "speech" is [batch, time] with "lengths" in samples.

    options  of mmcourse.features.pooled_mfcc
    """
    return partial(_mfcc, sample_rate=sample_rate, options=options)


def pooled_log_mel(n_mfcc: int | None = 13, *, std: bool = True) -> Feature:
    """The same from what a network is given: "speech" is log-mel [batch, mel, time], "lengths" in frames.

    n_mfcc  cosines that are kept of each frame; None pools the mel bands themselves
    """
    return partial(_pooled, n_mfcc=n_mfcc, std=std)


def represent(batches: Iterable[dict], by: Mapping[str, Feature] | None = None) -> dict[str, Tensor]:
    """Make the features of all batches once.

    by       what makes the features of a sense, {"image": ..., "speech": ...}; None where the batches hold
             features already, [batch, feature]
    Returns  a table that is itself a batch: each sense [example, feature], "label", and "present" where given
    Raises   CourseError for no batches, senses that are none, or features that are not [batch, feature]
    """
    parts = [_one(batch, by) for batch in batches]
    if not parts:
        raise CourseError(
            "there are no batches to learn from or to be asked: was an iterator used up before?"
        )
    return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}


def _one(batch: dict, by: Mapping[str, Feature] | None) -> dict[str, Tensor]:
    if by is not None and (not by or not set(by) <= set(SENSES)):
        raise CourseError(f"features are made of {' or '.join(SENSES)}, got {sorted(by)}.")
    made = {sense: batch[sense] for sense in SENSES if sense in batch} if by is None else {}
    for sense in SENSES if by is not None else ():
        if sense in by:
            made[sense] = by[sense](batch)
    for sense, x in made.items():
        if x.ndim != 2:
            raise CourseError(
                f"features of {sense} must be [batch, feature], got {list(x.shape)}: "
                "say how they are made, such as {'image': pixels}."
            )
    kept = {name: batch[name] for name in ("label", "present") if name in batch}
    for name, value in kept.items():
        if not isinstance(value, Tensor):
            raise CourseError(
                f"{name} must be a tensor, got {type(value).__name__}: number the classes 0, 1, ...."
            )
    return {name: value.detach().cpu() for name, value in (made | kept).items()}


# At the top of the module, so that a model with them can be sent to another process.
def _hog(batch: dict, options: dict) -> Float[Tensor, "batch feature"]:
    return features.hog(batch["image"], **options)


def _mfcc(batch: dict, sample_rate: int, options: dict) -> Float[Tensor, "batch feature"]:
    return features.pooled_mfcc(batch["speech"], sample_rate, batch["lengths"], **options)


def _pooled(batch: dict, n_mfcc: int | None, std: bool) -> Float[Tensor, "batch feature"]:
    x = batch["speech"]
    if n_mfcc is not None:
        dct = features.create_dct(n_mfcc, x.shape[-2], "ortho", dtype=x.dtype, device=x.device)
        x = dct.T @ x
    return features.pool(x, features.padding_mask(batch["lengths"], x.shape[-1]), std=std)
