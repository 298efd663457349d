"""From log-mel frames of any length to an embedding, or to logits: networks as functions of their parameters.

Twins of mmcourse.modules.speech_models. `parameters` is the module's state_dict, or what *_parameters of
speech_parameters.py draws. Padding changes nothing in any of them: frames beyond a clip's length are set to 0
where the input comes in, and whatever looks across time leaves them out.
"""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

from ._arguments import need_choice, need_floating, need_integers
from .activations import relu
from .attention import padding_mask
from .conv import conv1d
from .layers import linear
from .normalization import layer_norm
from .parameters import part, parts
from .positions import sinusoidal
from .rnn import gru, lstm, rnn
from .summaries import masked_mean
from .transformer import transformer_encoder_layer

NETWORKS = {"rnn": rnn, "gru": gru, "lstm": lstm}


def speech_cnn(
    parameters: Mapping[str, Tensor],
    speech: Float[Tensor, "batch mel time"],
    lengths: Int[Tensor, " batch"],
    *,
    training: bool = False,
) -> Float[Tensor, "batch feature"]:
    """Convolve over time, twice, halving the frames; then weigh the mean and the maximum over what is left.

    Padding is set to 0 before every convolution, which is also what a convolution supposes beyond a clip's
    ends: a clip hears the same silence, however long the batch is.

    parameters  convs.0, convs.1 and linear, each with weight and bias
    speech      log-mel frames, padded at the end
    lengths     valid frames of each clip, from 1 to time
    training    changes nothing here; every model takes it
    Returns     [batch, feature]
    Raises      TypeError for integers, ValueError for shapes, lengths or parameters that do not fit
    Source      lesson 3, "A spectrogram is a picture, but not any picture"
    """
    _need_speech(speech, lengths, bands=parameters["convs.0.weight"].shape[1])
    x = _without_padding(speech, lengths)
    for conv in parts(parameters, "convs"):
        lengths = (lengths + 1) // 2  # stride 2 with the kernel centred on frames 0, 2, 4, …
        x = relu(conv1d(x, **conv, stride=2, padding=2))
        x = _without_padding(x, lengths)
    mean = x.sum(dim=-1) / lengths[:, None]
    peak = x.amax(dim=-1)  # after relu nothing is below 0, so padding never is the largest
    return linear(torch.cat([mean, peak], dim=-1), **part(parameters, "linear"))


