"""What people get wrong in the block of 05.13, and what they are told."""

from functools import partial

from mmcourse.checks import Mistake
from mmcourse.checks.lesson_05 import block_slips as slips


def _slip(name, sentence, **switches):
    return Mistake(name, partial(slips.block, **switches), sentence)


def _joined(name, way, sentence):
    return Mistake(name, slips.joined(way), sentence)


_HEADS = (
    "The heads are cut across time: first cut the features, [batch, time, head, d], then exchange the axes "
    "of time and head; reshape alone keeps the numbers in a row."
)
_SPREAD = (
    "Layer norm divides by the root of the variance plus 1e-5, √(var + 1e-5), with the mean of the squares "
    "as the variance: what does a frame need whose features are all the same?"
)
_AXES = (
    "A mask [batch, key] must be [batch, 1, 1, key] beside scores [batch, head, query, key]: mask[:, None, "
    "None]."
)
_LOOKS = (
    "Frames look at padding: where a key is beyond its clip's length its score must be −∞, all along the "
    "last axis of the scores."
)
_BEFORE = (
    "You sum up what is normed: in a pre-norm block x itself goes on untouched, and the norm stands only in "
    "front of what is added to it."
)

MISTAKES = (
    _joined(
        "post-norm",
        slips.post_norm,
        "This is a post-norm block, LN(x + A(x)): here the norm comes first, x + A(LN(x)).",
    ),
    _joined("what is normed goes on", slips.normed_is_added, _BEFORE),
    _joined(
        "no sums",
        slips.no_sums,
        "The two sums are missing: a block adds to x what attention finds, and then what the linear layers "
        "make.",
    ),
    _joined(
        "no first sum",
        slips.no_first_sum,
        "What attention finds takes the place of x: it is added to x, x = x + A(LN(x)).",
    ),
    _joined(
        "no second sum",
        slips.no_second_sum,
        "What the linear layers make takes the place of x: it is added to x, x + F(LN(x)).",
    ),
    _joined(
        "side by side",
        slips.side_by_side,
        "Both halves work on the x of the beginning: the linear layers work on x after attention has been "
        "added.",
    ),
    _joined(
        "from the beginning",
        slips.from_the_beginning,
        "The last sum adds to the x of the beginning, so that what attention found is lost: add to the sum "
        "that went before.",
    ),
    _joined(
        "attention only",
        slips.attention_only,
        "The second half is missing: norm2, linear1, relu, linear2.",
    ),
    _joined(
        "norm at the end",
        slips.norm_at_the_end,
        "Your second norm comes after the sum; it stands in front of the linear layers: x + F(norm2(x)).",
    ),
    _joined(
        "norm behind",
        slips.norm_behind,
        "Your norms come behind attention and the linear layers; they stand in front of them: A(norm1(x)).",
    ),
    _slip("no norm", "The layer norms are missing, norm1 and norm2.", kind="none"),
    _slip(
        "norm over time",
        "You normed over time, which mixes frames and padding: each frame is normed by itself, over its "
        "features, dim=-1.",
        kind="over time",
    ),
    _slip(
        "unbiased variance",
        "Your variance divides by n − 1; layer norm divides by n, var(-1, correction=0).",
        kind="unbiased",
    ),
    _slip("no eps", _SPREAD, kind="no eps"),
    _slip("eps outside the root", _SPREAD, kind="eps outside"),
    _slip(
        "divided by the variance",
        "You divided by the variance; layer norm divides by its root, √(var + 1e-5).",
        kind="variance",
    ),
    _slip(
        "norm without weights",
        "The norms have weights and biases of their own, norm1.weight, norm1.bias and so on, to multiply "
        "with and to add.",
        kind="no weights",
    ),
    _slip("norm1 twice", "The second norm has weights of its own, norm2.", names=("norm1", "norm1")),
    _slip("norms exchanged", "norm1 and norm2 are exchanged.", names=("norm2", "norm1")),
    _slip(
        "1/√d forgotten",
        "The scores are not scaled: divide them by √d, d the width of a head.",
        scale="none",
    ),
    _slip(
        "scaled by the width of all heads",
        "You divided the scores by the root of all features; a head's products run over its own d of them, "
        "features / num_heads.",
        scale="width",
    ),
    _slip("scaled twice", "You divided the scores by d; divide by its root, once.", scale="twice"),
    _slip("heads by reshape", _HEADS, heads="view"),
    _slip(
        "heads merged by reshape",
        "The heads are merged without exchanging the axes back: transpose(1, 2) to [batch, time, head, d], "
        "then flatten the last two.",
        heads="merged",
    ),
    _slip(
        "every n-th feature",
        "A head takes features that lie side by side, the first d for head 0: unflatten(-1, (num_heads, d)).",
        heads="interleaved",
    ),
    _slip(
        "heads before q, k, v",
        "You cut into heads first and into q, k, v then: the rows of in_proj_weight hold all of the queries' "
        "weights, then all of the keys', then the values'.",
        heads="packed",
    ),
    *(
        _slip(
            f"order {order}",
            "in_proj gives query, key, value, in that order; you took them in another.",
            order=order,
        )
        for order in ("kqv", "vkq", "qvk")
    ),
    _slip(
        "no mask",
        _LOOKS,
        mask="none",
    ),
    _slip("lengths not used", _LOOKS, mask="none", clean=False),
    _slip("queries masked", _LOOKS, mask="queries", clean=False),
    _slip(
        "mask after softmax",
        "You set weights to 0 after the softmax, so what is left does not add up to 1: set the scores to −∞ "
        "before it.",
        mask="after",
    ),
    _slip(
        "0 in place of −∞",
        "A score of 0 is not “do not look”: e⁰ is 1. What must not be seen gets the score −∞.",
        mask="zero",
    ),
    _slip(
        "mask inverted",
        "Your mask is the other way round: frames look at nothing but padding.",
        mask="inverted",
    ),
    _slip(
        "softmax over queries",
        "The softmax goes over the queries; a query shares out its weights over the keys, dim=-1.",
        over="queries",
    ),
    _slip("no biases in attention", "Attention has biases: in_proj_bias and out_proj.bias.", bias=()),
    _slip(
        "no bias in front", "in_proj_bias is missing: queries, keys and values have biases.", bias=("out",)
    ),
    _slip("no bias of out_proj", "out_proj.bias is missing, behind the heads.", bias=("in",)),
    _slip(
        "num_heads not used", "num_heads is not used: the features are cut into that many heads.", heads="one"
    ),
    _slip(
        "every n-th feature, merged in a row",
        "A head takes features that lie side by side, the first d for head 0: unflatten(-1, (num_heads, d)).",
        heads="interleaved, merged in a row",
    ),
    _slip(
        "mask inverted, ready-made",
        "Your mask is the other way round: frames look at nothing but padding.",
        mask="inverted, ready-made",
    ),
    _slip("no mean", "Layer norm takes the mean of a frame's features away first.", kind="no mean"),
    _slip(
        "relu behind",
        "The relu stands between linear1 and linear2, not behind them: what is added may be negative.",
        bend="behind",
    ),
    _slip("no bias of linear1", "linear1.bias is missing.", feed_bias=(2,)),
    _slip("no bias of linear2", "linear2.bias is missing.", feed_bias=(1,)),
    _slip("no out_proj", "The heads are merged but not mixed: out_proj is missing.", out=False),
    _slip(
        "no biases behind",
        "linear1 and linear2 have biases too, linear1.bias and linear2.bias.",
        feed_bias=(),
    ),
    _slip("gelu", "Between linear1 and linear2 stands a relu; yours bends otherwise.", bend="gelu"),
    _slip(
        "nothing between",
        "The relu between linear1 and linear2 is missing, and without it the two are but one layer.",
        bend="none",
    ),
    _slip(
        "second norm forgotten",
        "norm2 is missing: what goes into linear1 is normed too.",
        norm2=False,
    ),
    _slip(
        "first norm forgotten",
        "norm1 is missing: what goes into attention is normed.",
        norm1=False,
    ),
    Mistake(
        "names of the module alone",
        lambda parameters, x, num_heads, lengths: parameters["in_proj_weight"],
        "The names begin with the part they belong to: self_attn.in_proj_weight, self_attn.out_proj.weight, "
        "and so on.",
    ),
    Mistake(
        "weights not transposed",
        lambda parameters, x, num_heads, lengths: x @ parameters["self_attn.in_proj_weight"],
        "Weights are [out, in] and have to be transposed: x @ weight.T.",
    ),
    _slip("mask without axes", _AXES, mask="flat"),
    _slip(
        "padding not cleaned",
        "The weights at padding are 0, but 0 · NaN is NaN: set padded frames to 0 first, "
        "x.masked_fill(…, 0).",
        clean=False,
    ),
    Mistake(
        "padding cleaned late",
        slips.cleaned_late,
        "Padding is set to 0 too late: the output is right, but gradients also pass through the product or "
        "norm before it, and 0 · NaN is NaN there too. Set padded frames to 0 before anything else uses "
        "them.",
    ),
)
