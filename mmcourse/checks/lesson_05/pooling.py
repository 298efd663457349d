"""One vector for a clip: a mean over its frames whose weights are learned."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_05 import pool_slips as slips

torch = lazy("torch")


def _inputs(generator, time, feature, lengths, padding=None):
    """Frames, the weights of the score and lengths; what stands in the padding, or None for numbers."""
    x, lengths = torch.randn(len(lengths), time, feature, generator=generator), torch.tensor(lengths)
    if padding is not None:
        x = x.masked_fill(~slips.valid_frames(x, lengths)[..., None], padding)
    return x, torch.randn(feature, generator=generator), lengths


def _tiny(generator):
    """Two frames, of which the second counts e times as much as the first, and one of padding."""
    return torch.tensor([[[0.0, 4.0], [1.0, 8.0], [9.0, 9.0]]]), torch.tensor([1.0, 0.0]), torch.tensor([2])


def _far(generator, level):
    """Scores around level, which are the first feature of each frame."""
    x, _, lengths = _inputs(generator, 4, 3, [4, 3])
    x[..., 0] += level
    return x, torch.tensor([1.0, 0.0, 0.0]), lengths


_LATE = (
    "Padding is set to 0 too late: the output is right, but gradients also pass through the product or "
    "norm before it, and 0 · NaN is NaN there too. Set padded frames to 0 before anything else uses them."
)
_SHIFT = (
    "exp of a large score is inf, and of a very low one 0: take away each clip's largest valid score before "
    "exp, or let softmax do it."
)
_LOOKS = (
    "Padded frames get a share of the weights: beyond a clip's own length every score must be −∞, before the "
    "softmax."
)
_EMPTY = (
    "A clip of 0 frames has nothing to share out: its weights and its mean are 0, where a softmax alone "
    "gives NaN, or the same weight to every padded frame."
)
_BOTH = "Two results are wanted: the mean [batch, feature] and the weights [batch, time]."
_ONE_WEIGHT = (
    "A frame gets one weight for all of its features: its score is the sum of x · w over them, x @ "
    "score_weight."
)


def _slip(name, sentence, **switches):
    return Mistake(name, partial(slips.pool, **switches), sentence)


attention_pool = Exercise(
    id="05.10",
    name="attention_pool",
    title="A mean that chooses",
    difficulty=2,
    minutes=15,
    stub="score each frame, share out weights over the valid ones, and take their mean",
    parameters=("x", "score_weight", "lengths"),
    reference=slips.pool,
    hints=(
        "How many scores does a frame get, and along which axis do they compete?",
        "It is attention with one query for all clips: scores [batch, time], −∞ at padding, a softmax over "
        "time. How do weights [batch, time] meet x [batch, time, feature]?",
        "valid = arange(time) < lengths[:, None]; x with 0 where not valid; weights = masked_softmax(x @ "
        "score_weight, valid), your 05.2; mean = (weights[..., None] * x).sum(dim=1).",
    ),
    cases=(
        Case("two frames, one frame of padding", _tiny),
        Case("random clips", lambda g: _inputs(g, 5, 3, [5, 2, 4, 1])),
        Case("as many features as frames and clips", lambda g: _inputs(g, 3, 3, [2, 3, 1])),
        Case("a batch of one", lambda g: _inputs(g, 4, 2, [3])),
        Case("a million in the padding", lambda g: _inputs(g, 4, 2, [3, 4, 2], padding=1e6)),
        Case("NaN in the padding", lambda g: _inputs(g, 4, 2, [3, 4], padding=float("nan"))),
        Case("scores of some hundreds", lambda g: _far(g, 200.0), gradient=False),
        Case("scores of minus some hundreds", lambda g: _far(g, -200.0), gradient=False),
        Case("a clip of no frames", lambda g: _inputs(g, 4, 3, [0, 4, 2]), gradient=False),
    ),
    mistakes=(
        _slip("no mask", _LOOKS, mask="none", clean=False),
        _slip("padding 0, no mask", _LOOKS, mask="none"),
        _slip(
            "mask after softmax",
            "You set weights to 0 after the softmax, so what is left does not add up to 1: set scores to −∞ "
            "before it.",
            mask="after",
            clean=False,
        ),
        _slip(
            "mask after softmax, padding 0",
            "You set weights to 0 after the softmax, so what is left does not add up to 1: set scores to −∞ "
            "before it.",
            mask="after",
        ),
        _slip(
            "0 in place of −∞",
            "A score of 0 is not “leave it out”: e⁰ is 1. What must not be seen gets the score −∞.",
            mask="zero",
            clean=False,
        ),
        _slip(
            "mask inverted", "Your mask is the other way round: only padding gets weights.", mask="inverted"
        ),
        _slip(
            "one frame too many",
            "The first padded frame takes part: the valid ones are 0 … length − 1, so arange(time) < length.",
            mask="one too many",
        ),
        _slip(
            "product with −∞",
            "Your mask multiplies by −∞, and 0 · −∞ is NaN: masked_fill or torch.where set it only where it "
            "belongs.",
            mask="product",
        ),
        _slip(
            "plain mean",
            "Every frame has the same weight; score_weight says how much each should count.",
            share="same",
        ),
        _slip(
            "largest score only",
            "The frame with the largest score gets all the weight; a softmax shares it out, and lets "
            "gradients through.",
            share="largest",
        ),
        _slip(
            "sigmoid",
            "Your weights are sigmoids and do not add up to 1: frames compete, by a softmax over time.",
            share="sigmoid",
        ),
        _slip(
            "scores as weights",
            "Scores can be negative and need not add up to 1: a softmax over time makes weights of them.",
            share="scores",
        ),
        _slip(
            "scores over their sum",
            "Scores divided by their sum can be negative: a softmax takes their powers first.",
            share="share of the sum",
        ),
        _slip(
            "scaled",
            "Nothing is divided by √d here: score_weight is learned, and can be as small as it needs to be.",
            scale="√d",
        ),
        _slip(
            "softmax over the batch",
            "The softmax goes over the batch, so that clips compete with each other: over time, dim=1 of "
            "[batch, time].",
            dim=0,
        ),
        Mistake("a weight for each feature", slips.each_feature, _ONE_WEIGHT),
        Mistake(
            "mean of the weighted",
            slips.summed(lambda x, weights, lengths: (weights[..., None] * x).mean(1)),
            "The weights add up to 1 already: sum the weighted frames, without dividing by their number "
            "again.",
        ),
        Mistake(
            "divided by lengths",
            slips.summed(lambda x, weights, lengths: (weights[..., None] * x).sum(1) / lengths[:, None]),
            "The weights add up to 1 already: sum the weighted frames, without dividing by their number "
            "again.",
        ),
        Mistake(
            "summed over features",
            slips.summed(lambda x, weights, lengths: (weights[..., None] * x).sum(-1)),
            "The weighted frames are summed over the features; sum them over time, dim=1.",
        ),
        Mistake(
            "plain mean beside the weights",
            slips.summed(lambda x, weights, lengths: x.sum(1) / lengths.clamp(min=1)[:, None]),
            "The weights are right, but the mean does not use them: multiply each frame by its own.",
        ),
        Mistake(
            "not summed",
            slips.not_summed,
            "The weighted frames have yet to be summed over time, dim=1.",
        ),
        Mistake(
            "weights without an axis",
            slips.weights_without_an_axis,
            "Weights [batch, time] need an axis for the features beside x: weights[..., None] * x, or "
            "einsum('bt,btf->bf').",
        ),
        Mistake(
            "squeezed",
            slips.squeezed,
            "squeeze() without an axis also drops the batch of one: say which axis, or leave it out.",
        ),
        Mistake("weights first", slips.other_way_round, "The order of the two results: mean, then weights."),
        Mistake("mean only", slips.one_of(0), _BOTH),
        Mistake("weights only", slips.one_of(1), _BOTH),
        _slip(
            "padding not cleaned",
            "The weights at padding are 0, but 0 · NaN is NaN: set padded frames to 0 first, "
            "masked_fill(…, 0).",
            clean=False,
        ),
        Mistake("padding cleaned late", slips.cleaned_late, _LATE),
        Mistake("no shift", slips.no_shift, _SHIFT),
        Mistake("shift by padding", partial(slips.no_shift, shift=True), _SHIFT),
        _slip("empty clip NaN", _EMPTY, mask="inf", empty="left"),
        _slip("empty clip even", _EMPTY, empty="left"),
    ),
    noticing="The weights say which frames a network listens to; with w = 0 it is lesson 1's masked "
    "mean. It is the cheapest attention there is: one query, the same for every clip.",
    gradient=True,
    scaled=True,
)
