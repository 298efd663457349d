"""Attention that never holds the matrix of query × key scores, forward or backward.

Softmax needs the largest score of a row and the sum of its powers. Both can be kept up while the keys come a
chunk at a time: where a larger score turns up, what was added before is made smaller to fit.
"""

import math
from collections.abc import Iterator

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from ._arguments import widen
from ._attention import need_attention
from .attention import padding_mask


class ChunkedAttention(torch.autograd.Function):
    """Give softmax(q Kᵀ) V a tile of scores at a time, and make the tiles again for the backward.

    Forward, for each tile of scores S with the keys of one chunk, m and z being those of the chunks before:

        m' = max(m, rowmax(S))    z' = e^(m - m') z + rowsum(e^(S - m'))    O' = e^(m - m') O + e^(S - m') V

    At the end O / z is the output, and m + log z, the logarithm of the row's sum, is all that is kept of the
    scores: a tile of weights is P = e^(S - m - log z) again in the backward.

    Source  Milakov & Gimelshein 2018, "Online normalizer calculation for softmax", algorithm 3; Dao et al.
            2022, "FlashAttention", algorithms 1 and 4
    """

    @staticmethod
    def forward(
        ctx, query: Tensor, key: Tensor, value: Tensor, valid: Tensor | None, causal: bool, chunk: int
    ):
        """Attend: query [batch, query, feature], already scaled; valid [batch, key], False: not seen."""
        output = query.new_empty(*query.shape[:2], value.shape[2])
        log_total = query.new_empty(*query.shape[:2], 1)
        for rows in _chunks(query.shape[1], chunk):
            largest = query.new_full((len(query), rows.stop - rows.start, 1), -torch.inf)
            total = torch.zeros_like(largest)
            found = torch.zeros_like(output[:, rows])
            for columns in _chunks(key.shape[1], chunk, rows.stop if causal else None):
                scores = _tile(query, key, valid, causal, rows, columns)
                larger = torch.maximum(largest, scores.amax(-1, keepdim=True))
                finite = larger.masked_fill(larger == -torch.inf, 0)  # -∞ - (-∞) is NaN
                powers = scores.sub_(finite).exp_()
                fade = (largest - finite).exp_()
                total = total.mul_(fade).add_(powers.sum(-1, keepdim=True))
                found = found.mul_(fade).baddbmm_(powers, value[:, columns])
                largest = larger
            unseen = total == 0
            output[:, rows] = found.div_(total.masked_fill(unseen, 1))
            # +∞ where there is nothing to see: every weight e^(S - ∞) is 0 in the backward.
            log_total[:, rows] = (largest + total.log()).masked_fill_(unseen, torch.inf)
        ctx.save_for_backward(query, key, value, valid, output, log_total)
        ctx.causal, ctx.chunk = causal, chunk
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, ...]:
        """Give ∂L/∂ of query, key and value, as _attention.Attention does, a tile at a time."""
        query, key, value, valid, output, log_total = ctx.saved_tensors
        grad_query, grad_key, grad_value = (torch.zeros_like(x) for x in (query, key, value))
        for rows in _chunks(query.shape[1], ctx.chunk):
            above = grad[:, rows]
            along = (above * output[:, rows]).sum(-1, keepdim=True)
            for columns in _chunks(key.shape[1], ctx.chunk, rows.stop if ctx.causal else None):
                scores = _tile(query, key, valid, ctx.causal, rows, columns)
                weights = scores.sub_(log_total[:, rows]).exp_()
                grad_value[:, columns] += weights.transpose(1, 2) @ above
                grad_scores = (above @ value[:, columns].transpose(1, 2)).sub_(along).mul_(weights)
                grad_query[:, rows] += grad_scores @ key[:, columns]
                grad_key[:, columns] += grad_scores.transpose(1, 2) @ query[:, rows]
        return grad_query, grad_key, grad_value, None, None, None


def chunked_attention(
    query: Float[Tensor, "*batch query feature"],
    key: Float[Tensor, "*batch key feature"],
    value: Float[Tensor, "*batch key out"],
    is_causal: bool = False,
    scale: float | None = None,
    chunk: int = 512,
    *,
    key_lengths: Int[Tensor, " first"] | None = None,
) -> Float[Tensor, "*batch query out"]:
    """Give softmax(Q Kᵀ / √d) V as scaled_dot_product_attention does, in memory that grows with n, not n².

    The scores are made twice, once for the output and once for the gradients, chunk × chunk at a time.

    query        [..., query, feature]
    key, value   [..., key, feature], [..., key, out]
    is_causal    query i looks at the keys 0 .. i only
    scale        what the products are multiplied by, 1/√feature where None
    chunk        queries and keys in a tile of scores; it need not divide their numbers
    key_lengths  [batch], the first axis: valid keys of each, from 0 to key, in front of its padding; all
                 where None. Where it is 0 the output is 0
    Returns      [..., query, out]
    Raises       TypeError for integers, ValueError for shapes, lengths and chunks that do not fit
    Source       Dao et al. 2022, "FlashAttention", algorithms 1 and 4
    """
    need_attention(query, key, value)
    batch = query.shape[:-2]
    if key.shape[:-2] != batch or value.shape[:-2] != batch:
        shapes = [list(x.shape) for x in (query, key, value)]
        raise ValueError(f"query, key and value need the same axes in front of time, got {shapes}.")
    if chunk < 1:
        raise ValueError(f"chunk must be at least 1, got {chunk}.")
    valid = None
    if key_lengths is not None:
        valid = _valid(key_lengths, key)
        key, value = (
            x.masked_fill(~valid.reshape(*key.shape[:-1], 1), 0) for x in (key, value)
        )  # 0 · NaN is NaN
    q, k, v = (widen(x).reshape(math.prod(batch), *x.shape[-2:]) for x in (query, key, value))
    q = q * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
    output = ChunkedAttention.apply(q, k, v, valid, is_causal, chunk)
    return output.reshape(*query.shape[:-1], value.shape[-1]).to(query.dtype)


def _chunks(size: int, chunk: int, end: int | None = None) -> Iterator[slice]:
    """Cut 0 .. size into slices of `chunk`, the last one shorter, and stop before `end`."""
    for start in range(0, size if end is None else min(size, end), chunk):
        yield slice(start, min(start + chunk, size))


def _tile(
    query: Tensor, key: Tensor, valid: Tensor | None, causal: bool, rows: slice, columns: slice
) -> Float[Tensor, "batch row column"]:
    """Scores of some queries with some keys, -∞ where one may not look."""
    scores = query[:, rows] @ key[:, columns].transpose(1, 2)
    if valid is not None:
        scores.masked_fill_(~valid[:, None, columns], -torch.inf)
    if causal and columns.stop > rows.start + 1:  # the tile reaches beyond its first query
        row = torch.arange(rows.start, rows.stop, device=query.device)
        column = torch.arange(columns.start, columns.stop, device=query.device)
        scores.masked_fill_(column > row[:, None], -torch.inf)
    return scores


def _valid(key_lengths: Tensor, key: Tensor) -> Tensor:
    """Mark the keys of each clip, once for each of its heads: [batch · …, key]."""
    valid = padding_mask(key_lengths, key.shape[-2])
    if key.ndim < 3 or len(valid) != key.shape[0]:
        raise ValueError(
            f"key_lengths must hold one number for each of the first axis of key {list(key.shape)}, "
            f"got {list(key_lengths.shape)}."
        )
    heads = math.prod(key.shape[1:-2])
    return valid.repeat_interleave(heads, dim=0)
