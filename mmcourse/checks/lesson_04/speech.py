"""The whole: from log-mel frames of any length to logits, through a GRU in both directions."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import KINDS, speech_inputs

torch = lazy("torch")


def _weights(parameters, way):
    return [parameters[f"rnn.{kind}_l0{way}"] for kind in KINDS]


def _read(x, lengths, weights, backwards=False):
    """The last state of a GRU over [batch, time, mel] that holds its state on padding."""
    h = x.new_zeros(len(x), weights[1].shape[1])
    steps = range(x.shape[1])
    for t in reversed(steps) if backwards else steps:
        h = torch.where((t < lengths)[:, None], torch.gru_cell(x[:, t], h, *weights), h)
    return h


def _ends(parameters, speech, lengths):
    """The forward state at each clip's end, the backward one at its beginning."""
    x = speech.transpose(1, 2)
    x = x.masked_fill(torch.arange(x.shape[1], device=x.device)[:, None] >= lengths[:, None, None], 0)
    forward = _read(x, lengths, _weights(parameters, ""))
    return forward, _read(x, lengths, _weights(parameters, "_reverse"), backwards=True)


def _linear(parameters, x):
    return x @ parameters["linear.weight"].T + parameters["linear.bias"]


def _speech_gru(parameters, speech, lengths):
    return _linear(parameters, torch.cat(_ends(parameters, speech, lengths), dim=-1))


def _full(speech):
    """Lengths that count the padding as speech."""
    return torch.full((len(speech),), speech.shape[-1], device=speech.device)


def _lengths_not_used(parameters, speech, lengths):
    return _speech_gru(parameters, speech, _full(speech))


def _backward_over_padding(parameters, speech, lengths):
    x = speech.transpose(1, 2)
    forward = _read(x, lengths, _weights(parameters, ""))
    backward = _read(x, _full(speech), _weights(parameters, "_reverse"), backwards=True)
    return _linear(parameters, torch.cat([forward, backward], dim=-1))


def _forward_over_padding(parameters, speech, lengths):
    x = speech.transpose(1, 2)
    forward = _read(x, _full(speech), _weights(parameters, ""))
    backward = _read(x, lengths, _weights(parameters, "_reverse"), backwards=True)
    return _linear(parameters, torch.cat([forward, backward], dim=-1))


def _not_turned(parameters, speech, lengths):
    x = speech.transpose(1, 2)
    ways = [_read(x, lengths, _weights(parameters, way)) for way in ("", "_reverse")]
    return _linear(parameters, torch.cat(ways, dim=-1))


def _backward_at_the_end(parameters, speech, lengths):
    """The backward state at the last valid frame, where it has heard one frame only."""
    x = speech.transpose(1, 2)
    last = x[torch.arange(len(x), device=x.device), lengths - 1][:, None]
    forward = _read(x, lengths, _weights(parameters, ""))
    backward = _read(last, torch.ones_like(lengths), _weights(parameters, "_reverse"))
    return _linear(parameters, torch.cat([forward, backward], dim=-1))


def _same_weights(parameters, speech, lengths):
    return _speech_gru({**parameters, **_copied(parameters, "", "_reverse")}, speech, lengths)


def _weights_exchanged(parameters, speech, lengths):
    exchanged = {**_copied(parameters, "", "_reverse"), **_copied(parameters, "_reverse", "")}
    return _speech_gru({**parameters, **exchanged}, speech, lengths)


def _copied(parameters, source, target):
    return {f"rnn.{kind}_l0{target}": parameters[f"rnn.{kind}_l0{source}"] for kind in KINDS}


def _reshaped(parameters, speech, lengths):
    turned = speech.reshape(len(speech), speech.shape[2], speech.shape[1])
    return _speech_gru(parameters, turned.transpose(1, 2), lengths)


def _mel_and_time_exchanged(parameters, speech, lengths):
    return _read(speech, lengths, _weights(parameters, ""))


def _backward_first(parameters, speech, lengths):
    return _linear(parameters, torch.cat(_ends(parameters, speech, lengths)[::-1], dim=-1))


def _without_bias(parameters, speech, lengths):
    return torch.cat(_ends(parameters, speech, lengths), dim=-1) @ parameters["linear.weight"].T


def _relu_before_linear(parameters, speech, lengths):
    return _linear(parameters, torch.cat(_ends(parameters, speech, lengths), dim=-1).relu())


def _softmax(parameters, speech, lengths):
    return _speech_gru(parameters, speech, lengths).softmax(dim=-1)


def _names_without_rnn(parameters, speech, lengths):
    return parameters["weight_ih_l0"]


def _one_direction(parameters, speech, lengths):
    return _linear(parameters, _ends(parameters, speech, lengths)[0])


def _ends_only(parameters, speech, lengths):
    return torch.cat(_ends(parameters, speech, lengths), dim=-1)