def speech_rnn(
    parameters: Mapping[str, Tensor],
    speech: Float[Tensor, "batch mel time"],
    lengths: Int[Tensor, " batch"],
    *,
    cell: str = "gru",
    dropout: float = 0.0,
    training: bool = False,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch feature"]:
    """Read a clip step by step, from both ends, and weigh the states in which the reading ended.

    The forward direction ends at each clip's own last step, the backward one at the first: each has seen the
    whole clip there.

    parameters  rnn, as torch.nn.RNN, GRU or LSTM names it (its names and shapes say how many layers and
                directions there are, and how many frames are a step), and linear
    speech      log-mel frames, padded at the end
    lengths     valid frames of each clip, from 1 to time
    cell        "rnn" (Elman), "gru" or "lstm"
    dropout     share of numbers set to 0 between layers, in training
    training    True: with dropout
    generator   of dropout's random numbers; torch's own where None
    Returns     [batch, feature]
    Raises      TypeError for integers, ValueError for shapes, lengths or parameters that do not fit
    Source      lesson 4, "A network that hears a word"
    """
    need_choice(cell, "cell", tuple(NETWORKS))
    layers = part(parameters, "rnn")
    x, steps = _steps(speech, lengths, layers["weight_ih_l0"].shape[1])
    options = {"dropout": dropout, "training": training, "generator": generator}
    _, state = NETWORKS[cell](layers, x, batch_first=True, lengths=steps, **options)
    hidden = state[0] if cell == "lstm" else state  # an LSTM has a memory too
    directions = 2 if "weight_ih_l0_reverse" in layers else 1
    last_layer = hidden[-directions:]  # direction batch hidden
    return linear(torch.cat(list(last_layer), dim=-1), **part(parameters, "linear"))


def speech_transformer(
    parameters: Mapping[str, Tensor],
    speech: Float[Tensor, "batch mel time"],
    lengths: Int[Tensor, " batch"],
    *,
    num_heads: int = 4,
    dropout: float = 0.0,
    training: bool = False,
    generator: torch.Generator | None = None,
) -> Float[Tensor, "batch feature"]:
    """Let every step of a clip attend to all others, block by block; then weigh the mean over its steps.

    parameters  frames (a linear layer), layers, each as torch.nn.TransformerEncoderLayer names it, norm and
                linear
    speech      log-mel frames, padded at the end
    lengths     valid frames of each clip, from 1 to time
    num_heads   heads of the attention: the parameters do not tell
    dropout     share of numbers set to 0 in the blocks, in training
    training    True: with dropout
    generator   of dropout's random numbers; torch's own where None
    Returns     [batch, feature]
    Raises      TypeError for integers, ValueError for shapes, lengths or parameters that do not fit
    Source      lesson 5, "A transformer block"; Vaswani et al. 2017, "Attention is all you need"; with the
                norm before each part: Xiong et al. 2020, "On layer normalization in the transformer
                architecture"
    """
    x, steps = _steps(speech, lengths, parameters["frames.weight"].shape[1])
    x = linear(x, **part(parameters, "frames"))
    time, width = x.shape[1:]
    x = x + sinusoidal(time, width, dtype=x.dtype, device=x.device)
    padding = ~padding_mask(steps, time)
    options = {"dropout": dropout, "training": training, "generator": generator}
    for layer in parts(parameters, "layers"):
        x = transformer_encoder_layer(
            layer, x, num_heads, src_key_padding_mask=padding, norm_first=True, **options
        )
    x = layer_norm(x, width, **part(parameters, "norm"))
    return linear(masked_mean(x, steps), **part(parameters, "linear"))


def stack_frames(
    speech: Float[Tensor, "batch mel time"], lengths: Int[Tensor, " batch"], stack: int
) -> tuple[Float[Tensor, "batch step feature"], Int[Tensor, " batch"]]:
    """Lay every `stack` frames side by side as one step, padding set to 0.

    Neighbouring frames say almost the same. Four of them as one step make a network that goes step by step
    four times as fast, an attention matrix sixteen times as small, and a long way through time shorter.

    speech   log-mel frames, padded at the end
    lengths  valid frames of each clip, from 1 to time
    stack    frames a step; the last step of a clip is filled up with 0
    Returns  [batch, ⌈time / stack⌉, stack · mel], frame after frame, and the valid steps of each clip
    Raises   TypeError for integers, ValueError for shapes or lengths that do not fit
    Source   Sak et al. 2015, "Fast and accurate recurrent neural network acoustic models", section 4
    """
    _need_speech(speech, lengths, bands=speech.shape[1] if speech.ndim == 3 else 0)
    if stack < 1:
        raise ValueError(f"stack must be at least 1 frame, got {stack}.")
    batch, mel, time = speech.shape
    steps = (time + stack - 1) // stack
    x = _without_padding(speech, lengths).transpose(1, 2)  # batch time mel
    x = torch.cat([x, x.new_zeros(batch, steps * stack - time, mel)], dim=1)
    return x.reshape(batch, steps, stack * mel), (lengths + stack - 1) // stack


def _steps(speech: Tensor, lengths: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """Stack frames until they are as wide as the first weight is."""
    need_floating(speech, "speech")
    if speech.ndim == 3 and (speech.shape[1] == 0 or width % speech.shape[1]):
        raise ValueError(
            f"the first weight takes {width} numbers a step, no whole number of frames with "
            f"{speech.shape[1]} mel bands: speech is {list(speech.shape)}, and must be [batch, mel, time]."
        )
    return stack_frames(speech, lengths, width // speech.shape[1] if speech.ndim == 3 else 1)


def _need_speech(speech: Tensor, lengths: Tensor, bands: int) -> None:
    need_floating(speech, "speech")
    need_integers(lengths, "lengths")
    if speech.ndim != 3 or speech.shape[1] != bands or lengths.shape != speech.shape[:1]:
        raise ValueError(
            f"speech must be [batch, mel, time]{f' with {bands} mel bands' if bands else ''} and lengths "
            f"[batch], got {list(speech.shape)} and {list(lengths.shape)}."
        )
    time = speech.shape[-1]
    if lengths.min() < 1 or lengths.max() > time:
        raise ValueError(f"lengths must lie in 1..{time} frames, got {lengths.tolist()}.")


def _without_padding(
    x: Float[Tensor, "batch channel time"], lengths: Int[Tensor, " batch"]
) -> Float[Tensor, "batch channel time"]:
    """Set the frames beyond each clip's length to 0."""
    padding = ~padding_mask(lengths, x.shape[-1])
    return x.masked_fill(padding[:, None], 0)  # not x * mask: NaN * 0 is NaN
