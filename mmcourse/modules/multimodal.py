"""One small network a sense, and one that joins both: intermediate fusion by concatenation."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

SENSES = ("image", "speech")


class ImageEncoder(nn.Module):
    """Turn a picture into an embedding: two convolutions, each with pooling, and one linear layer.

    features     width of the embedding
    in_channels  1 for grey, 3 for colour
    channels     kernels of the first convolution; the second has twice as many
    """

    def __init__(self, features: int = 64, *, in_channels: int = 1, channels: int = 16):
        super().__init__()
        self.features = features
        self.conv1 = nn.Conv2d(in_channels, channels, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(channels, 2 * channels, kernel_size=3, padding=1)
        self.pool1 = nn.MaxPool2d(2)
        self.pool2 = nn.AdaptiveMaxPool2d(4)  # one size out of any size in: 8 × 8 digits, 28 × 28 MNIST
        self.linear = nn.Linear(2 * channels * 4 * 4, features)

    def forward(self, image: Float[Tensor, "batch channel height width"]) -> Float[Tensor, "batch feature"]:
        x = self.pool1(self.conv1(image).relu())
        x = self.pool2(self.conv2(x).relu())
        return self.linear(x.flatten(start_dim=1))


class SpeechEncoder(nn.Module):
    """Turn a log-mel spectrogram of any length into an embedding: convolutions over time, then pooling.

    Padding changes nothing: it is set to 0 before every convolution, which is also what a convolution
    supposes beyond a clip's ends, and the pooling at the end leaves it out.

    features    width of the embedding
    n_mels      mel bands of the input
    channels    kernels of each convolution
    """

    def __init__(self, features: int = 64, *, n_mels: int = 40, channels: int = 48):
        super().__init__()
        self.features = features
        self.convs = nn.ModuleList(
            nn.Conv1d(bands, channels, kernel_size=5, stride=2, padding=2) for bands in (n_mels, channels)
        )
        self.linear = nn.Linear(2 * channels, features)

    def forward(
        self, speech: Float[Tensor, "batch mel time"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch feature"]:
        """Embed a batch.

        speech   log-mel frames, padded at the end
        lengths  valid frames of each clip, from 1 to time
        Raises   ValueError for a clip without frames, or longer than time
        """
        time = speech.shape[-1]
        if lengths.min() < 1 or lengths.max() > time:
            raise ValueError(f"lengths must lie in 1..{time} frames, got {lengths.tolist()}.")
        x = _without_padding(speech, lengths)
        for conv in self.convs:
            lengths = (lengths + 1) // 2  # stride 2 with the kernel centred on frames 0, 2, 4, …
            x = _without_padding(conv(x).relu(), lengths)
        mean = x.sum(dim=-1) / lengths[:, None]
        peak = x.amax(dim=-1)  # after relu nothing is below 0, so padding never is the largest
        return self.linear(torch.cat([mean, peak], dim=-1))


class OneSense(nn.Module):
    """Name the class from one sense alone; the other is in the batch and is not looked at.

    sense    "image" or "speech"
    encoder  an ImageEncoder or a SpeechEncoder to go with it
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


def _without_padding(
    x: Float[Tensor, "batch channel time"], lengths: Int[Tensor, " batch"]
) -> Float[Tensor, "batch channel time"]:
    """Set the frames beyond each clip's length to 0."""
    padding = torch.arange(x.shape[-1], device=x.device) >= lengths[:, None]  # batch time
    return x.masked_fill(padding[:, None], 0)  # not x * mask: NaN * 0 is NaN
