"""Inputs that several exercises of lesson 4 draw."""

from mmcourse.checks import lazy

torch = lazy("torch")


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
