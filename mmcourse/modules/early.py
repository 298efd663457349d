"""Early fusion without tokens: low features of both senses in one network. Twin of mmcourse.scratch.early."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from mmcourse.modules.fused import there
from mmcourse.modules.multimodal import SENSES


class EarlyConcat(nn.Module):
    """Classify pixels and the means of a clip's parts, side by side. Twin of scratch.early.early_concat.

    pixels    numbers in a picture, channel · height · width
    n_mels    mel bands of the speech
    classes   logits
    segments  parts into which each clip is cut; the mean over each is kept
    hidden    width of both hidden layers
    """

    def __init__(self, pixels: int, n_mels: int, classes: int, *, segments: int = 8, hidden: int = 64):
        super().__init__()
        self.senses, self.segments = SENSES, segments
        self.layers = nn.Sequential(
            nn.Linear(pixels + segments * n_mels, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, classes),
        )

    def forward(self, batch: dict, muted: str | None = None) -> Float[Tensor, "batch class"]:
        """Give logits for {"image", "speech", "lengths"} and, where senses are missing, "present".

        muted  a sense that is missing in the whole batch; what is missing counts as zeros
        """
        present = there(batch, SENSES, muted)
        image, lengths = batch["image"].flatten(start_dim=1), batch["lengths"]
        speech = batch["speech"]
        if present is not None:
            lengths = torch.where(present[:, 1], lengths, 0)
            image = torch.where(present[:, :1], image, 0)
        return self.layers(torch.cat([image, segment_means(speech, lengths, self.segments)], dim=-1))


def segment_means(
    speech: Float[Tensor, "batch mel time"], lengths: Int[Tensor, " batch"], segments: int
) -> Float[Tensor, "batch feature"]:
    """Cut each clip into parts of nearly one length and average each. Twin of scratch.early.segment_means.

    speech    log-mel frames, padded at the end
    lengths   valid frames of each clip, from 0 to time
    segments  parts; one without frames, in a clip shorter than that, is 0
    Returns   [batch, segments · mel], part after part
    Raises    ValueError for lengths outside 0..time
    """
    time = speech.shape[-1]
    if len(speech) and (lengths.min() < 0 or lengths.max() > time):
        raise ValueError(f"lengths must lie in 0..{time}, got {lengths.tolist()}.")
    frame = torch.arange(time, device=speech.device)
    valid = frame < lengths.unsqueeze(-1)
    part = torch.where(valid, frame * segments // lengths.clamp(min=1).unsqueeze(-1), segments)
    weights = nn.functional.one_hot(part, segments + 1)[..., :segments].to(speech)  # batch time segment
    weights = weights / weights.sum(dim=1, keepdim=True).clamp(min=1)
    clean = torch.where(valid.unsqueeze(1), speech, 0)
    return (clean @ weights).transpose(1, 2).flatten(start_dim=1)
