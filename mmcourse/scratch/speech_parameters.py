"""Fresh parameters for the networks in speech_models.py: names, shapes and numbers of new modules."""

import math

import torch
from torch import Tensor

from ._arguments import need_choice
from .initialization import uniform, weight_and_bias, xavier_uniform
from .parameters import copied, joined

GATES = {"rnn": 1, "gru": 3, "lstm": 4}  # blocks of rows in a cell's weights


def speech_cnn_parameters(
    features: int = 64,
    *,
    n_mels: int = 40,
    channels: int = 48,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> dict[str, Tensor]:
    """Draw parameters for speech_cnn, as a new modules.SpeechCNN has them.

    features   numbers that come out for each clip: the width of an embedding, or the classes
    n_mels     mel bands of the input
    channels   kernels of each convolution
    generator  of the random numbers; torch's own where None
    Raises     RuntimeError of torch for sizes below 0
    Source     initialization.weight_and_bias
    """
    options = {"generator": generator, "dtype": dtype, "device": device}
    tree = {
        "convs": [weight_and_bias((channels, bands, 5), **options) for bands in (n_mels, channels)],
        "linear": weight_and_bias((features, 2 * channels), **options),
    }
    return copied(joined(tree))


def speech_rnn_parameters(
    features: int = 64,
    *,
    n_mels: int = 40,
    hidden: int = 64,
    num_layers: int = 1,
    bidirectional: bool = True,
    cell: str = "gru",
    stack: int = 4,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> dict[str, Tensor]:
    """Draw parameters for speech_rnn, as a new modules.SpeechRNN has them: evenly within ±1/√hidden.

    features       numbers that come out for each clip: the width of an embedding, or the classes
    n_mels         mel bands of the input
    hidden         width of the state, in each direction
    num_layers     recurrent layers, one on top of the other
    bidirectional  also read from the end to the beginning
    cell           "rnn" (Elman), "gru" or "lstm"
    stack          frames laid side by side to make one step
    generator      of the random numbers; torch's own where None
    Raises         ValueError for another cell
    Source         torch.nn.RNNBase.reset_parameters
    """
    need_choice(cell, "cell", tuple(GATES))
    options = {"generator": generator, "dtype": dtype, "device": device}
    rows, directions = GATES[cell] * hidden, ("", "_reverse") if bidirectional else ("",)
    layers = {}
    for layer in range(num_layers):
        width = len(directions) * hidden if layer else stack * n_mels
        for direction in directions:
            shapes = {"weight_ih": (rows, width), "weight_hh": (rows, hidden), "bias_ih": (rows,)}
            for name, shape in {**shapes, "bias_hh": (rows,)}.items():
                layers[f"{name}_l{layer}{direction}"] = uniform(shape, 1 / math.sqrt(hidden), **options)
    linear = weight_and_bias((features, len(directions) * hidden), **options)
    return copied(joined({"rnn": layers, "linear": linear}))


def speech_transformer_parameters(
    features: int = 64,
    *,
    n_mels: int = 40,
    width: int = 64,
    num_layers: int = 2,
    stack: int = 4,
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> dict[str, Tensor]:
    """Draw parameters for speech_transformer, as a new modules.SpeechTransformer has them.

    features    numbers that come out for each clip: the width of an embedding, or the classes
    n_mels      mel bands of the input
    width       numbers for each step within the blocks; twice as many inside their feed-forward parts
    num_layers  blocks
    stack       frames laid side by side to make one step
    generator   of the random numbers; torch's own where None
    Raises      RuntimeError of torch for sizes below 0
    Source      torch.nn.MultiheadAttention._reset_parameters (Xavier for the packed projection, biases 0)
    """
    options = {"generator": generator, "dtype": dtype, "device": device}
    tree = {
        "frames": weight_and_bias((width, stack * n_mels), **options),
        "layers": [_fresh_layer(width, options) for _ in range(num_layers)],
        "norm": _fresh_norm(width, options),
        "linear": weight_and_bias((features, width), **options),
    }
    return copied(joined(tree))


def _fresh_layer(width: int, options: dict) -> dict[str, dict]:
    """One block; what is drawn first here is drawn first by torch."""
    out_proj = weight_and_bias((width, width), **options)
    return {
        "self_attn": {
            "in_proj_weight": xavier_uniform((3 * width, width), **options),
            "in_proj_bias": out_proj["bias"].new_zeros(3 * width),
            "out_proj": {"weight": out_proj["weight"], "bias": out_proj["bias"] * 0},
        },
        "linear1": weight_and_bias((2 * width, width), **options),
        "linear2": weight_and_bias((width, 2 * width), **options),
        "norm1": _fresh_norm(width, options),
        "norm2": _fresh_norm(width, options),
    }


def _fresh_norm(width: int, options: dict) -> dict[str, Tensor]:
    weight = torch.ones(width, dtype=options["dtype"], device=options["device"])
    return {"weight": weight, "bias": weight * 0}
