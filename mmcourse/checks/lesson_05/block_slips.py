"""A pre-norm block as people get it wrong: what the check of 05.13 compares an answer with."""

from mmcourse.checks import lazy

torch, F = lazy("torch"), lazy("torch.nn.functional")


def valid_frames(x, lengths):
    """[batch, time], True where a clip has frames."""
    return torch.arange(x.shape[1], device=x.device) < lengths[:, None]


def norm(parameters, name, x, *, kind="right"):
    """Layer norm, with a switch for each slip."""
    weight, bias = parameters[f"{name}.weight"], parameters[f"{name}.bias"]
    if kind == "none":
        return x
    if kind == "over time":
        return _normed(x, dim=1) * weight + bias
    if kind == "unbiased":
        return _normed(x, correction=1) * weight + bias
    if kind == "no eps":
        return _normed(x, eps=0.0) * weight + bias
    if kind == "eps outside":
        mean, spread = x.mean(-1, keepdim=True), x.std(-1, correction=0, keepdim=True)
        return (x - mean) / (spread + 1e-5) * weight + bias
    if kind == "variance":
        var = x.var(-1, correction=0, keepdim=True)
        return (x - x.mean(-1, keepdim=True)) / (var + 1e-5) * weight + bias
    if kind == "no mean":
        return x / (x.square().mean(-1, keepdim=True) + 1e-5).sqrt() * weight + bias
    if kind == "no weights":
        return _normed(x)
    return F.layer_norm(x, x.shape[-1:], weight, bias)


def _normed(x, dim=-1, correction=0, eps=1e-5):
    var = x.var(dim, correction=correction, keepdim=True)
    return (x - x.mean(dim, keepdim=True)) / (var + eps).sqrt()


def attend(parameters, x, num_heads, lengths, *, heads="right", scale="head", mask="keys", over="keys",
           order="qkv", bias=("in", "out"), out=True):  # fmt: skip
    """Multi-head attention of x on itself, with a switch for each slip."""
    p = {name[10:]: value for name, value in parameters.items() if name.startswith("self_attn.")}
    num_heads = 1 if heads == "one" else num_heads
    width = x.shape[-1] // num_heads
    packed = F.linear(x, p["in_proj_weight"], p["in_proj_bias"] if "in" in bias else None)
    shares = dict(zip(order, packed.chunk(3, dim=-1), strict=True))
    if heads == "packed":  # the three taken from within each head
        parts = packed.unflatten(-1, (num_heads, 3 * width)).transpose(1, 2).chunk(3, dim=-1)
        shares = dict(zip("qkv", parts, strict=True))
    elif heads == "view":
        shares = {one: y.reshape(len(x), num_heads, -1, width) for one, y in shares.items()}
    elif heads.startswith("interleaved"):
        shares = {one: y.unflatten(-1, (width, -1)).permute(0, 3, 1, 2) for one, y in shares.items()}
    else:
        shares = {one: y.unflatten(-1, (num_heads, -1)).transpose(1, 2) for one, y in shares.items()}
    q, k, v = (shares[one] for one in "qkv")
    scores = q @ k.mT / {"head": width, "width": x.shape[-1], "none": 1, "twice": width**2}[scale] ** 0.5
    weights = weigh(scores, valid_frames(x, lengths)[:, None, None], mask, over)
    found = (weights @ v).reshape(x.shape) if heads in ("view", "merged") else _merged(weights @ v, heads)
    if not out:
        return found
    return F.linear(found, p["out_proj.weight"], p["out_proj.bias"] if "out" in bias else None)


def _merged(found, heads):
    if heads == "interleaved":
        return found.permute(0, 2, 3, 1).flatten(2)
    return found.transpose(1, 2).flatten(2)


