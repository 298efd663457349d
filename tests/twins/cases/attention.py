"""Twins of scratch.attention, chunked and attention_pool: torch's scaled dot product, and modules."""

import torch
from hypothesis import strategies as st
from torch.func import functional_call
from torch.nn import functional as F

from mmcourse.modules.attention import AdditiveAttention
from mmcourse.modules.attention_pool import AttentionPool
from mmcourse.scratch import attention as ours
from mmcourse.scratch.attention_pool import attention_pool
from mmcourse.scratch.chunked import chunked_attention
from tests.twins.harness import Call, Twin

SIZES = st.integers(1, 5)
BATCHES = st.sampled_from([(), (2,), (2, 3), (1, 1), (3, 1, 2)])


def triple(draw, tensor, batch=None):
    batch = draw(BATCHES) if batch is None else batch
    queries, keys, features, out = (draw(SIZES) for _ in range(4))
    query, key = tensor(*batch, queries, features), tensor(*batch, keys, features)
    # A column of ones comes out as 1, so what cancels in other columns is measured against that.
    return query, key, torch.cat([torch.ones(*batch, keys, 1), tensor(*batch, keys, out)], dim=-1)


def some_scale(draw):
    # torch multiplies -∞ by the scale too: with 0 it gives NaN, below 0 the masked keys.
    return {} if draw(st.booleans()) else {"scale": draw(st.sampled_from([0.3, 1.0, 3.0]))}


def plain(draw, tensor):
    return Call(*triple(draw, tensor), is_causal=draw(st.booleans()), **some_scale(draw))


def mask_shape(draw, query, key):
    """A shape that broadcasts to [*batch, query, key]: some axes left out, some of size 1."""
    full = (*query.shape[:-1], key.shape[-2])
    kept = full[draw(st.integers(0, len(full) - 2)) :]
    return [size if draw(st.booleans()) else 1 for size in kept[:-2]] + list(kept[-2:])


def boolean(draw, tensor):
    query, key, value = triple(draw, tensor)
    mask = tensor(*mask_shape(draw, query, key)) > draw(st.sampled_from([-0.5, 0.5, 9.0]))  # 9: nothing seen
    return Call(query, key, value, mask, **some_scale(draw))


def added(draw, tensor):
    query, key, value = triple(draw, tensor)
    mask = tensor(*mask_shape(draw, query, key))
    return Call(query, key, value, mask.masked_fill(mask > draw(st.sampled_from([0.5, 9.0])), -torch.inf))


def groups(draw, tensor):
    batch, shared, times = draw(SIZES), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    query, key, value = triple(draw, tensor, (batch, shared))
    query = tensor(batch, shared * times, *query.shape[-2:])
    return Call(query, key, value, is_causal=draw(st.booleans()), enable_gqa=True)


def weights_too(draw, tensor):
    """With one value for each key, 1 at that key and 0 elsewhere, the output is the weights."""
    query, key, _ = triple(draw, tensor, ())
    return Call(query, key, torch.eye(len(key), dtype=torch.float64))


def lost_weights(draw, tensor):
    return Call(*triple(draw, tensor), dropout_p=draw(st.sampled_from([0.0, 1.0])))


def unscaled(draw, tensor):
    return Call(*triple(draw, tensor), is_causal=draw(st.booleans()))


def scores(draw, tensor):
    shape = draw(st.lists(SIZES, min_size=1, max_size=3))
    return Call(4 * tensor(*shape), None, draw(st.integers(-len(shape), len(shape) - 1)))


def masked_scores(draw, tensor):
    call = scores(draw, tensor)
    mask = tensor(*call.args[0].shape)
    mask = mask < 0.3 if draw(st.booleans()) else mask.masked_fill(mask > 0.3, -torch.inf)
    return Call(call.args[0], mask, call.args[2])


def softmax_of_some(scores, mask, dim):
    """torch's softmax, and zeros where a mask leaves nothing, where torch's is NaN."""
    hidden = scores.where(mask, -torch.inf) if mask.dtype == torch.bool else scores + mask
    nothing = (hidden == -torch.inf).all(dim, keepdim=True)
    return F.softmax(hidden.masked_fill(nothing, 0), dim).masked_fill(nothing, 0)


def additive(draw, tensor):
    batch = draw(BATCHES)
    queries, keys, asked, offered, hidden, out = (draw(SIZES) for _ in range(6))
    query, key, value = (
        tensor(*batch, queries, asked),
        tensor(*batch, keys, offered),
        tensor(*batch, keys, out),
    )
    parameters = {
        "query.weight": tensor(hidden, asked),
        "key.weight": tensor(hidden, offered),
        "score.weight": tensor(1, hidden),
    }
    mask = tensor(*mask_shape(draw, query, key))
    mask = draw(st.sampled_from([None, mask > 0, mask, mask.masked_fill(mask > 0, -torch.inf)]))
    return Call(parameters, query, key, value, mask, need_weights=draw(st.booleans()))


