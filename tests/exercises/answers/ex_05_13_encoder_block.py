"""Answers to 05.13 as learners write them: wrong ones with words of their hint, right ones, crashing ones."""

import torch
from torch import nn
from torch.nn import functional as F


def padding_of(x, lengths):
    return torch.arange(x.shape[1], device=x.device) >= lengths[:, None]


def layer_norm(p, name, x):
    return F.layer_norm(x, (x.shape[-1],), p[name + ".weight"], p[name + ".bias"])


def attention(p, x, num_heads, lengths):
    batch, time, width = x.shape
    qkv = x @ p["self_attn.in_proj_weight"].T + p["self_attn.in_proj_bias"]
    q, k, v = (y.view(batch, time, num_heads, -1).transpose(1, 2) for y in qkv.split(width, dim=-1))
    scores = q @ k.transpose(-1, -2) / (width // num_heads) ** 0.5
    scores = scores.masked_fill(padding_of(x, lengths)[:, None, None, :], -torch.inf)
    found = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, time, width)
    return found @ p["self_attn.out_proj.weight"].T + p["self_attn.out_proj.bias"]


def feedforward(p, x):
    x = (x @ p["linear1.weight"].T + p["linear1.bias"]).relu()
    return x @ p["linear2.weight"].T + p["linear2.bias"]


def wrong_post_norm(parameters, x, num_heads, lengths):
    """hint: post-norm block"""
    x = x.masked_fill(padding_of(x, lengths)[..., None], 0)
    x = layer_norm(parameters, "norm1", x + attention(parameters, x, num_heads, lengths))
    return layer_norm(parameters, "norm2", x + feedforward(parameters, x))


def wrong_cleaned_behind_the_norm(parameters, x, num_heads, lengths):
    """hint: set to 0 too late"""
    h = layer_norm(parameters, "norm1", x)
    h = h.masked_fill(padding_of(x, lengths)[..., None], 0)
    x = x + attention(parameters, h, num_heads, lengths)
    return x + feedforward(parameters, layer_norm(parameters, "norm2", x))


def wrong_adds_to_what_is_normed(parameters, x, num_heads, lengths):
    """hint: x itself goes on untouched"""
    x = layer_norm(parameters, "norm1", x.masked_fill(padding_of(x, lengths)[..., None], 0))
    x = x + attention(parameters, x, num_heads, lengths)
    x = layer_norm(parameters, "norm2", x)
    return x + feedforward(parameters, x)


def wrong_no_residuals(parameters, x, num_heads, lengths):
    """hint: two sums are missing"""
    x = x.masked_fill(padding_of(x, lengths)[..., None], 0)
    x = attention(parameters, layer_norm(parameters, "norm1", x), num_heads, lengths)
    return feedforward(parameters, layer_norm(parameters, "norm2", x))


def wrong_second_norm_forgotten(parameters, x, num_heads, lengths):
    """hint: norm2 is missing"""
    x = x.masked_fill(padding_of(x, lengths)[..., None], 0)
    x = x + attention(parameters, layer_norm(parameters, "norm1", x), num_heads, lengths)
    return x + feedforward(parameters, x)


def wrong_lengths_not_used(parameters, x, num_heads, lengths):
    """hint: frames look at padding"""
    everything = torch.full_like(lengths, x.shape[1])
    return right_by_hand(parameters, x, num_heads, everything)


def wrong_nan_times_zero(parameters, x, num_heads, lengths):
    """hint: 0 · NaN is NaN"""
    x = x + attention(parameters, layer_norm(parameters, "norm1", x), num_heads, lengths)
    return x + feedforward(parameters, layer_norm(parameters, "norm2", x))


def wrong_scaled_by_the_whole_width(parameters, x, num_heads, lengths):
    """hint: features / num_heads"""
    width = x.shape[-1]
    factor = torch.ones(3 * width, dtype=x.dtype)
    factor[:width] = num_heads**-0.5
    p = dict(parameters)
    p["self_attn.in_proj_weight"] = p["self_attn.in_proj_weight"] * factor[:, None]
    p["self_attn.in_proj_bias"] = p["self_attn.in_proj_bias"] * factor
    return right_by_hand(p, x, num_heads, lengths)


def wrong_heads_without_transposing(parameters, x, num_heads, lengths):
    """hint: exchange the axes of time and head"""
    p = parameters
    x = x.masked_fill(padding_of(x, lengths)[..., None], 0)
    y = layer_norm(p, "norm1", x)
    qkv = F.linear(y, p["self_attn.in_proj_weight"], p["self_attn.in_proj_bias"])
    q, k, v = (part.reshape(len(x), num_heads, x.shape[1], -1) for part in qkv.chunk(3, dim=-1))
    mask = ~padding_of(x, lengths)[:, None, None]
    found = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).reshape(x.shape)
    x = x + F.linear(found, p["self_attn.out_proj.weight"], p["self_attn.out_proj.bias"])
    return x + feedforward(p, layer_norm(p, "norm2", x))


