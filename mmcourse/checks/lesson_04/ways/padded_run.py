"""Ways to run a GRU over clips of unequal length, right and wrong."""

from mmcourse.checks import lazy
from mmcourse.checks.lesson_04._inputs import is_padding

torch = lazy("torch")


def run(x, lengths, *weights, hold=True, zeros=False, silent=True, extra=0, first=0.0, carried=False):
    """A GRU step by step; the keywords are what one can get wrong."""
    x = x.masked_fill(is_padding(x, lengths, max(extra, 0)), 0) if hold or zeros else x
    h, states = x.new_full((len(x), weights[1].shape[1]), first), []
    for t in range(x.shape[1]):
        running = (t < lengths + extra)[:, None]
        before = torch.zeros_like(h) if carried else h
        h = torch.gru_cell(x[:, t], before, *weights)
        if hold:
            h = torch.where(running, h, before)
        states.append(torch.where(running, h, 0) if silent else h)
    return torch.stack(states, dim=1), h


def but(**changes):
    return lambda x, lengths, *weights: run(x, lengths, *weights, **changes)


def last_of_output(x, lengths, *weights):
    output, _ = run(x, lengths, *weights)
    return output, output[:, -1]


def with_lengths(change):
    return lambda x, lengths, *weights: run(x, change(x, lengths), *weights)


def batch_and_time_exchanged(x, lengths, *weights):
    output, last = run(x.transpose(0, 1), lengths.new_full((x.shape[1],), x.shape[0]), *weights)
    return output.transpose(0, 1), last


def mask_of_the_batch(x, lengths, *weights):
    h, states = x.new_zeros(len(x), weights[1].shape[1]), []
    for t in range(x.shape[1]):
        h = torch.where(t < lengths, torch.gru_cell(x[:, t], h, *weights), h)
        states.append(torch.where(t < lengths, h, 0))
    return torch.stack(states, dim=1), h


def times_mask(x, lengths, *weights):
    h, states = x.new_zeros(len(x), weights[1].shape[1]), []
    for t in range(x.shape[1]):
        running = (t < lengths)[:, None].to(x.dtype)
        h = running * torch.gru_cell(x[:, t], h, *weights) + (1 - running) * h
        states.append(running * h)
    return torch.stack(states, dim=1), h


def output_times_mask(x, lengths, *weights):
    output, last = run(x, lengths, *weights, silent=False)
    nan = torch.where(is_padding(x, lengths), x[..., :1] * 0, 0)
    return output * ~is_padding(x, lengths) + nan, last


def per_clip_output_cut(x, lengths, *weights):
    output, last = run(x, lengths, *weights)
    return output[:, : int(lengths.max())], last


def held_while_running(x, lengths, *weights):
    h, states = x.new_zeros(len(x), weights[1].shape[1]), []
    for t in range(x.shape[1]):
        running = (t < lengths)[:, None]
        h = torch.where(running, h, torch.gru_cell(x[:, t], h, *weights))
        states.append(torch.where(running, h, 0))
    return torch.stack(states, dim=1), h


def one_after_the_other(x, lengths, *weights):
    """Clip by clip, with a state that nobody sets back to zeros."""
    h, rows, last = x.new_zeros(1, weights[1].shape[1]), [], []
    for clip, n in zip(x, lengths.tolist(), strict=True):
        states = []
        for frame in clip[:n]:
            h = torch.gru_cell(frame[None], h, *weights)
            states.append(h[0])
        rows.append(torch.stack(states + [torch.zeros_like(h[0])] * (len(clip) - n)))
        last.append(h[0])
    return torch.stack(rows), torch.stack(last)


def all_pairs(x, lengths, *weights):
    output, _ = run(x, lengths, *weights)
    return output, output[:, lengths - 1]


def weights_copied(x, lengths, *weights):
    """What a module gives that has loaded the weights: right, and cut off from them."""
    return run(x, lengths, *(weight.detach() for weight in weights))


def by_module(x, lengths, *weights):
    """A GRU of torch.nn as it is made, in float32."""
    gru = torch.nn.GRU(x.shape[2], weights[1].shape[1], batch_first=True)
    kinds = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    gru.load_state_dict(dict(zip(kinds, weights, strict=True)))
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
    return gru(packed)