def module(parameters, query, key, value, mask, need_weights):
    hidden, asked = parameters["query.weight"].shape
    twin = AdditiveAttention(asked, parameters["key.weight"].shape[1], hidden)
    return functional_call(twin, parameters, (query, key, value, mask), {"need_weights": need_weights})


def some_lengths(draw, batch, time):
    return torch.tensor([draw(st.integers(0, time)) for _ in range(batch)])


def pool(draw, tensor):
    batch, time, features = draw(SIZES), draw(SIZES), draw(SIZES)
    lengths = draw(st.sampled_from([None, some_lengths(draw, batch, time)]))
    return Call({"score.weight": tensor(1, features)}, tensor(batch, time, features), lengths)


def pool_module(parameters, x, lengths):
    return functional_call(AttentionPool(x.shape[-1]), parameters, (x, lengths))


def chunked(draw, tensor):
    call = plain(draw, tensor)
    return Call(*call.args, **call.kwargs, chunk=draw(st.integers(1, 6)))


def chunked_padded(draw, tensor):
    batch = draw(st.sampled_from([(2,), (3, 2), (1, 1, 2)]))
    query, key, value = triple(draw, tensor, batch)
    lengths = some_lengths(draw, batch[0], key.shape[-2])
    return Call(query, key, value, draw(st.booleans()), chunk=draw(st.integers(1, 6)), key_lengths=lengths)


def whole(query, key, value, is_causal=False, scale=None, chunk=None, key_lengths=None):
    """The same with the whole matrix of scores."""
    if key_lengths is None:
        return F.scaled_dot_product_attention(query, key, value, None, 0.0, is_causal, scale=scale)
    seen = torch.arange(key.shape[-2], device=key.device) < key_lengths[:, None]
    seen = seen.reshape(len(seen), *(1,) * (key.ndim - 2), -1)
    if is_causal:
        seen = seen & torch.ones(query.shape[-2], key.shape[-2], dtype=torch.bool, device=key.device).tril()
    return F.scaled_dot_product_attention(query, key, value, seen.expand(*query.shape[:-1], -1), scale=scale)


def tril(query, key, device="cpu"):
    return torch.tril(torch.ones(query, key, device=device)) == 1


def valid(lengths, time):
    return torch.stack([torch.arange(time, device=lengths.device) < n for n in lengths])


SDPA, THEIRS = ours.scaled_dot_product_attention, F.scaled_dot_product_attention
TWINS = [
    Twin("scaled_dot_product_attention", SDPA, THEIRS, plain),
    Twin("scaled_dot_product_attention, boolean mask", SDPA, THEIRS, boolean),
    Twin("scaled_dot_product_attention, mask that is added", SDPA, THEIRS, added),
    Twin("scaled_dot_product_attention, shared heads", SDPA, THEIRS, groups),
    Twin("scaled_dot_product_attention, all or no weights lost", SDPA, THEIRS, lost_weights),
    Twin(
        "scaled_dot_product_attention, its weights",
        lambda query, key, value: SDPA(query, key, value, need_weights=True)[1],
        lambda query, key, value: THEIRS(query, key, value.detach()),
        weights_too,
    ),
    Twin(
        "dot_product_attention",
        ours.dot_product_attention,
        lambda query, key, value, is_causal: THEIRS(query, key, value, is_causal=is_causal, scale=1.0),
        unscaled,
    ),
    Twin(
        "masked_softmax",
        ours.masked_softmax,
        lambda scores, mask, dim: F.softmax(scores, dim),
        scores,
    ),
    Twin("masked_softmax, with a mask", ours.masked_softmax, softmax_of_some, masked_scores),
    Twin("additive_attention", ours.additive_attention, module, additive),
    Twin("attention_pool", attention_pool, pool_module, pool),
    Twin("chunked_attention", chunked_attention, whole, chunked),
    Twin("chunked_attention, padded", chunked_attention, whole, chunked_padded),
    Twin(
        "causal_mask",
        ours.causal_mask,
        tril,
        lambda draw, tensor: Call(draw(st.integers(0, 6)), draw(st.integers(0, 6))),
        gradients=False,
    ),
    Twin(
        "padding_mask",
        ours.padding_mask,
        valid,
        lambda draw, tensor: Call(some_lengths(draw, 3, 5), draw(st.integers(5, 7))),
        gradients=False,
    ),
]
# The autograd functions are what the functions above call.
ELSEWHERE = {
    "ChunkedAttention": "tests/twins/test_attention.py::test_gradients_by_hand_are_the_numerical_ones"
}