_PADDING_FIRST = (
    "The backward direction reads the padding before the speech: turn each clip round within its own length, "
    "as in 04.7, or hold the state until the clip begins."
)

speech_gru = Exercise(
    id="04.12",
    name="speech_gru",
    title="Build it whole: a network that hears a word",
    difficulty=3,
    minutes=30,
    stub="return the logits of a GRU in both directions, each read where it has heard the whole clip",
    parameters=("parameters", "speech", "lengths"),
    reference=_speech_gru,
    hints=(
        "Which axis of speech is time, and which does a GRU step through?",
        "Two networks read the clip, one from each end, with weights of their own. What stands at the end of "
        "the names of the second one's, and how does it avoid reading the padding first?",
        "x = speech.transpose(1, 2); the last state of run_padded(x, lengths, …) beside that of "
        "run_padded(reverse_padded(x, lengths), lengths, …) with the weights that end in _reverse; then "
        "@ linear.weight.T + linear.bias.",
    ),
    cases=(
        Case("one band, two frames, one frame of padding", lambda g: speech_inputs(g, 1, 1, 2, 3, [2])),
        Case("random clips", lambda g: speech_inputs(g, 4, 3, 5, 6, [6, 2, 4])),
        Case("as many bands as frames", lambda g: speech_inputs(g, 4, 2, 3, 4, [1, 4, 3])),
        Case("a batch of one", lambda g: speech_inputs(g, 3, 2, 4, 5, [5])),
        Case("a million in the padding", lambda g: speech_inputs(g, 2, 3, 2, 5, [2, 4, 3], padding=1e6)),
        Case(
            "NaN in the padding",
            lambda g: speech_inputs(g, 2, 3, 2, 5, [2, 4], padding=float("nan")),
            gradient=False,
        ),
    ),
    mistakes=(
        Mistake(
            "lengths not used",
            _lengths_not_used,
            "Both directions read the padding too: each clip has its own length, and beyond it the state "
            "holds.",
        ),
        Mistake("backward over padding", _backward_over_padding, _PADDING_FIRST),
        Mistake(
            "forward over padding",
            _forward_over_padding,
            "The forward direction runs on over the padding: read it at each clip's own last valid frame.",
        ),
        Mistake(
            "backward at the clip's end",
            _backward_at_the_end,
            "The backward direction is read at the clip's end, where it has heard one frame only: at frame "
            "0 it has heard all.",
        ),
        Mistake(
            "not turned",
            _not_turned,
            "The second network goes forwards too: it should read from each clip's last valid frame to its "
            "first.",
        ),
        Mistake(
            "same weights both ways",
            _same_weights,
            "Both directions use the same weights; the backward one has its own, whose names end in "
            "_reverse.",
        ),
        Mistake(
            "weights exchanged",
            _weights_exchanged,
            "The weights of the two directions are exchanged: those that end in _reverse read backwards.",
        ),
        Mistake(
            "reshaped",
            _reshaped,
            "reshape keeps the numbers in a row and mixes bands with frames; transpose(1, 2) exchanges the "
            "axes.",
        ),
        Mistake(
            "mel and time exchanged",
            _mel_and_time_exchanged,
            "speech is [batch, mel, time], and a GRU steps through [batch, time, feature]: transpose(1, 2) "
            "first.",
        ),
        Mistake(
            "backward first",
            _backward_first,
            "The order of the two is exchanged: first the forward state, then the backward one.",
        ),
        Mistake("bias forgotten", _without_bias, "The bias of the last layer is missing, linear.bias."),
        Mistake(
            "states only",
            _ends_only,
            "These are the states of both directions; the last layer, linear, makes the logits from them.",
        ),
        Mistake(
            "softmax",
            _softmax,
            "These are probabilities; logits are wanted, as cross-entropy takes them: leave the softmax out.",
        ),
        Mistake(
            "relu before the last layer",
            _relu_before_linear,
            "There is a relu before the last layer, which throws away what is negative in the states.",
        ),
        Mistake(
            "one direction",
            _one_direction,
            "The last layer takes both states side by side, [batch, 2 · hidden]; you gave it one.",
        ),
        Mistake(
            "added",
            lambda parameters, speech, lengths: _linear(parameters, sum(_ends(parameters, speech, lengths))),
            "The last layer takes both states side by side, [batch, 2 · hidden]; you gave it one.",
        ),
        Mistake(
            "names without rnn",
            _names_without_rnn,
            "The GRU's names begin with “rnn.”, as in the module's state_dict: rnn.weight_ih_l0, and so on.",
        ),
    ),
    noticing="These are SpeechRNN's own parameters: what you have written is that model, with stack=1. What "
    "it says of a word does not depend on who else is in the batch.",
    gradient=True,
)
