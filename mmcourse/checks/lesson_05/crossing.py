"""One sense asks another: tokens of a picture look for what they need among frames of speech."""

from functools import partial

from mmcourse.checks import Case, Exercise, Mistake, lazy
from mmcourse.checks.lesson_05 import cross_slips as slips

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _cross_attention(image_tokens, speech_frames, w_q, w_k, w_v, speech_lengths):
    valid = slips.valid_frames(speech_frames, speech_lengths)
    speech = speech_frames.masked_fill(~valid[..., None], 0)
    q, k, v = image_tokens @ w_q.T, speech @ w_k.T, speech @ w_v.T
    return F.scaled_dot_product_attention(q, k, v, attn_mask=valid[:, None])


def _inputs(generator, tokens, time, widths, lengths, padding=None):
    """Tokens, frames, weights and lengths; widths = features of image, speech, query, output."""
    image, speech, d, out = widths
    frames, lengths = torch.randn(len(lengths), time, speech, generator=generator), torch.tensor(lengths)
    if padding is not None:
        frames = frames.masked_fill(~slips.valid_frames(frames, lengths)[..., None], padding)
    return (
        torch.randn(len(lengths), tokens, image, generator=generator),
        frames,
        torch.randn(d, image, generator=generator),
        torch.randn(d, speech, generator=generator),
        torch.randn(out, speech, generator=generator),
        lengths,
    )


def _tiny(generator):
    """One token, two frames and one of padding; the frames' scores are 0 and 2 / √2."""
    ones = torch.ones(2, 1)
    frames = torch.tensor([[[0.0], [1.0], [5.0]]])
    return torch.tensor([[[1.0]]]), frames, ones, ones, torch.tensor([[10.0]]), torch.tensor([2])


_ROLES = (
    "Here speech asks and the picture answers: queries are made of image_tokens, keys and values of "
    "speech_frames."
)
_LOOKS = (
    "Padded frames get a share of the weights: beyond a clip's own length every score must be −∞, before the "
    "softmax."
)
_INVERTED = "Your mask is the other way round: tokens look at padding only."
_WIDTH = "You divided by the root of another size: √d, d being the width of queries and keys."
_NAN = (
    "The weights at padding are 0, but 0 · NaN is NaN: set padded frames to 0 first, masked_fill(…, 0), "
    "which no product can undo."
)

_LATE = (
    "Padding is set to 0 too late: the output is right, but gradients also pass through the product or "
    "norm before it, and 0 · NaN is NaN there too. Set padded frames to 0 before anything else uses them."
)


def _slip(name, sentence, **switches):
    return Mistake(name, partial(slips.cross, **switches), sentence)


