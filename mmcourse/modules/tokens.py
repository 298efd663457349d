"""From a picture or a clip to tokens that know their places. Twin of mmcourse.scratch.tokens."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.modules.positions import SinusoidalPositions
from mmcourse.modules.speech_models import stack_frames


class PatchTokens(nn.Module):
    """A token for each square of a picture. Twin of scratch.tokens.patch_tokens.

    features     width of a token
    in_channels  1 for grey, 3 for colour
    patch        pixels of a square's side
    """

    def __init__(self, features: int = 64, *, in_channels: int = 1, patch: int = 4):
        super().__init__()
        self.features = features
        self.patches = nn.Conv2d(in_channels, features, patch, stride=patch)
        self.positions = SinusoidalPositions(features)

    def forward(
        self, image: Float[Tensor, "batch channel height width"]
    ) -> tuple[Float[Tensor, "batch patch feature"], Int[Tensor, " batch"]]:
        """Give the tokens, row after row of squares, and how many there are.

        image   its sides are multiples of the patch
        Raises  ValueError for other sides
        """
        side = self.patches.kernel_size[0]
        if any(pixels < side or pixels % side for pixels in image.shape[2:]):
            raise ValueError(
                f"a picture {list(image.shape[2:])} cannot be cut into squares of {side} pixels."
            )
        x = self.positions(self.patches(image).flatten(start_dim=2).transpose(1, 2))
        return x, torch.full((len(x),), x.shape[1], device=x.device)


class FrameTokens(nn.Module):
    """A token for every few frames of a clip. Twin of scratch.tokens.frame_tokens.

    features  width of a token
    n_mels    mel bands of the input
    stack     frames in a token
    """

    def __init__(self, features: int = 64, *, n_mels: int = 40, stack: int = 4):
        super().__init__()
        self.features = features
        self.stack = stack
        self.frames = nn.Linear(stack * n_mels, features)
        self.positions = SinusoidalPositions(features)

    def forward(
        self, speech: Float[Tensor, "batch mel time"], lengths: Int[Tensor, " batch"]
    ) -> tuple[Float[Tensor, "batch step feature"], Int[Tensor, " batch"]]:
        """Give the tokens, and how many of them are valid in each clip.

        speech   log-mel frames, padded at the end
        lengths  valid frames of each clip, from 1 to time
        Raises   ValueError for a clip without frames, or longer than time
        """
        x, steps = stack_frames(speech, lengths, self.stack)
        return self.positions(self.frames(x)), steps
