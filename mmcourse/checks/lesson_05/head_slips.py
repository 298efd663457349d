"""Several heads as people get them wrong, beside the slips that have a switch in block_slips."""

from mmcourse.checks import lazy
from mmcourse.checks.lesson_05.attending import padding

torch, F = lazy("torch"), lazy("torch.nn.functional")


def heads(x, in_weight, in_bias, out_weight, out_bias, num_heads, lengths):
    packed = F.linear(x, in_weight, in_bias)
    q, k, v = (y.unflatten(-1, (num_heads, -1)).transpose(1, 2) for y in packed.chunk(3, dim=-1))
    mask = padding(lengths, x.shape[1])[:, None, None]
    found = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return F.linear(found.transpose(1, 2).flatten(2), out_weight, out_bias)


def parts(x, in_weight, in_bias, num_heads):
    packed = F.linear(x, in_weight, in_bias)
    return [y.unflatten(-1, (num_heads, -1)).transpose(1, 2) for y in packed.chunk(3, dim=-1)]


def joined_in_time(x, in_weight, in_bias, out_weight, out_bias, num_heads, lengths):
    q, k, v = parts(x, in_weight, in_bias, num_heads)
    found = F.scaled_dot_product_attention(q, k, v, padding(lengths, x.shape[1])[:, None, None])
    return F.linear(found.flatten(2), out_weight, out_bias)


def over_heads(x, in_weight, in_bias, out_weight, out_bias, num_heads, lengths):
    q, k, v = parts(x, in_weight, in_bias, num_heads)
    hidden = ~padding(lengths, x.shape[1])[:, None, None]
    weights = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(hidden, -torch.inf).softmax(1)
    return F.linear((weights @ v).transpose(1, 2).flatten(2), out_weight, out_bias)


def both_masked(x, in_weight, in_bias, out_weight, out_bias, num_heads, lengths):
    q, k, v = parts(x, in_weight, in_bias, num_heads)
    valid = padding(lengths, x.shape[1])
    hidden = ~(valid[:, None, None] & valid[:, None, :, None])
    weights = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(hidden, -torch.inf).softmax(-1)
    return F.linear((weights @ v).transpose(1, 2).flatten(2), out_weight, out_bias)


def rescaled(x, in_weight, in_bias, out_weight, out_bias, num_heads, lengths, factor):
    """Queries times factor(features, heads) before all else goes right."""
    features = x.shape[-1]
    factors = torch.ones(3 * features, dtype=x.dtype, device=x.device)
    factors[:features] = factor(features, num_heads)
    return heads(x, in_weight * factors[:, None], in_bias * factors, out_weight, out_bias, num_heads, lengths)


def by_rows(split):
    """Queries, keys, values taken from the rows of in_proj_weight by split(weight) and split(bias)."""

    def wrong(x, in_weight, in_bias, out_weight, out_bias, num_heads, lengths):
        weight, bias = torch.cat(list(split(in_weight))), torch.cat(list(split(in_bias)))
        return heads(x, weight, bias, out_weight, out_bias, num_heads, lengths)

    return wrong
