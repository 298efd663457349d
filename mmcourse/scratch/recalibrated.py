"""A classifier whose two convolutional networks weigh one another's channels: MMTM in the middle of both."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from ._senses import there
from .activations import relu
from .attention import padding_mask
from .conv import conv1d, conv2d
from .layers import linear
from .parameters import part, parts
from .pooling import adaptive_max_pool2d, max_pool2d
from .recalibration import mmtm


def recalibrated_cnns(
    parameters: Mapping[str, Tensor], batch: Mapping[str, Tensor], *, muted: str | None = None
) -> Float[Tensor, "batch class"]:
    """Do as image_cnn and speech_cnn do, with mmtm after each of their two convolutions, and one head.

    parameters  image.…, speech.…, exchanges.0, exchanges.1, head.1 and head.3: those of
                modules.recalibrated.RecalibratedCNNs
    batch       "image" [batch, channel, height, width], "speech" [batch, mel, time], "lengths" and, where
                senses are missing, "present", [batch, sense]
    muted       a sense that is missing in the whole batch. A missing sense's embedding is 0
    Raises      ValueError for parameters that lack a part, and shapes that do not fit
    Source      Joze et al. 2020, "MMTM: multimodal transfer module for CNN fusion", figure 2
    """
    present = there(batch, ("image", "speech"), muted)
    image, speech, steps = batch["image"], batch["speech"], batch["lengths"]
    if present is not None:
        image = image.masked_fill(~present[:, 0, None, None, None], 0)
        steps = steps.masked_fill(~present[:, 1], 0)
    speech = speech.masked_fill(~padding_mask(steps, speech.shape[-1])[:, None], 0)

    see, hear = part(parameters, "image"), part(parameters, "speech")
    pools = (lambda x: max_pool2d(x, 2), lambda x: adaptive_max_pool2d(x, 4))
    layers = (part(see, "conv1"), part(see, "conv2")), parts(hear, "convs"), parts(parameters, "exchanges")
    for pool, of_image, of_speech, exchange in zip(pools, *layers, strict=True):
        image = pool(relu(conv2d(image, **of_image, padding=1)))
        speech = relu(conv1d(speech, **of_speech, stride=2, padding=2))
        steps = (steps + 1) // 2
        image, speech = mmtm(exchange, [image, speech], [None, steps], present)

    image = linear(image.flatten(start_dim=1), **part(see, "linear"))
    mean = speech.sum(dim=-1) / steps.clamp(min=1)[:, None]
    speech = linear(torch.cat([mean, speech.amax(dim=-1)], dim=-1), **part(hear, "linear"))
    if present is not None:
        image = image.masked_fill(~present[:, :1], 0)
        speech = speech.masked_fill(~present[:, 1:], 0)
    joined = linear(relu(torch.cat([image, speech], dim=-1)), **part(parameters, "head.1"))
    return linear(relu(joined), **part(parameters, "head.3"))