def wrong_mask_of_torch_inverted(parameters, x, num_heads, lengths):
    """hint: other way round"""
    p = parameters
    padding = padding_of(x, lengths)
    x = x.masked_fill(padding[..., None], 0)
    y = layer_norm(p, "norm1", x)
    qkv = F.linear(y, p["self_attn.in_proj_weight"], p["self_attn.in_proj_bias"])
    q, k, v = (part.unflatten(-1, (num_heads, -1)).transpose(1, 2) for part in qkv.chunk(3, dim=-1))
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~padding[:, None, None], -1e9)
    found = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
    x = x + F.linear(found, p["self_attn.out_proj.weight"], p["self_attn.out_proj.bias"])
    return x + feedforward(p, layer_norm(p, "norm2", x))


def wrong_gelu(parameters, x, num_heads, lengths):
    """hint: bends otherwise"""
    p = parameters
    x = x.masked_fill(padding_of(x, lengths)[..., None], 0)
    x = x + attention(p, layer_norm(p, "norm1", x), num_heads, lengths)
    y = F.gelu(F.linear(layer_norm(p, "norm2", x), p["linear1.weight"], p["linear1.bias"]))
    return x + F.linear(y, p["linear2.weight"], p["linear2.bias"])


def wrong_std_of_torch(parameters, x, num_heads, lengths):
    """hint: divides by n"""

    def norm(name, x):
        x = (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True) + 1e-5).sqrt()
        return x * parameters[name + ".weight"] + parameters[name + ".bias"]

    x = x.masked_fill(padding_of(x, lengths)[..., None], 0)
    x = x + attention(parameters, norm("norm1", x), num_heads, lengths)
    return x + feedforward(parameters, norm("norm2", x))


def wrong_adds_to_the_first_x(parameters, x, num_heads, lengths):
    """hint: what attention found is lost"""
    x = x.masked_fill(padding_of(x, lengths)[..., None], 0)
    y = x + attention(parameters, layer_norm(parameters, "norm1", x), num_heads, lengths)
    return x + feedforward(parameters, layer_norm(parameters, "norm2", y))


def wrong_one_head(parameters, x, num_heads, lengths):
    """hint: num_heads is not used"""
    return right_by_hand(parameters, x, 1, lengths)


def wrong_relu_behind(parameters, x, num_heads, lengths):
    """hint: between linear1 and linear2"""
    p = parameters
    x = torch.where(padding_of(x, lengths)[..., None], 0, x)
    x = x + attention(p, layer_norm(p, "norm1", x), num_heads, lengths)
    y = F.linear(layer_norm(p, "norm2", x), p["linear1.weight"], p["linear1.bias"])
    return x + F.linear(y, p["linear2.weight"], p["linear2.bias"]).relu()


def right_by_hand(parameters, x, num_heads, lengths):
    x = torch.where(padding_of(x, lengths)[..., None], 0, x)
    x = x + attention(parameters, layer_norm(parameters, "norm1", x), num_heads, lengths)
    return x + feedforward(parameters, layer_norm(parameters, "norm2", x))


def right_torch_layer(*, parameters, x, num_heads, lengths):
    hidden, width = parameters["linear1.weight"].shape
    layer = nn.TransformerEncoderLayer(
        width, num_heads, hidden, dropout=0.0, batch_first=True, norm_first=True, dtype=x.dtype
    )
    padding = padding_of(x, lengths)
    x = x.masked_fill(padding[..., None], 0)
    options = {"src_key_padding_mask": padding}
    return torch.func.functional_call(layer, parameters, (x,), options)


def right_clip_by_clip(parameters, x, num_heads, lengths):
    rows = torch.zeros_like(x)
    for row, (clip, n) in enumerate(zip(x, lengths.tolist(), strict=True)):
        alone = clip[None, :n]
        rows[row, :n] = right_by_hand(parameters, alone, num_heads, torch.tensor([n], device=x.device))[0]
    return rows


def crash_names_of_a_module(parameters, x, num_heads, lengths):
    """line: parameters["in_proj_weight"]
    hint: self_attn.in_proj_weight
    """
    return x @ parameters["in_proj_weight"].T


def crash_weights_not_turned(parameters, x, num_heads, lengths):
    """line: y @ parameters["self_attn.in_proj_weight"]
    hint: transposed
    """
    y = layer_norm(parameters, "norm1", x)
    return y @ parameters["self_attn.in_proj_weight"]


def crash_mask_without_axes(parameters, x, num_heads, lengths):
    """line: scores.masked_fill(padding, -torch.inf)
    hint: [batch, 1, 1, key]
    """
    p, padding = parameters, padding_of(x, lengths)
    x = x.masked_fill(padding[..., None], 0)
    y = layer_norm(p, "norm1", x)
    qkv = F.linear(y, p["self_attn.in_proj_weight"], p["self_attn.in_proj_bias"])
    q, k, v = (part.unflatten(-1, (num_heads, -1)).transpose(1, 2) for part in qkv.chunk(3, dim=-1))
    scores = q @ k.mT / q.shape[-1] ** 0.5
    weights = scores.masked_fill(padding, -torch.inf).softmax(-1)
    found = (weights @ v).transpose(1, 2).flatten(2)
    x = x + F.linear(found, p["self_attn.out_proj.weight"], p["self_attn.out_proj.bias"])
    return x + feedforward(p, layer_norm(p, "norm2", x))
