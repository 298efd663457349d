"""Inputs that several exercises of lesson 4 draw."""

from mmcourse.checks import lazy

torch = lazy("torch")

KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")  # of a recurrent layer, in torch.nn's order


def uniform(generator, *sizes, scale=1.0):
    """Weights or frames between -scale and scale."""
    return (2 * torch.rand(*sizes, generator=generator) - 1) * scale


def weights(generator, feature, hidden, gates=1):
    """w_ih, w_hh, b_ih, b_hh of a cell, small enough that no state is stuck at -1 or 1."""
    rows = gates * hidden
    return (
        uniform(generator, rows, feature, scale=0.6),
        uniform(generator, rows, hidden, scale=0.6),
        uniform(generator, rows, scale=0.6),
        uniform(generator, rows, scale=0.6),
    )


def cell_inputs(generator, batch, feature, hidden, gates=1):
    """A frame and a state for each clip, and the weights."""
    return (
        uniform(generator, batch, feature, scale=2),
        uniform(generator, batch, hidden),
        *weights(generator, feature, hidden, gates),
    )


def is_padding(x, lengths, extra=0):
    """[batch, time, 1], True from index lengths + extra on."""
    time = torch.arange(x.shape[1], device=x.device)
    return (time >= lengths[:, None] + extra)[..., None]


def clips(generator, batch, time, feature, lengths):
    """Random frames and lengths."""
    return torch.randn(batch, time, feature, generator=generator), torch.tensor(lengths)


def broken_padding(generator, batch=2, time=4, feature=3, lengths=(2, 3)):
    """Frames with NaN behind each clip's end."""
    x, lengths = clips(generator, batch, time, feature, lengths)
    return x.masked_fill(is_padding(x, lengths), float("nan")), lengths


def speech_parameters(generator, mel, hidden, classes):
    """A dict as the state_dict of SpeechRNN: a GRU in both directions and a linear layer."""
    named = {}
    for way in ("", "_reverse"):
        drawn = weights(generator, mel, hidden, gates=3)
        named |= {f"rnn.{kind}_l0{way}": weight for kind, weight in zip(KINDS, drawn, strict=True)}
    named["linear.weight"] = uniform(generator, classes, 2 * hidden)
    named["linear.bias"] = uniform(generator, classes)
    return named


def speech_inputs(generator, mel, hidden, classes, time, lengths, padding=None):
    """Parameters, [batch, mel, time] and lengths; what stands in the padding, or None for random numbers."""
    x, lengths = clips(generator, len(lengths), time, mel, lengths)
    if padding is not None:
        x = x.masked_fill(is_padding(x, lengths), padding)
    return speech_parameters(generator, mel, hidden, classes), x.transpose(1, 2).contiguous(), lengths