cross_attention = Exercise(
    id="05.11",
    name="cross_attention",
    title="A picture asks a voice",
    difficulty=2,
    minutes=20,
    stub="let each token of a picture take a weighted mean over the frames of speech",
    parameters=("image_tokens", "speech_frames", "w_q", "w_k", "w_v", "speech_lengths"),
    reference=_cross_attention,
    hints=(
        "Who asks here, and who is asked? Of which of the two senses are queries made, of which keys and "
        "values?",
        "The scores are [batch, token, frame]. Which of these axes does a token share its weights out over, "
        "and which of them has padding?",
        "q = image_tokens @ w_q.T; k and v are speech_frames @ w_k.T and @ w_v.T; scores = q @ k.mT / √d; "
        "where arange(time) >= speech_lengths[:, None], with an axis for the tokens put in between, −∞; "
        "softmax over dim=-1; times v.",
    ),
    cases=(
        Case("one token, two frames, one frame of padding", _tiny),
        Case("random senses", lambda g: _inputs(g, 4, 6, (5, 3, 4, 2), [6, 2, 4])),
        Case("senses of one width", lambda g: _inputs(g, 3, 5, (4, 4, 4, 4), [5, 1, 3, 2])),
        Case("as many tokens as frames and clips", lambda g: _inputs(g, 3, 3, (3, 3, 3, 3), [3, 1, 2])),
        Case("a batch of one", lambda g: _inputs(g, 2, 4, (3, 2, 5, 3), [3])),
        Case("a million in the padding", lambda g: _inputs(g, 2, 4, (3, 3, 2, 3), [2, 4, 1], padding=1e6)),
        Case(
            "NaN in the padding",
            lambda g: _inputs(g, 2, 4, (3, 3, 2, 3), [2, 4], padding=float("nan")),
        ),
    ),
    mistakes=(
        _slip("speech asks", _ROLES, asks="speech", clean=False),
        _slip("speech asks, its padding 0", _ROLES, asks="speech"),
        _slip("no mask", _LOOKS, mask="none"),
        _slip("lengths not used", _LOOKS, mask="none", clean=False),
        _slip(
            "mask after softmax",
            "What comes from padding is set to 0 behind the softmax, so the weights that are left do not "
            "add up to 1: set scores to −∞ before it.",
            mask="after",
            clean=False,
        ),
        _slip(
            "0 in place of −∞",
            "A score of 0 is not “do not look”: e⁰ is 1. What must not be seen gets the score −∞.",
            mask="zero",
            clean=False,
        ),
        _slip("mask inverted", _INVERTED, mask="inverted"),
        _slip("mask inverted, −∞", _INVERTED, mask="inverted, -∞"),
        _slip("mask inverted, ready-made", _INVERTED, mask="inverted, ready-made"),
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
        Mistake(
            "not low enough",
            slips.added_low,
            "A large number taken from a score is not −∞: a padded frame with a larger score outweighs it.",
        ),
        _slip(
            "mask on the tokens' axis",
            "The mask [batch, time] meets the scores [batch, token, time] with the wrong axis: put one in "
            "between, mask[:, None].",
            mask="flat, behind",
        ),
        _slip(
            "values are the keys",
            "Your values are the keys; values have weights of their own, speech_frames @ w_v.T.",
            values="keys",
        ),
        Mistake(
            "all axes turned",
            slips.all_axes_turned,
            "k.T turns all axes round, the batch too; only the last two change places: k.transpose(1, 2), "
            "or k.mT.",
        ),
        _slip(
            "mask without an axis for tokens",
            "The mask [batch, time] meets the scores [batch, token, time] with the wrong axis: put one in "
            "between, mask[:, None].",
            mask="flat",
        ),
        _slip(
            "softmax over tokens",
            "The softmax goes over the tokens; a token shares out its weights over the frames, dim=-1.",
            dim=-2,
        ),
        _slip(
            "softmax over the batch",
            "The softmax goes over the batch, so that clips take part in each other's weights: dim=-1 goes "
            "over the frames.",
            dim=0,
        ),
        _slip(
            "values of the picture",
            "Your values are made of the picture; tokens take with them what *speech* says: speech_frames @ "
            "w_v.T.",
            values="image",
        ),
        _slip(
            "values without weights",
            "The frames are averaged as they are; values are made by w_v, speech_frames @ w_v.T.",
            values="raw",
        ),
        Mistake(
            "w_q and w_k exchanged",
            slips.queries_as_keys,
            "The weights are exchanged: w_q belongs to what asks, image_tokens, and w_k to what is asked.",
        ),
        _slip(
            "weights not transposed",
            "Weights are [out, in] and have to be transposed: image_tokens @ w_q.T.",
            turned=False,
        ),
        _slip(
            "not scaled",
            "The scores are not scaled: divide by √d, d being the width of queries and keys.",
            scale="none",
        ),
        _slip("divided by d", "You divided the scores by d; divide by its root.", scale="d twice"),
        _slip("multiplied by √d", "You multiplied the scores by √d; divide.", scale="upside down"),
        _slip("scaled by the picture's width", _WIDTH, scale="image"),
        _slip("scaled by the width of speech", _WIDTH, scale="speech"),
        _slip("scaled by the number of frames", _WIDTH, scale="frames"),
        Mistake(
            "reshaped keys",
            slips.reshaped,
            "reshape keeps the numbers of the keys in a row and mixes frames with features; transpose(1, 2) "
            "exchanges the axes.",
        ),
        Mistake(
            "keys not turned",
            slips.key_not_turned,
            "The keys are [batch, time, d]; for the product with the queries their last two axes change "
            "places, transpose(1, 2).",
        ),
        Mistake(
            "first clip's length for all",
            slips.lengths_as_first_clip,
            "Every clip is cut at the length of the first; each has its own.",
        ),
        _slip(
            "weights given",
            "These are the weights; the values have yet to be averaged by them, weights @ v.",
            gives="weights",
        ),
        _slip(
            "tokens averaged",
            "The tokens are averaged away: the output has a row for each token, [batch, token, out].",
            gives="mean",
        ),
        _slip(
            "added to the tokens",
            "You added the tokens to what they found: that is the block's work; here only what is found is "
            "wanted.",
            gives="sum",
        ),
        _slip("padding not cleaned", _NAN, clean=False),
        Mistake("values cleaned late", slips.cleaned_late("v"), _LATE),
        Mistake("keys and values cleaned late", slips.cleaned_late("kv"), _LATE),
    ),
    noticing="There are as many answers as tokens, however long the clip is: whoever asks gives the shape, "
    "whoever is asked gives the content. With the roles exchanged a voice asks a picture.",
    gradient=True,
    scaled=True,
)