def weigh(scores, valid, mask, over):
    """The softmax of [batch, head, query, key], valid being [batch, 1, 1, key]."""
    dim = -1 if over == "keys" else -2
    if mask == "after":
        return scores.softmax(dim) * valid
    if mask == "zero":
        return (scores * valid).softmax(dim)
    if mask == "flat":
        return scores.masked_fill(~valid[:, 0, 0], -1e9).softmax(dim)
    if mask == "inverted, ready-made":
        return scores.masked_fill(valid, float("-inf")).softmax(dim).nan_to_num(0)
    if mask == "queries":
        return scores.masked_fill(~valid.mT, -1e9).softmax(dim)
    if mask == "inverted":
        return scores.masked_fill(valid, -1e9).softmax(dim)
    return (scores if mask == "none" else scores.masked_fill(~valid, -1e9)).softmax(dim)


def feed(parameters, x, *, bend="relu", bias=(1, 2)):
    """The two linear layers on each frame by itself."""
    p = parameters
    x = F.linear(x, p["linear1.weight"], p["linear1.bias"] if 1 in bias else None)
    bends = {"relu": F.relu, "gelu": F.gelu}
    x = bends.get(bend, lambda x: x)(x)
    x = F.linear(x, p["linear2.weight"], p["linear2.bias"] if 2 in bias else None)
    return x.relu() if bend == "behind" else x


def block(parameters, x, num_heads, lengths, *, kind="right", names=("norm1", "norm2"), clean=True,
          bend="relu", feed_bias=(1, 2), norm1=True, norm2=True, **options):  # fmt: skip
    """The block, with a switch for each slip in its parts; slips in how they are joined stand below."""
    x = _clean(x, lengths) if clean else x
    normed = norm(parameters, names[0], x, kind=kind) if norm1 else x
    x = x + attend(parameters, normed, num_heads, lengths, **options)
    normed = norm(parameters, names[1], x, kind=kind) if norm2 else x
    return x + feed(parameters, normed, bend=bend, bias=feed_bias)


def _clean(x, lengths):
    return x.masked_fill(~valid_frames(x, lengths)[..., None], 0)


def joined(way):
    """The block put together otherwise: way(x, attention, forward, norm1, norm2)."""

    def wrong(parameters, x, num_heads, lengths):
        return way(
            _clean(x, lengths),
            lambda x: attend(parameters, x, num_heads, lengths),
            lambda x: feed(parameters, x),
            lambda x: norm(parameters, "norm1", x),
            lambda x: norm(parameters, "norm2", x),
        )

    return wrong


def post_norm(x, attention, forward, norm1, norm2):
    x = norm1(x + attention(x))
    return norm2(x + forward(x))


def no_sums(x, attention, forward, norm1, norm2):
    return forward(norm2(attention(norm1(x))))


def no_first_sum(x, attention, forward, norm1, norm2):
    x = attention(norm1(x))
    return x + forward(norm2(x))


def no_second_sum(x, attention, forward, norm1, norm2):
    return forward(norm2(x + attention(norm1(x))))


def normed_is_added(x, attention, forward, norm1, norm2):
    x = norm1(x)
    x = x + attention(x)
    x = norm2(x)
    return x + forward(x)


def side_by_side(x, attention, forward, norm1, norm2):
    return x + attention(norm1(x)) + forward(norm2(x))


def from_the_beginning(x, attention, forward, norm1, norm2):
    return x + forward(norm2(x + attention(norm1(x))))


def attention_only(x, attention, forward, norm1, norm2):
    return x + attention(norm1(x))


def norm_at_the_end(x, attention, forward, norm1, norm2):
    x = x + attention(norm1(x))
    return norm2(x + forward(x))


def norm_behind(x, attention, forward, norm1, norm2):
    x = x + norm1(attention(x))
    return x + norm2(forward(x))


def cleaned_late(parameters, x, num_heads, lengths):
    """Padding set to 0 only behind the first norm: right in the output, NaN in the gradients."""
    normed = _clean(norm(parameters, "norm1", x), lengths)
    x = x + attend(parameters, normed, num_heads, lengths)
    return x + feed(parameters, norm(parameters, "norm2", x))
