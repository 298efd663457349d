"""From log-mel frames of any length to an embedding, or to logits where `features` is the number of classes.

Padding changes nothing in any of them: frames beyond a clip's length are set to 0 where the input comes in,
and whatever looks across time leaves them out.
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from .positions import SinusoidalPositions

CELLS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class SpeechCNN(nn.Module):
    """Convolutions over time, then the mean and the maximum. Twin of scratch.speech_models.speech_cnn.

    Padding is set to 0 before every convolution, which is also what a convolution supposes beyond a clip's
    ends, and the pooling at the end leaves it out.

    features    numbers that come out for each clip: the width of an embedding, or the classes
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
        """Give one row of numbers a clip.

        speech   log-mel frames, padded at the end
        lengths  valid frames of each clip, from 1 to time
        Raises   ValueError for a clip without frames, or longer than time
        """
        x = _without_padding(speech, lengths)
        for conv in self.convs:
            lengths = (lengths + 1) // 2  # stride 2 with the kernel centred on frames 0, 2, 4, …
            x = _without_padding(conv(x).relu(), lengths)
        mean = x.sum(dim=-1) / lengths[:, None]
        peak = x.amax(dim=-1)  # after relu nothing is below 0, so padding never is the largest
        return self.linear(torch.cat([mean, peak], dim=-1))


class SpeechRNN(nn.Module):
    """A recurrent network, read where it ends. Twin of scratch.speech_models.speech_rnn.

    The forward direction is read at each clip's own last step, the backward one at the first: each has seen
    the whole clip there. Frames come in stacks: four times fewer steps, and no worse at naming digits.

    features       numbers that come out for each clip: the width of an embedding, or the classes
    n_mels         mel bands of the input
    hidden         width of the state, in each direction
    num_layers     recurrent layers, one on top of the other
    bidirectional  also read from the end to the beginning
    cell           "rnn" (Elman), "gru" or "lstm"
    dropout        share of numbers set to 0 between layers, in training
    stack          frames laid side by side to make one step, see stack_frames
    """

    def __init__(
        self,
        features: int = 64,
        *,
        n_mels: int = 40,
        hidden: int = 64,
        num_layers: int = 1,
        bidirectional: bool = True,
        cell: str = "gru",
        dropout: float = 0.0,
        stack: int = 4,
    ):
        super().__init__()
        if cell not in CELLS:
            raise ValueError(f"cell must be one of {', '.join(map(repr, CELLS))}, got {cell!r}.")
        self.features = features
        self.stack = stack
        self.rnn = CELLS[cell](
            stack * n_mels,
            hidden,
            num_layers,
            batch_first=True,
            bidirectional=bidirectional,
            dropout=dropout,
        )
        self.linear = nn.Linear((2 if bidirectional else 1) * hidden, features)

    def forward(
        self, speech: Float[Tensor, "batch mel time"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch feature"]:
        """Give one row of numbers a clip; arguments and errors as SpeechCNN's."""
        x, lengths = stack_frames(speech, lengths, self.stack)
        # Packing wants the lengths on the CPU, wherever the frames are.
        packed = pack_padded_sequence(x, lengths.to("cpu"), batch_first=True, enforce_sorted=False)
        _, state = self.rnn(packed)
        state = state[0] if isinstance(state, tuple) else state  # an LSTM has a memory too
        last_layer = state[-2:] if self.rnn.bidirectional else state[-1:]
        return self.linear(torch.cat(list(last_layer), dim=-1))


class SpeechTransformer(nn.Module):
    """Self-attention over a clip's steps, then their mean. Twin of scratch.speech_models.speech_transformer.

    Pre-norm blocks (norm_first), which train without warm-up, and a last layer norm after them. Sizes are for
    a laptop and spoken digits. Dropout is off: it costs a third of the time, and on so few steps a clip it
    was not seen to help.

    features    numbers that come out for each clip: the width of an embedding, or the classes
    n_mels      mel bands of the input
    width       numbers for each step within the blocks; twice as many inside their feed-forward parts
    num_heads   heads of the attention, a divisor of width
    num_layers  blocks
    dropout     share of numbers set to 0 in the blocks, in training
    stack       frames laid side by side to make one step, see stack_frames
    """

    def __init__(
        self,
        features: int = 64,
        *,
        n_mels: int = 40,
        width: int = 64,
        num_heads: int = 4,
        num_layers: int = 2,
        dropout: float = 0.0,
        stack: int = 4,
    ):
        super().__init__()
        self.features = features
        self.stack = stack
        self.frames = nn.Linear(stack * n_mels, width)
        self.positions = SinusoidalPositions(width)
        # Not nn.TransformerEncoder: it copies one layer, so that all begin with the same weights.
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, num_heads, 2 * width, dropout, batch_first=True, norm_first=True
            )
            for _ in range(num_layers)
        )
        self.norm = nn.LayerNorm(width)
        self.linear = nn.Linear(width, features)

    def forward(
        self, speech: Float[Tensor, "batch mel time"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch feature"]:
        """Give one row of numbers a clip; arguments and errors as SpeechCNN's."""
        x, lengths = stack_frames(speech, lengths, self.stack)
        padding = _padding(x.shape[1], lengths)
        x = self.positions(self.frames(x))
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=padding)
        x = self.norm(x).masked_fill(padding[..., None], 0)
        return self.linear(x.sum(dim=1) / lengths[:, None])


def stack_frames(
    speech: Float[Tensor, "batch mel time"], lengths: Int[Tensor, " batch"], stack: int
) -> tuple[Float[Tensor, "batch step feature"], Int[Tensor, " batch"]]:
    """Lay every `stack` frames side by side as one step, padding set to 0. Twin of scratch's stack_frames.

    speech   log-mel frames, padded at the end
    lengths  valid frames of each clip, from 1 to time
    stack    frames a step; the last step of a clip is filled up with 0
    Returns  [batch, ⌈time / stack⌉, stack · mel], and the valid steps of each clip
    Raises   ValueError for a clip without frames, or longer than time
    """
    x = nn.functional.pad(_without_padding(speech, lengths), (0, -speech.shape[-1] % stack))
    steps = x.unflatten(-1, (-1, stack)).permute(0, 2, 3, 1)  # batch step frame mel
    return steps.flatten(start_dim=2), (lengths + stack - 1) // stack


def _padding(time: int, lengths: Int[Tensor, " batch"]) -> Bool[Tensor, "batch time"]:
    """True where a batch holds padding."""
    return torch.arange(time, device=lengths.device) >= lengths[:, None]


def _without_padding(
    x: Float[Tensor, "batch channel time"], lengths: Int[Tensor, " batch"]
) -> Float[Tensor, "batch channel time"]:
    """Set the frames beyond each clip's length to 0."""
    time = x.shape[-1]
    if lengths.min() < 1 or lengths.max() > time:
        raise ValueError(f"lengths must lie in 1..{time} frames, got {lengths.tolist()}.")
    return x.masked_fill(_padding(time, lengths)[:, None], 0)  # not x * mask: NaN * 0 is NaN
