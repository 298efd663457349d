"""A GRU over clips of unequal length: what happens when a clip has ended."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import clips, is_padding, weights
from mmcourse.checks.lesson_04.ways import padded_run as ways

torch = lazy("torch")


def _inputs(generator, batch, time, feature, hidden, lengths):
    return *clips(generator, batch, time, feature, lengths), *weights(generator, feature, hidden, gates=3)


def _loud_padding(generator):
    x, lengths, *others = _inputs(generator, 3, 5, 2, 4, [2, 5, 3])
    return x.masked_fill(is_padding(x, lengths), 1e6), lengths, *others


def _broken_padding(generator):
    x, lengths, *others = _inputs(generator, 3, 5, 2, 4, [2, 4, 1])
    return x.masked_fill(is_padding(x, lengths), float("nan")), lengths, *others


def _tiny(generator):
    return (
        torch.tensor([[[1.0], [0.0], [0.0]], [[1.0], [1.0], [0.0]]]),
        torch.tensor([1, 2]),
        torch.tensor([[0.0], [0.0], [1.0]]),
        torch.tensor([[0.0], [0.0], [1.0]]),
        torch.zeros(3),
        torch.zeros(3),
    )


_RUNS_ON = (
    "Your state runs on over the padding: behind a clip's end the state before the step must be kept, "
    "torch.where(t < lengths[:, None], new, old)."
)
_NOT_SILENT = "Behind a clip's end the output is 0; yours goes on there."
_NAN = "NaN · 0 is NaN: what stands in the padding must not matter. Use torch.where or masked_fill."
_ZEROS_FED = (
    "You feed zeros behind a clip's end, but a GRU goes on moving its state then: keep the state as it was, "
    "with torch.where."
)
_LENGTHS = "You stopped all clips at one length; each has its own, lengths[i]."

run_padded = Exercise(
    id="04.10",
    name="run_padded",
    title="A GRU over clips of unequal length",
    difficulty=2,
    minutes=20,
    stub="return the states, 0 behind each clip's end, and each clip's last valid state",
    parameters=("input", "lengths", "w_ih", "w_hh", "b_ih", "b_hh"),
    reference=ways.run,
    hints=(
        "At step t, which clips are still running? Which shape has that answer, and which has the state?",
        "The step is made for all clips together. For those that have ended, which state must stand there "
        "afterwards, and which output?",
        "running = (t < lengths)[:, None]; h = torch.where(running, gru_cell(input[:, t], h, …), h); the "
        "output is torch.where(running, h, 0). At the end h itself holds each clip's last valid state.",
    ),
    cases=(
        Case("clips of 1 and 2 frames", _tiny),
        Case("random clips", lambda g: _inputs(g, 4, 7, 3, 5, [7, 1, 4, 6])),
        Case("as many clips as numbers of state", lambda g: _inputs(g, 4, 4, 3, 4, [2, 4, 1, 3])),
        Case("a batch of one", lambda g: _inputs(g, 1, 5, 2, 3, [3])),
        Case("a million in the padding", _loud_padding),
        Case("NaN in the padding", _broken_padding, gradient=False),
    ),
    mistakes=(
        Mistake("lengths not used", ways.but(hold=False, silent=False), _RUNS_ON),
        Mistake("state runs on, output 0", ways.but(hold=False), _RUNS_ON),
        Mistake(
            "output held",
            ways.but(silent=False),
            "Behind a clip's end its last state is repeated in your output; the output is 0 there, only the "
            "state is kept.",
        ),
        Mistake(
            "last of output",
            ways.last_of_output,
            "Your last states are 0 for every clip but the longest: behind a clip's end its state is kept, "
            "and only the output is 0. output[:, -1] is such a 0 too.",
        ),
        Mistake(
            "one frame too many",
            ways.but(extra=1),
            "One frame of padding is still read: at step t a clip of n frames is running while t < n.",
        ),
        Mistake(
            "one frame too few",
            ways.but(extra=-1),
            "The last valid frame is not read: at step t a clip of n frames is running while t < n.",
        ),
        Mistake("longest", ways.with_lengths(lambda x, lengths: lengths.max().expand(len(x))), _LENGTHS),
        Mistake("first length", ways.with_lengths(lambda x, lengths: lengths[:1].expand(len(x))), _LENGTHS),
        Mistake("shortest", ways.with_lengths(lambda x, lengths: lengths.min().expand(len(x))), _LENGTHS),
        Mistake(
            "state never renewed",
            ways.but(carried=True),
            "Every step starts from zeros again: is the new state kept for the next one?",
        ),
        Mistake(
            "ones", ways.but(first=1.0), "Each clip starts from a state of zeros; yours starts from ones."
        ),
        Mistake("zeros fed", ways.but(hold=False, zeros=True, silent=False), _ZEROS_FED),
        Mistake("zeros fed, output 0", ways.but(hold=False, zeros=True), _ZEROS_FED),
        Mistake(
            "held while running",
            ways.held_while_running,
            "Your torch.where is the other way round: where a clip is running the new state comes in, where "
            "it has ended the old one stays.",
        ),
        Mistake(
            "state goes on to the next clip",
            ways.one_after_the_other,
            "Your second clip starts with the first one's last state: each starts from zeros.",
        ),
        Mistake(
            "all pairs",
            ways.all_pairs,
            "output[:, lengths - 1] picks every length from every clip: [batch, batch, hidden]. Pair each "
            "clip with its own, or return the state that was kept.",
        ),
        Mistake(
            "joined, not stacked",
            lambda *args: (ways.run(*args)[0].flatten(1), ways.run(*args)[1]),
            "torch.cat lays the states behind each other on an axis there is; torch.stack(states, dim=1) "
            "makes a new axis for time.",
        ),
        Mistake(
            "mask without an axis",
            ways.mask_of_the_batch,
            "t < lengths is [batch] and the state [batch, hidden]: give it an axis, (t < lengths)[:, None], "
            "or it is laid along the numbers of the state.",
        ),
        Mistake("times the mask", ways.times_mask, _NAN),
        Mistake("output times the mask", ways.output_times_mask, _NAN),
        Mistake(
            "batch and time exchanged",
            ways.batch_and_time_exchanged,
            "You went along the batch: axis 0 is clips, axis 1 is time, input[:, t].",
        ),
        Mistake(
            "time first",
            lambda *args: (ways.run(*args)[0].transpose(0, 1), ways.run(*args)[1]),
            "Your output is [time, batch, hidden]: torch.stack makes its new axis in front, dim=1 puts time "
            "second.",
        ),
        Mistake(
            "cut at the longest",
            ways.per_clip_output_cut,
            "Your output ends with the longest clip; it has as many steps as the input, 0 where all have "
            "ended.",
        ),
        Mistake(
            "output only",
            lambda *args: ways.run(*args)[0],
            "Two results are wanted: `return output, last`.",
        ),
        Mistake(
            "last only",
            lambda *args: ways.run(*args)[1],
            "Two results are wanted: `return output, last`.",
        ),
        Mistake(
            "last first",
            lambda *args: ways.run(*args)[::-1],
            "The order of the two results: first the output of all steps, then the last states.",
        ),
        Mistake(
            "weights copied",
            ways.weights_copied,
            "The weights are copied, and so no gradient reaches yours: load_state_dict copies them, "
            ".detach() and .data cut them off. Step through time with gru_cell, or hand them to the module "
            "with torch.func.functional_call(module, weights, inputs).",
        ),
        Mistake(
            "module of float32",
            ways.by_module,
            "A module of torch.nn is made in float32, and this input is in float64: .to(input.dtype) makes "
            "the module fit it.",
        ),
        Mistake(
            "last with an axis in front",
            lambda *args: (ways.run(*args)[0], ways.run(*args)[1][None]),
            "The last states have an axis in front, as torch.nn.GRU's h_n has for its layers: here "
            "[batch, hidden] is wanted.",
        ),
    ),
    noticing="Now a clip's states are the same alone and in any batch. torch.nn packs the frames "
    "instead; the results are equal, and the steps that are computed and thrown away here are saved.",
    gradient=True,
)
