"""Ways to build the whole network, right and wrong."""

from mmcourse.checks import lazy
from mmcourse.checks.lesson_04._inputs import KINDS

torch = lazy("torch")


def weights_of(parameters, way):
    return [parameters[f"rnn.{kind}_l0{way}"] for kind in KINDS]


def read(x, lengths, weights, backwards=False):
    """The last state of a GRU over [batch, time, mel] that holds its state on padding."""
    h = x.new_zeros(len(x), weights[1].shape[1])
    steps = range(x.shape[1])
    for t in reversed(steps) if backwards else steps:
        h = torch.where((t < lengths)[:, None], torch.gru_cell(x[:, t], h, *weights), h)
    return h


def ends(parameters, speech, lengths):
    """The forward state at each clip's end, the backward one at its beginning."""
    x = speech.transpose(1, 2)
    x = x.masked_fill(torch.arange(x.shape[1], device=x.device)[:, None] >= lengths[:, None, None], 0)
    forward = read(x, lengths, weights_of(parameters, ""))
    return forward, read(x, lengths, weights_of(parameters, "_reverse"), backwards=True)


def linear_of(parameters, x):
    return x @ parameters["linear.weight"].T + parameters["linear.bias"]


def speech_gru(parameters, speech, lengths):
    return linear_of(parameters, torch.cat(ends(parameters, speech, lengths), dim=-1))


def full(speech):
    """Lengths that count the padding as speech."""
    return torch.full((len(speech),), speech.shape[-1], device=speech.device)


def lengths_not_used(parameters, speech, lengths):
    return speech_gru(parameters, speech, full(speech))


def backward_over_padding(parameters, speech, lengths):
    x = speech.transpose(1, 2)
    forward = read(x, lengths, weights_of(parameters, ""))
    backward = read(x, full(speech), weights_of(parameters, "_reverse"), backwards=True)
    return linear_of(parameters, torch.cat([forward, backward], dim=-1))


def forward_over_padding(parameters, speech, lengths):
    x = speech.transpose(1, 2)
    forward = read(x, full(speech), weights_of(parameters, ""))
    backward = read(x, lengths, weights_of(parameters, "_reverse"), backwards=True)
    return linear_of(parameters, torch.cat([forward, backward], dim=-1))


def not_turned(parameters, speech, lengths):
    x = speech.transpose(1, 2)
    ways = [read(x, lengths, weights_of(parameters, way)) for way in ("", "_reverse")]
    return linear_of(parameters, torch.cat(ways, dim=-1))


def backward_at_the_end(parameters, speech, lengths):
    """The backward state at the last valid frame, where it has heard one frame only."""
    x = speech.transpose(1, 2)
    last = x[torch.arange(len(x), device=x.device), lengths - 1][:, None]
    forward = read(x, lengths, weights_of(parameters, ""))
    backward = read(last, torch.ones_like(lengths), weights_of(parameters, "_reverse"))
    return linear_of(parameters, torch.cat([forward, backward], dim=-1))


def same_weights(parameters, speech, lengths):
    return speech_gru({**parameters, **copied(parameters, "", "_reverse")}, speech, lengths)


def weights_exchanged(parameters, speech, lengths):
    exchanged = {**copied(parameters, "", "_reverse"), **copied(parameters, "_reverse", "")}
    return speech_gru({**parameters, **exchanged}, speech, lengths)


def copied(parameters, source, target):
    return {f"rnn.{kind}_l0{target}": parameters[f"rnn.{kind}_l0{source}"] for kind in KINDS}


def reshaped(parameters, speech, lengths):
    turned = speech.reshape(len(speech), speech.shape[2], speech.shape[1])
    return speech_gru(parameters, turned.transpose(1, 2), lengths)


def mel_and_time_exchanged(parameters, speech, lengths):
    return read(speech, lengths, weights_of(parameters, ""))


def backward_first(parameters, speech, lengths):
    return linear_of(parameters, torch.cat(ends(parameters, speech, lengths)[::-1], dim=-1))


def without_bias(parameters, speech, lengths):
    return torch.cat(ends(parameters, speech, lengths), dim=-1) @ parameters["linear.weight"].T


def relu_before_linear(parameters, speech, lengths):
    return linear_of(parameters, torch.cat(ends(parameters, speech, lengths), dim=-1).relu())


def softmax(parameters, speech, lengths):
    return speech_gru(parameters, speech, lengths).softmax(dim=-1)


def names_without_rnn(parameters, speech, lengths):
    return parameters["weight_ih_l0"]


def one_direction(parameters, speech, lengths):
    return linear_of(parameters, ends(parameters, speech, lengths)[0])


def ends_only(parameters, speech, lengths):
    return torch.cat(ends(parameters, speech, lengths), dim=-1)


def flipped_with_its_padding(parameters, speech, lengths):
    x = speech.transpose(1, 2)
    forward = read(x, lengths, weights_of(parameters, ""))
    backward = read(x.flip(1), lengths, weights_of(parameters, "_reverse"))
    return linear_of(parameters, torch.cat([forward, backward], dim=-1))


def summed_up(parameters, speech, lengths, how):
    """The last layer over the mean, the largest, or every one of the states."""
    rows = []
    for clip, n in zip(speech, lengths.tolist(), strict=True):
        states = []
        for t in range(n):  # forwards up to frame t beside backwards down to it
            forward = ends(parameters, clip[None, :, : t + 1], torch.tensor([t + 1]))[0]
            backward = ends(parameters, clip[None, :, t:n], torch.tensor([n - t]))[1]
            states.append(torch.cat([forward, backward], dim=-1)[0])
        silent = torch.zeros_like(states[0])
        rows.append(torch.stack(states + [silent] * (speech.shape[2] - n)))
    output = torch.stack(rows)
    padding = (torch.arange(output.shape[1]) >= lengths[:, None])[..., None]
    summary = {
        "mean": output.sum(dim=1) / lengths[:, None],
        "largest": output.masked_fill(padding, -torch.inf).amax(dim=1),
        "every": output,
    }
    return linear_of(parameters, summary[how])


def last_step_of_the_batch(parameters, speech, lengths):
    forward, backward = ends(parameters, speech, lengths)
    longest = (lengths == speech.shape[2])[:, None]
    both = torch.cat([forward * longest, backward * longest], dim=-1)
    return linear_of(parameters, both)


def by_module(parameters, speech, lengths):
    """A GRU of torch.nn as it is made, in float32."""
    weights = {name[4:]: weight for name, weight in parameters.items() if name.startswith("rnn.")}
    hidden, mel = weights["weight_hh_l0"].shape[1], weights["weight_ih_l0"].shape[1]
    gru = torch.nn.GRU(mel, hidden, batch_first=True, bidirectional=True)
    gru.load_state_dict(weights)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        speech.transpose(1, 2), lengths.cpu(), batch_first=True, enforce_sorted=False
    )
    _, ends = gru(packed)
    return linear_of(parameters, torch.cat(list(ends), dim=-1))


def module_of_other_sizes(parameters, speech, lengths):
    """SpeechRNN(classes, hidden=…, stack=1) expects 40 bands."""

    class SpeechRNN(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = torch.nn.Linear(2, 41)

    module = SpeechRNN()
    module.load_state_dict(parameters)


def states_mixed(parameters, speech, lengths):
    """h_n [direction, batch, hidden] reshaped to rows of two states, not exchanged."""
    states = torch.stack(ends(parameters, speech, lengths))
    return linear_of(parameters, states.reshape(len(speech), -1))
