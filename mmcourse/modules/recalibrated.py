"""A classifier whose two convolutional networks weigh one another's channels: MMTM in the middle of both."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mmcourse.modules.fused import there
from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import SENSES
from mmcourse.modules.recalibration import MMTM
from mmcourse.modules.speech_models import SpeechCNN


class RecalibratedCNNs(nn.Module):
    """ImageCNN and SpeechCNN with MMTM after each of their two convolutions, and one head for both.

    Twin of scratch.recalibrated.recalibrated_cnns.

    image    a new or trained ImageCNN
    speech   a new or trained SpeechCNN
    classes  logits
    ratio    of both MMTM
    hidden   width between the two last linear layers
    """

    def __init__(self, image: ImageCNN, speech: SpeechCNN, classes: int, *, ratio: int = 4, hidden: int = 64):
        super().__init__()
        self.senses = SENSES
        self.image, self.speech = image, speech
        pairs = zip((image.conv1, image.conv2), speech.convs, strict=True)
        self.exchanges = nn.ModuleList(
            [MMTM([conv.out_channels for conv in pair], ratio=ratio) for pair in pairs]
        )
        self.head = nn.Sequential(
            nn.ReLU(),
            nn.Linear(image.features + speech.features, hidden),
            nn.ReLU(),
            nn.Linear(hidden, classes),
        )

    def forward(self, batch: dict, muted: str | None = None) -> Float[Tensor, "batch class"]:
        """Give logits for {"image", "speech", "lengths"} and, where senses are missing, "present".

        muted  a sense that is missing in the whole batch. A missing sense's embedding is 0
        """
        present = there(batch, self.senses, muted)
        image, speech, steps = batch["image"], batch["speech"], batch["lengths"]
        if present is not None:
            image = torch.where(present[:, :1, None, None], image, 0)
            steps = torch.where(present[:, 1], steps, 0)
        speech = torch.where(
            (torch.arange(speech.shape[-1], device=speech.device) < steps[:, None])[:, None], speech, 0
        )
        pools = self.image.pool1, self.image.pool2
        convs = zip(
            (self.image.conv1, self.image.conv2), pools, self.speech.convs, self.exchanges, strict=True
        )
        for see, pool, hear, exchange in convs:
            steps = (steps + 1) // 2
            maps = pool(see(image).relu()), hear(speech).relu()
            image, speech = exchange(maps, [None, steps], present)
        image = self.image.linear(image.flatten(start_dim=1))
        mean = speech.sum(dim=-1) / steps.clamp(min=1)[:, None]
        speech = self.speech.linear(torch.cat([mean, speech.amax(dim=-1)], dim=-1))
        if present is not None:
            image = torch.where(present[:, :1], image, 0)
            speech = torch.where(present[:, 1:], speech, 0)
        return self.head(torch.cat([image, speech], dim=-1))
