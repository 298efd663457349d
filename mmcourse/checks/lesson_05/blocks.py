"""A whole block of a transformer: what lets frames speak to each other, and what works on each by itself."""

from mmcourse.checks import Case, Exercise, lazy
from mmcourse.checks.lesson_05 import block_slips as slips
from mmcourse.checks.lesson_05.block_mistakes import MISTAKES

torch, F = lazy("torch"), lazy("torch.nn.functional")


def _use(answer, parameters, x, num_heads, lengths):
    """Call an answer; what it gives at padding is not looked at."""
    output = answer(parameters, x, num_heads, lengths)
    if not isinstance(output, torch.Tensor) or output.shape != x.shape:
        return output
    return output.masked_fill(~slips.valid_frames(x, lengths)[..., None], 0)


def _encoder_block(parameters, x, num_heads, lengths):
    valid = slips.valid_frames(x, lengths)
    x = x.masked_fill(~valid[..., None], 0)
    normed = slips.norm(parameters, "norm1", x)
    packed = F.linear(normed, parameters["self_attn.in_proj_weight"], parameters["self_attn.in_proj_bias"])
    heads = [y.unflatten(-1, (num_heads, -1)).transpose(1, 2) for y in packed.chunk(3, dim=-1)]
    found = F.scaled_dot_product_attention(*heads, attn_mask=valid[:, None, None])
    found = found.transpose(1, 2).flatten(2)
    x = x + F.linear(found, parameters["self_attn.out_proj.weight"], parameters["self_attn.out_proj.bias"])
    return x + slips.feed(parameters, slips.norm(parameters, "norm2", x))


def _parameters(generator, width, hidden):
    shapes = {
        "self_attn.in_proj_weight": (3 * width, width),
        "self_attn.in_proj_bias": (3 * width,),
        "self_attn.out_proj.weight": (width, width),
        "self_attn.out_proj.bias": (width,),
        "linear1.weight": (hidden, width),
        "linear1.bias": (hidden,),
        "linear2.weight": (width, hidden),
        "linear2.bias": (width,),
        "norm1.weight": (width,),
        "norm1.bias": (width,),
        "norm2.weight": (width,),
        "norm2.bias": (width,),
    }
    drawn = {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}
    for name in ("norm1.weight", "norm2.weight"):
        drawn[name] = 1 + 0.3 * drawn[name]
    return drawn


def _inputs(generator, num_heads, width, hidden, time, lengths, padding=None):
    """Parameters, [batch, time, width], heads, lengths; what stands in the padding, or None for numbers."""
    x, lengths = torch.randn(len(lengths), time, width, generator=generator), torch.tensor(lengths)
    if padding is not None:
        x = x.masked_fill(~slips.valid_frames(x, lengths)[..., None], padding)
    return _parameters(generator, width, hidden), x, num_heads, lengths


def _silence(generator):
    """Frames whose features are all the same, and frames that differ by less than eps."""
    parameters, x, num_heads, lengths = _inputs(generator, 2, 4, 5, 4, [4, 3])
    x[:, 0], x[:, 1] = 0.0, 0.003 * x[:, 1]
    return parameters, x, num_heads, lengths


encoder_block = Exercise(
    id="05.13",
    name="encoder_block",
    title="Build it whole: a block of a transformer",
    difficulty=3,
    minutes=30,
    stub="add to each frame what attention finds, then what two linear layers make of it",
    parameters=("parameters", "x", "num_heads", "lengths"),
    reference=_encoder_block,
    call=_use,
    hints=(
        "Which two things are added to a frame, one after the other, and what stands in front of each of "
        "them?",
        "The block is x = x + A(LN₁(x)), then x + F(LN₂(x)). Which of these two mixes frames, so that it "
        "needs the lengths? What do its weights self_attn.… look like beside those of 05.8?",
        "Set padding to 0. normed = layer norm of x with norm1; q, k, v = (normed @ in_proj_weight.T + "
        "in_proj_bias).chunk(3, dim=-1), cut into heads; scores / √d, −∞ at the padded keys, softmax, times "
        "v, heads merged, out_proj; add it to x. Then add relu(norm2 of that @ linear1) @ linear2, biases "
        "too.",
    ),
    cases=(
        Case("one head, two features, one frame of padding", lambda g: _inputs(g, 1, 2, 2, 3, [2])),
        Case("two heads", lambda g: _inputs(g, 2, 6, 5, 4, [4, 2, 3])),
        Case("as many heads as frames", lambda g: _inputs(g, 4, 8, 12, 4, [3, 4, 1, 2])),
        Case("a batch of one", lambda g: _inputs(g, 2, 4, 3, 5, [5])),
        Case("silence", _silence),
        Case("a million in the padding", lambda g: _inputs(g, 2, 4, 6, 5, [2, 4, 3], padding=1e6)),
        Case(
            "NaN in the padding",
            lambda g: _inputs(g, 2, 4, 6, 5, [2, 4], padding=float("nan")),
        ),
    ),
    mistakes=MISTAKES,
    noticing="These are TransformerEncoderLayer's own parameters: what you have written is that layer, with "
    "norm_first=True. x runs through it untouched from end to end, and so does its gradient.",
    gradient=True,
    tolerance=1e-4,
    scaled=True,
)
