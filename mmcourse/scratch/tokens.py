"""From a picture or a clip to tokens that know their places."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_floating
from .layers import linear
from .parameters import part
from .positions import sinusoidal
from .speech_models import stack_frames


def patch_tokens(
    parameters: Mapping[str, Tensor], image: Float[Tensor, "batch channel height width"]
) -> tuple[Float[Tensor, "batch patch feature"], Int[Tensor, " batch"]]:
    """Cut a picture into squares, weigh the pixels of each, and add its place in the row of squares.

    parameters  patches.weight [feature, channel, patch, patch], patches.bias: those of
                modules.tokens.PatchTokens
    image       its sides are multiples of the patch
    Returns     the tokens, row after row of squares, and how many there are
    Raises      TypeError for integers, ValueError for other sides and channels
    Source      Dosovitskiy et al. 2021, "An image is worth 16x16 words", equation 1; with waves for places
    """
    need_floating(image, "image")
    weight = parameters["patches.weight"]
    side = weight.shape[-1]
    if image.ndim != 4 or image.shape[1] != weight.shape[1]:
        raise ValueError(
            f"image must be [batch, channel, height, width] with {weight.shape[1]} channels, "
            f"got {list(image.shape)}."
        )
    if any(pixels < side or pixels % side for pixels in image.shape[2:]):
        raise ValueError(f"a picture {list(image.shape[2:])} cannot be cut into squares of {side} pixels.")
    squares = image.unfold(2, side, side).unfold(3, side, side)  # batch channel row column side side
    squares = squares.permute(0, 2, 3, 1, 4, 5).flatten(start_dim=3).flatten(1, 2)
    x = linear(squares, weight.flatten(start_dim=1), parameters["patches.bias"])
    return _placed(x), torch.full((len(x),), x.shape[1], device=x.device)


def frame_tokens(
    parameters: Mapping[str, Tensor],
    speech: Float[Tensor, "batch mel time"],
    lengths: Int[Tensor, " batch"],
) -> tuple[Float[Tensor, "batch step feature"], Int[Tensor, " batch"]]:
    """Lay a few frames side by side, weigh their numbers, and add their place in the clip.

    parameters  frames.weight [feature, stack · mel], frames.bias: those of modules.tokens.FrameTokens
    speech      log-mel frames, padded at the end
    lengths     valid frames of each clip, from 1 to time
    Returns     the tokens, and how many of them are valid in each clip
    Raises      TypeError for integers, ValueError for shapes and lengths that do not fit
    Source      speech_models.stack_frames; Vaswani et al. 2017, "Attention is all you need", section 3.5
    """
    need_floating(speech, "speech")
    wide = parameters["frames.weight"].shape[1]
    if speech.ndim != 3 or speech.shape[1] == 0 or wide % speech.shape[1]:
        raise ValueError(
            f"the weight takes {wide} numbers, a whole number of frames of speech [batch, mel, time]; "
            f"got {list(speech.shape)}."
        )
    x, steps = stack_frames(speech, lengths, wide // speech.shape[1])
    return _placed(linear(x, **part(parameters, "frames"))), steps


def _placed(x: Tensor) -> Tensor:
    return x + sinusoidal(x.shape[1], x.shape[2], dtype=x.dtype, device=x.device)
