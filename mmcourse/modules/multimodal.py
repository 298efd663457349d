"""A classifier for one sense, and one that joins both: intermediate fusion by concatenation."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

SENSES = ("image", "speech")


class OneSense(nn.Module):
    """Name the class from one sense alone; the other is in the batch and is not looked at.

    sense    "image" or "speech"
    encoder  a network for it from image_models or speech_models
    """

    def __init__(self, sense: str, encoder: nn.Module, classes: int, *, hidden: int = 64):
        super().__init__()
        self.sense = _known(sense)
        self.encoder = encoder
        self.head = _head(encoder.features, hidden, classes)

    def forward(self, batch: dict) -> Float[Tensor, "batch class"]:
        """Give logits for {"image": [B, C, H, W]} or {"speech": [B, mel, time], "lengths": [B]}."""
        return self.head(_embed(self.encoder, self.sense, batch))


class TwoSenses(nn.Module):
    """Name the class from both senses: their embeddings are laid side by side and classified together."""

    def __init__(self, image: nn.Module, speech: nn.Module, classes: int, *, hidden: int = 64):
        super().__init__()
        self.image = image
        self.speech = speech
        self.head = _head(image.features + speech.features, hidden, classes)

    def forward(self, batch: dict, muted: str | None = None) -> Float[Tensor, "batch class"]:
        """Give logits for {"image": [B, C, H, W], "speech": [B, mel, time], "lengths": [B]}.

        muted  a sense whose embedding is replaced by zeros, as if its encoder had nothing to say.
               Training never shows this to the model, unless the training loop mutes too.
        """
        embeddings = {sense: _embed(getattr(self, sense), sense, batch) for sense in SENSES}
        if muted is not None:
            muted = _known(muted)
            embeddings[muted] = torch.zeros_like(embeddings[muted])
        return self.head(torch.cat([embeddings[sense] for sense in SENSES], dim=-1))


def _head(features: int, hidden: int, classes: int) -> nn.Module:
    """Two linear layers from an embedding to logits: the same for one sense and for two."""
    return nn.Sequential(nn.ReLU(), nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, classes))


def _embed(encoder: nn.Module, sense: str, batch: dict) -> Float[Tensor, "batch feature"]:
    """Hand an encoder its part of a batch: speech comes with the lengths of its clips."""
    return encoder(batch["speech"], batch["lengths"]) if sense == "speech" else encoder(batch["image"])


def _known(sense: str) -> str:
    if sense not in SENSES:
        raise ValueError(f"a sense is one of {', '.join(SENSES)}; got {sense!r}.")
    return sense
