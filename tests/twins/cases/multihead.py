"""Twins of scratch.multihead: torch.nn.MultiheadAttention with every way of giving it sequences and masks."""

import torch
from hypothesis import strategies as st
from torch.func import functional_call
from torch.nn import MultiheadAttention

from mmcourse.scratch import multihead as ours
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 4)


def parameters_of(module, tensor):
    """Random numbers in the shapes of a module's state_dict."""
    return {name: tensor(*value.shape) for name, value in module.state_dict().items()}


def sequences(draw, tensor, widths, batch, batch_first):
    """Query, key, value: with batch first or second, or without a batch (0)."""
    queries, keys = draw(SIZES), draw(SIZES)
    made = [tensor(max(batch, 1), n, width) for n, width in zip((queries, keys, keys), widths, strict=True)]
    if batch == 0:
        return [x[0] for x in made], queries, keys
    return [x if batch_first else x.transpose(0, 1) for x in made], queries, keys


def masks(draw, tensor, batch, heads, queries, keys):
    """Either mask, both or none, boolean (True: left out) or added; the first key stays to be seen.

    Where nothing is to be seen torch.nn.MultiheadAttention gives NaN with its weights and zeros without:
    test_multihead.py tries that, and what the two kinds of masks together do, in which torch warns.
    """
    kind, given = draw(st.sampled_from(["boolean", "added"])), {}

    def mask(*shape):
        numbers = tensor(*shape)
        hidden = numbers > 0
        hidden[..., 0] = False
        return hidden if kind == "boolean" else numbers.masked_fill(hidden, -torch.inf)

    if draw(st.booleans()):
        given["key_padding_mask"] = mask(*((batch,) if batch else ()), keys)
    if draw(st.booleans()):
        three = draw(st.booleans())
        given["attn_mask"] = mask(*((max(batch, 1) * heads,) if three else ()), queries, keys)
    return given


def example(draw, tensor, **options):
    heads, batch, batch_first = draw(st.integers(1, 3)), draw(st.integers(0, 3)), draw(st.booleans())
    width = heads * draw(st.integers(1, 3))
    widths = (width, width, width)
    if options.pop("other_widths", False):
        widths = (width, draw(SIZES), draw(SIZES))
    made = {"bias": draw(st.booleans()), "batch_first": batch_first} | options
    if widths[1:] != (width, width):
        made |= {"kdim": widths[1], "vdim": widths[2]}
    parameters = parameters_of(MultiheadAttention(width, heads, **made), tensor)
    tensors, queries, keys = sequences(draw, tensor, widths, batch, batch_first)
    called = masks(draw, tensor, batch, heads, queries, keys) | {
        "need_weights": draw(st.booleans()),
        "average_attn_weights": draw(st.booleans()),
    }
    return Call(parameters, *tensors, heads, made=made, called=called)


def one_sequence(draw, tensor):
    """The same tensor as query, key and value."""
    call = example(draw, tensor)
    parameters, x, _, _, heads = call.args
    masks_that_fit = {
        name: value
        for name, value in call.kwargs["called"].items()
        if name not in ("attn_mask", "key_padding_mask")
    }
    call.kwargs["called"] = masks_that_fit
    return Call(parameters, x, x, x, heads, **call.kwargs)


def ours_called(parameters, query, key, value, heads, made, called):
    options = {name: made[name] for name in ("batch_first", "add_zero_attn") if name in made}
    return ours.multi_head_attention(parameters, query, key, value, heads, **options, **called)


def theirs_called(parameters, query, key, value, heads, made, called):
    module = MultiheadAttention(query.shape[-1], heads, **made).to(query)
    return functional_call(module, parameters, (query, key, value), called)


def causal(draw, tensor):
    return example(draw, tensor)


def with_causal_mask(parameters, query, key, value, heads, made, called):
    """torch takes is_causal as a hint about attn_mask, which it wants too."""
    axis = 0 if query.ndim == 2 or not made["batch_first"] else 1
    hidden = torch.ones(query.shape[axis], key.shape[axis], dtype=torch.bool, device=query.device).triu(1)
    padding = called.get("key_padding_mask")
    if padding is not None and padding.is_floating_point():
        hidden = torch.zeros_like(hidden, dtype=query.dtype).masked_fill(hidden, -torch.inf)
    called = {name: value for name, value in called.items() if name != "attn_mask"} | {"attn_mask": hidden}
    return theirs_called(parameters, query, key, value, heads, made, called)


def causal_ours(parameters, query, key, value, heads, made, called):
    called = {name: value for name, value in called.items() if name != "attn_mask"} | {"is_causal": True}
    return ours_called(parameters, query, key, value, heads, made, called)


def heads_example(draw, tensor):
    heads = draw(SIZES)
    return Call(tensor(draw(SIZES), draw(SIZES), heads * draw(SIZES)), heads)


def split(x, heads):
    """One head after the other, as slices of the features."""
    return torch.stack(x.chunk(heads, dim=-1), dim=1)


def merge(x):
    return torch.cat(x.unbind(dim=1), dim=-1)


TWINS = [
    Twin("multi_head_attention", ours_called, theirs_called, example),
    Twin(
        "multi_head_attention, keys and values of other widths",
        ours_called,
        theirs_called,
        lambda draw, tensor: example(draw, tensor, other_widths=True),
    ),
    Twin(
        "multi_head_attention, one more key",
        ours_called,
        theirs_called,
        lambda draw, tensor: example(draw, tensor, add_bias_kv=True, add_zero_attn=draw(st.booleans())),
    ),
    Twin(
        "multi_head_attention, a key of zeros",
        ours_called,
        theirs_called,
        lambda draw, tensor: example(draw, tensor, add_zero_attn=True),
    ),
    Twin("multi_head_attention, of a sequence on itself", ours_called, theirs_called, one_sequence),
    Twin("multi_head_attention, causal", causal_ours, with_causal_mask, causal),
    Twin("split_heads", ours.split_heads, split, heads_example),
    Twin(
        "merge_heads",
        ours.merge_heads,
        merge,
        lambda draw, tensor: Call(tensor(*(draw(SIZES) for _ in range(4)))),
    ),
]
