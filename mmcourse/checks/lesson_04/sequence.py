"""The Elman network over whole clips."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import uniform, weights
from mmcourse.checks.lesson_04.ways import sequence as ways

torch = lazy("torch")


def _inputs(generator, batch, time, feature, hidden):
    return uniform(generator, batch, time, feature, scale=2), *weights(generator, feature, hidden)


def _tiny(generator):
    return (
        torch.tensor([[[1.0], [0.0], [0.0]]]),
        torch.tensor([[1.0]]),
        torch.tensor([[0.5]]),
        torch.tensor([0.0]),
        torch.tensor([0.0]),
    )


_EXCHANGED = (
    "You went along the batch: axis 0 is clips, axis 1 is time. A step takes one frame of every clip, "
    "input[:, t]."
)
_FLOAT32 = (
    "torch.zeros makes float32 whatever the input is; input.new_zeros(batch, hidden) has its dtype and "
    "device."
)
_ONE_BIAS = "One of the two biases is missing: every step adds both."
_STARTS = "Each clip starts from a state of zeros; yours starts from something else."

rnn = Exercise(
    id="04.2",
    name="rnn",
    title="A whole clip, step by step",
    difficulty=1,
    minutes=15,
    stub="return the state after every frame, starting from zeros",
    parameters=("input", "w_ih", "w_hh", "b_ih", "b_hh"),
    reference=ways.rnn,
    hints=(
        "Which axis is time, and what does input[:, t] hold?",
        "The state that a step makes is what the next step starts from. Where is it kept, and what is it "
        "before the first frame?",
        "h = input.new_zeros(batch, hidden); for each t: h = the new state; collect it; at the end "
        "torch.stack(states, dim=1), so that time is axis 1 again.",
    ),
    cases=(
        Case("a click and its echo", _tiny),
        Case("two clips of five frames", lambda g: _inputs(g, 2, 5, 3, 4)),
        Case("as many clips as frames", lambda g: _inputs(g, 4, 4, 2, 3)),
        Case("one frame each", lambda g: _inputs(g, 3, 1, 2, 2)),
        Case("a batch of one", lambda g: _inputs(g, 1, 6, 2, 3)),
    ),
    mistakes=(
        Mistake("batch and time exchanged", ways.time_and_batch_exchanged, _EXCHANGED),
        Mistake(
            "batch and time exchanged, stacked on time",
            lambda x, *weights: ways.rnn(x.transpose(0, 1), *weights),
            _EXCHANGED,
        ),
        Mistake(
            "time first",
            lambda x, *weights: ways.rnn(x, *weights).transpose(0, 1),
            "Your result is [time, batch, hidden]: torch.stack makes its new axis in front, dim=1 puts time "
            "second.",
        ),
        Mistake(
            "time last",
            lambda x, *weights: torch.stack(ways.states_of(x, *weights), dim=-1),
            "Your result is [batch, hidden, time]: stack along dim=1, so that time is second.",
        ),
        Mistake(
            "joined, not stacked",
            lambda x, *weights: torch.cat(ways.states_of(x, *weights)),
            "torch.cat lays the states behind each other on an axis there is; torch.stack(states, dim=1) "
            "makes a new axis for time.",
        ),
        Mistake(
            "joined along features",
            lambda x, *weights: torch.cat(ways.states_of(x, *weights), dim=1),
            "torch.cat lays the states behind each other on an axis there is; torch.stack(states, dim=1) "
            "makes a new axis for time.",
        ),
        Mistake(
            "last state",
            lambda x, *weights: ways.rnn(x, *weights)[:, -1],
            "This is the last state only; the state after every frame is wanted.",
        ),
        Mistake(
            "state never renewed",
            ways.state_never_renewed,
            "Every step starts from zeros again: is the new state kept for the next one?",
        ),
        Mistake(
            "state goes on to the next clip",
            ways.state_goes_on_to_the_next_clip,
            "Your second clip starts with the first one's last state: the two have nothing to do with each "
            "other, so each starts from zeros.",
        ),
        Mistake(
            "ones", lambda x, *weights: torch.stack(ways.states_of(x, *weights, first=1.0), dim=1), _STARTS
        ),
        Mistake(
            "clips counted as time",
            ways.clips_counted_as_time,
            "input[t] is clip t, with all its frames; frame t of every clip is input[:, t].",
        ),
        Mistake(
            "state as wide as a frame",
            ways.state_as_wide_as_a_frame,
            "Your first state has as many numbers as a frame has features; a state has as many as w_hh has "
            "rows.",
        ),
        Mistake(
            "first step only",
            lambda x, *weights: ways.rnn(x, *weights)[:, :1],
            "Only the first step is there: is `return` inside your loop?",
        ),
        Mistake(
            "overwritten",
            lambda x, *weights: ways.rnn(x, *weights)[:, -1:].expand(-1, x.shape[1], -1),
            "Every frame shows the last state: the same tensor is overwritten in each step. Make a new one, "
            "h = torch.tanh(…).",
        ),
        Mistake(
            "last state too",
            lambda x, *weights: (ways.rnn(x, *weights), ways.rnn(x, *weights)[:, -1]),
            "Two results came; the states after every frame are enough, the last one is among them.",
        ),
        Mistake(
            "first frame again and again",
            lambda x, *weights: ways.rnn(x[:, :1].expand_as(x), *weights),
            "Every step reads the first frame: step t reads input[:, t].",
        ),
        Mistake(
            "first clip only",
            ways.first_clip,
            "Only the first clip is there; all clips take their steps together, input[:, t].",
        ),
        Mistake(
            "one step late",
            ways.old_states,
            "You collect the state before each frame; collect it after the step.",
        ),
        Mistake(
            "zeros in front",
            ways.old_states_and_last,
            "The zeros before the first frame are in your result: collect only what a step has made.",
        ),
        Mistake(
            "backwards",
            lambda x, *weights: ways.rnn(x.flip(1), *weights),
            "You went from the last frame to the first.",
        ),
        Mistake(
            "backwards, laid out forwards",
            lambda x, *weights: ways.rnn(x.flip(1), *weights).flip(1),
            "You went from the last frame to the first.",
        ),
        Mistake(
            "no tanh",
            ways.with_step(ways.no_tanh),
            "There is no tanh in your step, so the state can grow with every frame.",
        ),
        Mistake(
            "w_hh not turned",
            ways.with_step(ways.by_columns),
            "w_hh is square, so `h @ w_hh` runs, and mixes by columns: h @ w_hh.T.",
        ),
        Mistake("without b_ih", lambda x, w, v, b, c: ways.rnn(x, w, v, 0 * b, c), _ONE_BIAS),
        Mistake("without b_hh", lambda x, w, v, b, c: ways.rnn(x, w, v, b, 0 * c), _ONE_BIAS),
        Mistake(
            "without biases",
            lambda x, w_ih, w_hh, b_ih, b_hh: ways.rnn(x, w_ih, w_hh, 0 * b_ih, 0 * b_hh),
            "Both biases are missing: every step adds b_ih and b_hh.",
        ),
        Mistake("zeros of float32", ways.zeros_of_float32, _FLOAT32),
        Mistake(
            "zeros of float32, by linear",
            lambda x, *weights: ways.zeros_of_float32(x, *weights, step=ways.by_linear),
            _FLOAT32,
        ),
        Mistake(
            "gradient cut",
            ways.with_step(ways.cut),
            "The gradient stops at every step, so nothing is learnt from earlier frames: leave .detach() and "
            ".data out.",
        ),
    ),
    noticing="One frame is heard, and its echo stays in the state for as long as w_hh lets it. A clip's "
    "states cannot be computed all at once: each waits for the one before it.",
    gradient=True,
)
