"""The whole: from log-mel frames of any length to logits, through a GRU in both directions."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import speech_inputs
from mmcourse.checks.lesson_04.ways import speech as ways

torch = lazy("torch")


_PADDING_FIRST = (
    "The backward direction reads the padding before the speech: turn each clip round within its own length, "
    "as in 04.7, or hold the state until the clip begins."
)

_FLOAT32 = (
    "A module of torch.nn is made in float32, and this speech is in float64: .to(speech.dtype) makes the "
    "module fit it."
)

speech_gru = Exercise(
    id="04.12",
    name="speech_gru",
    title="Build it whole: a network that hears a word",
    difficulty=3,
    minutes=30,
    stub="return the logits of a GRU in both directions, each read where it has heard the whole clip",
    parameters=("parameters", "speech", "lengths"),
    reference=ways.speech_gru,
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
        ),
    ),
    mistakes=(
        Mistake(
            "lengths not used",
            ways.lengths_not_used,
            "Both directions read the padding too: each clip has its own length, and beyond it the state "
            "holds.",
        ),
        Mistake("backward over padding", ways.backward_over_padding, _PADDING_FIRST),
        Mistake(
            "forward over padding",
            ways.forward_over_padding,
            "The forward direction runs on over the padding: read it at each clip's own last valid frame.",
        ),
        Mistake(
            "backward at the clip's end",
            ways.backward_at_the_end,
            "The backward direction is read at the clip's end, where it has heard one frame only: at frame "
            "0 it has heard all. (In clips that are still turned round, frame 0 stands at lengths − 1.)",
        ),
        Mistake(
            "flipped with its padding",
            ways.flipped_with_its_padding,
            "flip(1) turns the padding round too, so the backward direction reads padding and misses "
            "speech: turn each clip within its own length, as in 04.7.",
        ),
        Mistake(
            "last step of the batch",
            ways.last_step_of_the_batch,
            "You read the last step of the batch, which is 0 for every clip but the longest: read each "
            "clip's own last valid state.",
        ),
        Mistake(
            "mean",
            lambda *inputs: ways.summed_up(*inputs, "mean"),
            "You average the states over time; one state of each direction is wanted, where it has heard "
            "all.",
        ),
        Mistake(
            "largest",
            lambda *inputs: ways.summed_up(*inputs, "largest"),
            "You take the largest states over time; one state of each direction is wanted, where it has "
            "heard all.",
        ),
        Mistake(
            "every frame",
            lambda *inputs: ways.summed_up(*inputs, "every"),
            "These are logits for every frame; read one state of each direction first, then one row a clip "
            "comes out.",
        ),
        Mistake(
            "below each other",
            lambda parameters, *inputs: ways.linear_of(parameters, torch.cat(ways.ends(parameters, *inputs))),
            "torch.cat lays the two states below each other, as if they were clips: dim=-1 puts them side "
            "by side.",
        ),
        Mistake(
            "log-softmax",
            lambda *inputs: ways.speech_gru(*inputs).log_softmax(dim=-1),
            "These are log-probabilities; logits are wanted, as cross-entropy takes them: leave log_softmax "
            "out.",
        ),
        Mistake(
            "class",
            lambda *inputs: ways.speech_gru(*inputs).argmax(dim=-1),
            "This is the class with the largest logit; the logits themselves are wanted.",
        ),
        Mistake(
            "not turned",
            ways.not_turned,
            "The second network goes forwards too: it should read from each clip's last valid frame to its "
            "first.",
        ),
        Mistake(
            "same weights both ways",
            ways.same_weights,
            "Both directions use the same weights; the backward one has its own, whose names end in "
            "_reverse.",
        ),
        Mistake(
            "weights exchanged",
            ways.weights_exchanged,
            "The weights of the two directions are exchanged: those that end in _reverse read backwards.",
        ),
        Mistake(
            "reshaped",
            ways.reshaped,
            "reshape keeps the numbers in a row and mixes bands with frames; transpose(1, 2) exchanges the "
            "axes.",
        ),
        Mistake(
            "mel and time exchanged",
            ways.mel_and_time_exchanged,
            "speech is [batch, mel, time], and a GRU steps through [batch, time, feature]: transpose(1, 2) "
            "first.",
        ),
        Mistake(
            "backward first",
            ways.backward_first,
            "The order of the two is exchanged: first the forward state, then the backward one.",
        ),
        Mistake("bias forgotten", ways.without_bias, "The bias of the last layer is missing, linear.bias."),
        Mistake(
            "states only",
            ways.ends_only,
            "These are the states of both directions; the last layer, linear, makes the logits from them.",
        ),
        Mistake(
            "softmax",
            ways.softmax,
            "These are probabilities; logits are wanted, as cross-entropy takes them: leave the softmax out.",
        ),
        Mistake(
            "relu before the last layer",
            ways.relu_before_linear,
            "There is a relu before the last layer, which throws away what is negative in the states.",
        ),
        Mistake(
            "one direction",
            ways.one_direction,
            "The last layer takes both states side by side, [batch, 2 · hidden]; you gave it one.",
        ),
        Mistake(
            "added",
            lambda parameters, speech, lengths: ways.linear_of(
                parameters, sum(ways.ends(parameters, speech, lengths))
            ),
            "The last layer takes both states side by side, [batch, 2 · hidden]; you gave it one.",
        ),
        Mistake("module of float32", ways.by_module, _FLOAT32),
        Mistake(
            "module of other sizes",
            ways.module_of_other_sizes,
            "The module's sizes are not those of the weights. SpeechRNN has 40 bands and stacks 4 frames "
            "unless it is told: n_mels=speech.shape[1], hidden=…, stack=1, and as many classes as "
            "linear.bias has numbers.",
        ),
        Mistake(
            "states mixed",
            ways.states_mixed,
            "h_n is [direction, batch, hidden], and reshape puts states of different clips into one row: "
            "torch.cat([h_n[0], h_n[1]], dim=-1).",
        ),
        Mistake(
            "names without rnn",
            ways.names_without_rnn,
            "The GRU's names begin with “rnn.”, as in the module's state_dict: rnn.weight_ih_l0, and so on.",
        ),
    ),
    noticing="These are SpeechRNN's own parameters: what you have written is that model, with stack=1. What "
    "it says of a word does not depend on who else is in the batch.",
)  # no gradient: a module of torch.nn copies the weights that it loads, and is right all the same
