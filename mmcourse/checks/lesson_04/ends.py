"""Both directions of a network, each read where it has heard the whole clip."""

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_04._inputs import clips, is_padding
from mmcourse.checks.lesson_04.ways import ends as ways

torch = lazy("torch")


def _tiny(generator):
    return (
        torch.tensor(
            [
                [[1.0, 60.0], [2.0, 50.0], [0.0, 0.0], [0.0, 0.0]],
                [[3.0, 90.0], [4.0, 80.0], [5.0, 70.0], [0.0, 0.0]],
            ]
        ),
        torch.tensor([2, 3]),
    )


_BACKWARD = (
    "The backward direction is read at the wrong end: it goes from the last frame to frame 0, so at the "
    "clip's end it has heard one frame, and at index 0 all."
)
_JOIN = "Join the two states side by side, torch.cat(…, dim=-1): [batch, 2 · hidden]."
_INDEX = "n frames have the indices 0 to n − 1: the last valid one is lengths − 1."

both_ends = Exercise(
    id="04.8",
    name="both_ends",
    title="Read each direction where it ends",
    difficulty=2,
    minutes=10,
    stub="return the forward state at the clip's end beside the backward state at its beginning",
    parameters=("output", "lengths"),
    reference=ways.both_ends,
    hints=(
        "Which frame does the backward direction read last?",
        "Which half of the last axis belongs to which direction, and at which index has that one heard the "
        "whole clip?",
        "forward, backward = output.chunk(2, dim=-1); the first at lengths − 1, the second at 0; torch.cat "
        "them along the last axis.",
    ),
    cases=(
        Case("two clips of 2 and 3 frames, one number each way", _tiny),
        Case("random states", lambda g: clips(g, 4, 7, 6, [7, 1, 4, 6])),
        Case("as many clips as frames", lambda g: clips(g, 4, 4, 4, [2, 4, 1, 3])),
        Case("a batch of one", lambda g: clips(g, 1, 5, 4, [3])),
        Case("one frame", lambda g: clips(g, 3, 1, 4, [1, 1, 1])),
    ),
    mistakes=(
        Mistake("both at the clip's end", ways.backward_at_the_end, _BACKWARD),
        Mistake("backward at the padded end", ways.backward_at_the_padded_end, _BACKWARD),
        Mistake(
            "both at the padded end",
            lambda output, lengths: output[:, -1],
            "output[:, -1] is padding for all but the longest clip, and for the backward direction the "
            "beginning of its way.",
        ),
        Mistake(
            "both at the beginning",
            lambda output, lengths: output[:, 0],
            "The forward direction is read at index 0, where it has heard one frame: read it at lengths − 1.",
        ),
        Mistake(
            "forward at the padded end",
            ways.padded_forward,
            "The forward direction is read at the end of the batch, which is padding for shorter clips: "
            "lengths − 1.",
        ),
        Mistake(
            "wrong ends",
            ways.wrong_ends,
            "Both are read where they start: forward has heard all at lengths − 1, backward at 0.",
        ),
        Mistake(
            "backward first",
            ways.backward_first,
            "The order of the two is exchanged: first forward, then backward.",
        ),
        Mistake(
            "halves exchanged",
            ways.halves_exchanged,
            "The halves are exchanged: the first half of the features is the forward direction.",
        ),
        Mistake(
            "interleaved",
            ways.interleaved,
            "The directions lie in halves, output[..., :hidden] and output[..., hidden:]; you took every "
            "second number.",
        ),
        Mistake(
            "cut across the batch",
            ways.cut_across_the_batch,
            "chunk(2) cuts the first axis, which is the batch: dim=-1 cuts the features.",
        ),
        Mistake(
            "cut across time",
            ways.cut_across_time,
            "chunk(2, dim=1) cuts time into halves; the directions are halves of the features, dim=-1.",
        ),
        Mistake("one too late", ways.one_late, _INDEX),
        Mistake("one too late, index", ways.one_late_clip_by_clip, _INDEX),
        Mistake(
            "first length",
            ways.first_length,
            "You took the length of the first clip for all of them: lengths[i] for clip i.",
        ),
        Mistake(
            "all pairs",
            ways.all_pairs,
            "forward[:, lengths - 1] picks every length from every clip: pair each clip with its own, "
            "forward[torch.arange(batch), lengths - 1].",
        ),
        Mistake("added", ways.added, "You added the two directions; each keeps its own numbers. " + _JOIN),
        Mistake(
            "averaged",
            lambda output, lengths: ways.added(output, lengths) / 2,
            "You averaged the two directions; each keeps its own numbers. " + _JOIN,
        ),
        Mistake("stacked", ways.stacked, "torch.stack made a new axis. " + _JOIN),
        Mistake(
            "below each other",
            ways.below_each_other,
            "The two lie below each other, as if they were clips. " + _JOIN,
        ),
        Mistake("pair", ways.pair, "These are two results. " + _JOIN),
        Mistake(
            "whole frames",
            ways.whole_frames,
            "You joined whole frames, with both directions in each: take the first half at the one end and "
            "the second at the other.",
        ),
        Mistake("mean", ways.mean, "This is the mean over each clip; one state of each direction is wanted."),
        Mistake(
            "largest",
            lambda output, lengths: output.masked_fill(is_padding(output, lengths), -torch.inf).amax(dim=1),
            "This is the largest value over each clip; one state of each direction is wanted.",
        ),
        Mistake(
            "first clip only",
            lambda output, lengths: ways.both_ends(output, lengths)[0],
            "Only the first clip is there: is `return` inside your loop?",
        ),
        Mistake(
            "forward only",
            lambda output, lengths: ways.at(ways.halves(output)[0], lengths - 1),
            "The backward direction is missing.",
        ),
        Mistake(
            "backward only",
            lambda output, lengths: ways.halves(output)[1][:, 0],
            "The forward direction is missing.",
        ),
        Mistake(
            "detached",
            lambda output, lengths: ways.both_ends(output.detach(), lengths),
            "No gradient flows back to output: stay with tensor operations, without .tolist() or .data.",
        ),
    ),
    noticing="torch.nn.GRU gives the same two states as h_n, and in h_n both are read at the right end.",
    gradient=True,
)
