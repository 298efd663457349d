"""Several heads of attention over padded clips."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_05 import head_slips as slips
from mmcourse.checks.lesson_05.attending import padding
from mmcourse.checks.lesson_05.block_slips import attend as slipping

torch, F = lazy("torch"), lazy("torch.nn.functional")

_NAMES = ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")


def _use(answer, x, *rest):
    """Call an answer; what it gives at padding is not looked at."""
    output = answer(x, *rest)
    if not isinstance(output, torch.Tensor) or output.shape != x.shape:
        return output
    return output.masked_fill(~padding(rest[-1], x.shape[1])[..., None], 0.0)


def _slip(name, sentence, **switches):
    return Mistake(name, partial(_slipping, switches), sentence)


def _slipping(switches, x, in_weight, in_bias, out_weight, out_bias, num_heads, lengths):
    tensors = (in_weight, in_bias, out_weight, out_bias)
    named = {f"self_attn.{name}": tensor for name, tensor in zip(_NAMES, tensors, strict=True)}
    return slipping(named, x, num_heads, lengths, **switches)


def _inputs(generator, num_heads, width, time, lengths, million=False):
    features = num_heads * width
    x = torch.randn(len(lengths), time, features, generator=generator)
    lengths = torch.tensor(lengths)
    if million:
        x = x.masked_fill(~padding(lengths, time)[..., None], 1e6)
    sizes = ((3 * features, features), (3 * features,), (features, features), (features,))
    weights = (torch.randn(size, generator=generator) for size in sizes)
    return (x, *weights, num_heads, lengths)


_HEADS = (
    "The heads are cut across time: cut the features first, [batch, time, head, width], then exchange time "
    "and head; reshape alone keeps the numbers in a row."
)
_PADDING = (
    "Frames look at padding: where a key lies behind its clip's end, its score must be −∞, in every row."
)
_ORDER = "The rows of in_proj_weight are those of the queries, then of the keys, then of the values."
_AXES = "The mask [batch, key] has to be [batch, 1, 1, key] beside scores [batch, head, query, key]."
_TURN = "Weights are [out, in] and have to be turned: x @ weight.T."

multi_head_attention = Exercise(
    id="05.8",
    name="multi_head_attention",
    title="Several heads, and padding",
    difficulty=3,
    minutes=25,
    stub="let every frame of a clip ask all of the clip's frames, with num_heads heads",
    parameters=(
        "x",
        "in_proj_weight",
        "in_proj_bias",
        "out_proj_weight",
        "out_proj_bias",
        "num_heads",
        "lengths",
    ),
    reference=slips.heads,
    call=_use,
    hints=(
        "One product gives queries, keys and values at once, [batch, time, 3 · feature]. Which third is "
        "which, and when is it cut into heads?",
        "How many features does a product of one head add up, and which axis of [batch, head, query, key] "
        "do the lengths speak of?",
        "q, k, v = (x @ in_proj_weight.T + in_proj_bias).chunk(3, dim=-1); split_heads of each; scores / "
        "√width, −∞ where ~padding_mask(lengths, time)[:, None, None]; softmax over keys; @ v; "
        ".transpose(1, 2).flatten(2); @ out_proj_weight.T + out_proj_bias.",
    ),
    cases=(
        Case("two heads of one feature, two frames", lambda g: _inputs(g, 2, 1, 2, [2])),
        Case("padded clips", lambda g: _inputs(g, 2, 3, 5, [5, 2, 4])),
        Case("as many heads as frames and clips", lambda g: _inputs(g, 4, 4, 4, [4, 1, 3, 2])),
        Case("one head", lambda g: _inputs(g, 1, 4, 3, [2, 3])),
        Case("a batch of one, padded", lambda g: _inputs(g, 2, 2, 6, [4])),
        Case("a million in the padding", lambda g: _inputs(g, 3, 2, 5, [2, 4], million=True), gradient=False),
    ),
    mistakes=(
        _slip("1/√d forgotten", "The scores are not scaled: divide them by √width of a head.", scale="none"),
        _slip(
            "scaled by the width of all heads",
            "You divided by the root of all features; a head's products add up its own only, feature / "
            "num_heads.",
            scale="width",
        ),
        _slip("divided by d", "You divided the scores by a head's width; divide by its root.", scale="twice"),
        _slip("heads by reshape", _HEADS, heads="view"),
        _slip(
            "heads merged by reshape",
            "The heads are joined without exchanging the axes back: transpose(1, 2) to [batch, time, head, "
            "width] first, then flatten the last two.",
            heads="merged",
        ),
        _slip(
            "every n-th feature",
            "A head takes features that lie side by side: unflatten(-1, (num_heads, -1)).",
            heads="interleaved",
        ),
        _slip(
            "heads before q, k, v",
            "You cut into heads first and each head into q, k, v: the first third of the features are the "
            "queries of all heads.",
            heads="packed",
        ),
        Mistake(
            "joined without exchanging",
            slips.joined_in_time,
            "The heads are joined without exchanging the axes back: transpose(1, 2) to [batch, time, head, "
            "width] first, then flatten the last two.",
        ),
        Mistake(
            "root of the number of heads",
            lambda x, *rest: slips.rescaled(
                x, *rest, lambda features, heads: (features / heads / heads) ** 0.5
            ),
            "You divided by the root of num_heads; a head's products add up its width, feature / num_heads.",
        ),
        Mistake(
            "over heads",
            slips.over_heads,
            "The softmax runs over the heads; each query of each head shares out its weights over the keys, "
            "dim=-1.",
        ),
        Mistake(
            "queries masked too",
            slips.both_masked,
            "You masked padded queries too: their rows are all −∞, so softmax gives NaN, and the gradient "
            "carries it everywhere. Mask the keys alone.",
        ),
        *(_slip(f"order {order}", _ORDER, order=order) for order in ("kqv", "vkq", "qvk", "kvq", "vqk")),
        Mistake("every third row", slips.by_rows(lambda w: (w[i::3] for i in range(3))), _ORDER),
        _slip("no mask", _PADDING, mask="none"),
        _slip("queries masked", _PADDING, mask="queries"),
        _slip(
            "mask after softmax",
            "You set weights to 0 after the softmax, so what is left does not add up to 1: the scores must "
            "be −∞ before it.",
            mask="after",
        ),
        _slip(
            "0 for −∞",
            "A score of 0 is not “do not look”: e⁰ is 1. A padded key needs the score −∞.",
            mask="zero",
        ),
        _slip(
            "mask inverted",
            "Your mask is the other way round: frames look at the padding instead of the clip.",
            mask="inverted",
        ),
        _slip(
            "over queries",
            "The softmax runs over the queries; each query shares out its weights over the keys, dim=-1.",
            over="queries",
        ),
        _slip("no biases", "The biases are missing: in_proj_bias and out_proj_bias.", bias=False),
        Mistake(
            "no bias in",
            lambda x, iw, ib, *rest: slips.heads(x, iw, torch.zeros_like(ib), *rest),
            "in_proj_bias is missing.",
        ),
        Mistake(
            "no bias out",
            lambda x, iw, ib, ow, ob, *rest: slips.heads(x, iw, ib, ow, torch.zeros_like(ob), *rest),
            "out_proj_bias is missing.",
        ),
        _slip(
            "no out_proj",
            "The last layer is missing, which mixes the heads: out_proj_weight and out_proj_bias.",
            out=False,
        ),
        Mistake(
            "out not turned",
            lambda x, iw, ib, ow, *rest: slips.heads(x, iw, ib, ow.T, *rest),
            _TURN,
        ),
        Mistake("in not turned", lambda x, iw, *rest: x @ iw, _TURN),
        Mistake(
            "one head",
            lambda x, iw, ib, ow, ob, num_heads, lengths: slips.heads(x, iw, ib, ow, ob, 1, lengths),
            "This is one single head over all features: cut them into num_heads.",
        ),
        Mistake(
            "added to x",
            lambda x, *rest: x + slips.heads(x, *rest),
            "You added x to it, as a transformer's block does later; here only what attention finds is "
            "wanted.",
        ),
        Mistake(
            "mask with one axis too few",
            lambda x, iw, ib, ow, ob, num_heads, lengths: torch.zeros(
                len(x), num_heads, x.shape[1], x.shape[1]
            ).masked_fill(padding(lengths, x.shape[1])[:, None], 0),
            _AXES,
        ),
        Mistake("mask without axes", lambda x, *rest: _slipping({"mask": "flat"}, x, *rest), _AXES),
    ),
    noticing="These are torch.nn.MultiheadAttention's own parameters: it gives the same, with "
    "key_padding_mask=~mask.",
    gradient=True,
    tolerance=1e-4,
    scaled=True,
)
