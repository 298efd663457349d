"""Early fusion without tokens: low features of both senses in one network."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_floating
from ._senses import need_present, silenced
from .activations import relu
from .attention import padding_mask
from .layers import linear
from .parameters import parts


def early_concat(
    parameters: Mapping[str, Tensor], batch: Mapping[str, Tensor], *, segments: int = 8
) -> Float[Tensor, "batch class"]:
    """Lay pixels and the means of a clip's parts side by side, and classify them by three linear layers.

    parameters  layers.0.…, layers.2.…, layers.4.…: those of modules.early.EarlyConcat
    batch       "image", "speech", "lengths", and where senses are missing "present": those count as zeros
    segments    parts of a clip, as many as the parameters were made for
    Raises      TypeError for integers, ValueError for shapes that do not fit
    Source      Baltrušaitis et al. 2019, "Multimodal machine learning: a survey and taxonomy", section 6.1
    """
    image, speech, lengths, present = (batch.get(name) for name in ("image", "speech", "lengths", "present"))
    need_present(present, len(image), 2)
    image, speech = silenced([image, speech], present)
    if present is not None:
        lengths = lengths.masked_fill(~present[:, 1], 0)
    x = torch.cat([image.flatten(start_dim=1), segment_means(speech, lengths, segments)], dim=1)
    first, second, last = parts(parameters, "layers")
    return linear(relu(linear(relu(linear(x, **first)), **second)), **last)


def segment_means(
    speech: Float[Tensor, "batch mel time"], lengths: Int[Tensor, " batch"], segments: int
) -> Float[Tensor, "batch feature"]:
    """Cut each clip into parts of nearly one length and average each: frame t is in ⌊t · parts / length⌋.

    speech    log-mel frames, padded at the end
    lengths   valid frames of each clip, from 0 to time
    segments  parts; one without frames, in a clip shorter than that, is 0
    Returns   [batch, segments · mel], part after part
    Raises    TypeError for integers, ValueError for lengths outside 0..time and no parts
    Source    pooling each part alone: Lazebnik et al. 2006, "Beyond bags of features", section 3, in time
    """
    need_floating(speech, "speech")
    if segments < 1:
        raise ValueError(f"segments must be at least 1, got {segments}.")
    valid = padding_mask(lengths, speech.shape[-1])
    clean = speech.masked_fill(~valid[:, None], 0)
    frame = torch.arange(speech.shape[-1], device=speech.device)
    number = frame * segments // lengths.clamp(min=1)[:, None]
    means = []
    for segment in range(segments):
        member = (number == segment) & valid  # batch time
        count = member.sum(dim=1, keepdim=True).clamp(min=1).to(clean.dtype)
        means.append(clean.masked_fill(~member[:, None], 0).sum(dim=2) / count)
    return torch.cat(means, dim=1)
