"""What attention asks of its arguments, and its arithmetic over one buffer of scores."""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from ._arguments import need_floating

AT_HAND = 2**20  # numbers: 4 MiB of float32, which stay near the processor between two passes over them


class Attention(torch.autograd.Function):
    """Give softmax(q Kᵀ + mask) V and its gradients, with one matrix of n × n numbers and no copy of it.

    The scores S become the powers E = exp(S - max) where they stand. Rows are divided by their sums Z only in
    the output, which is smaller. With P = E / Z, and ∂O the gradient of the output O:

        ∂V = Pᵀ ∂O        ∂P = ∂O Vᵀ        ∂S = P (∂P - rowsum(∂P P)) = P (∂P - rowsum(∂O O))

    Source  Vaswani et al. 2017, "Attention is all you need", equation 1; the second form of the row sums is
            from Dao et al. 2022, "FlashAttention", appendix B
    """

    @staticmethod
    def forward(ctx, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
        """Attend: query [batch, query, feature], already scaled; mask [batch, query, key], True: may look."""
        powers = query.new_empty(*query.shape[:2], key.shape[1])
        share = query.new_empty(*query.shape[:2], 1)
        output = query.new_empty(*query.shape[:2], value.shape[2])
        for few in _few(powers):
            tile = torch.bmm(query[few], key[few].transpose(1, 2), out=powers[few])  # scores, until exp_
            if mask is not None:
                hide_(tile, mask[few])
            largest = tile.amax(-1, keepdim=True)
            tile.sub_(largest.masked_fill_(largest == -torch.inf, 0)).exp_()
            total = tile.sum(-1, keepdim=True)
            share[few] = total.masked_fill_(total == 0, 1).reciprocal_()  # what sees nothing stays at 0
            output[few] = torch.bmm(tile, value[few]).mul_(share[few])
        ctx.save_for_backward(query, key, value, powers, share, output)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx, grad: Tensor) -> tuple[Tensor | None, ...]:
        """Give ∂L/∂ of query, key, value, and of a mask that is added."""
        query, key, value, powers, share, output = ctx.saved_tensors
        grad = grad * share  # here rather than in the n × n matrix of powers
        along = (grad * output).sum(-1, keepdim=True)
        grad_query, grad_key, grad_value = (x.new_empty(x.shape) for x in (query, key, value))
        grad_mask = torch.empty_like(powers) if ctx.needs_input_grad[3] else None
        for few in _few(powers):
            torch.bmm(powers[few].transpose(1, 2), grad[few], out=grad_value[few])
            grad_scores = torch.bmm(grad[few], value[few].transpose(1, 2)).sub_(along[few]).mul_(powers[few])
            torch.bmm(grad_scores, key[few], out=grad_query[few])
            torch.bmm(grad_scores.transpose(1, 2), query[few], out=grad_key[few])
            if grad_mask is not None:
                grad_mask[few] = grad_scores
        return grad_query, grad_key, grad_value, grad_mask


def _few(powers: Tensor) -> Iterator[slice]:
    """Cut the first axis so that a processor keeps a piece at hand while it is worked on."""
    step = max(1, AT_HAND // max(1, powers.shape[1] * powers.shape[2]))
    for start in range(0, len(powers), step):
        yield slice(start, start + step)


def hide_(scores: Tensor, mask: Tensor) -> Tensor:
    """Put a mask on scores, in place: a boolean one sets what is False to -∞, any other is added."""
    return scores.masked_fill_(~mask, -torch.inf) if mask.dtype == torch.bool else scores.add_(mask)


def may_look(mask: Tensor) -> Tensor:
    """True where a mask of either kind lets a query look at a key."""
    return mask if mask.dtype == torch.bool else mask.detach() > -torch.inf


def need_attention(query: Tensor, key: Tensor, value: Tensor) -> None:
    """Raise unless these are queries, keys and values that fit together."""
    given = {"query": query, "key": key, "value": value}
    for name, x in given.items():
        need_floating(x, name)
        if x.ndim < 2:
            raise ValueError(f"{name} must be [..., time, feature], got {list(x.shape)}.")
    shapes = ", ".join(f"{name} {list(x.shape)}" for name, x in given.items())
    if query.shape[-1] != key.shape[-1]:
        raise ValueError(
            f"a query and a key must have the same features to be multiplied, got {shapes}: "
            "project both to one width first."
        )
    if key.shape[-2] != value.shape[-2]:
        raise ValueError(
            f"every key needs one value, got {shapes}: their second axis from the end must agree."
        )
    if not broadcasts(*(x.shape[:-2] for x in given.values())):
        raise ValueError(f"the axes in front of time must agree or be 1, got {shapes}.")


def need_mask(mask: object, scores: tuple[int, ...], name: str = "attn_mask") -> None:
    """Raise unless a mask is boolean or floating and broadcasts to the shape of the scores."""
    if not isinstance(mask, Tensor) or not (mask.dtype == torch.bool or mask.is_floating_point()):
        kind = mask.dtype if isinstance(mask, Tensor) else type(mask).__name__
        raise TypeError(
            f"{name} must be boolean (True: may be looked at) or floating (added to the scores), got {kind}: "
            f"use {name}.bool()."
        )
    if mask.ndim > len(scores) or not broadcasts(tuple(mask.shape), scores, to=scores):
        raise ValueError(
            f"{name} must broadcast to {list(scores)}, the scores [..., query, key], got {list(mask.shape)}: "
            "a padding mask [batch, key] needs the axes of heads and queries, mask[:, None, None]."
        )


def broadcasts(*shapes: tuple[int, ...], to: tuple[int, ...] | None = None) -> bool:
    """Whether shapes fit under broadcasting, and give a certain one."""
    try:
        found = torch.broadcast_shapes(*shapes)
    except RuntimeError:
        return False
    return to is None or tuple(found) == tuple(to)


def need_key_padding(mask: object, key: Tensor) -> None:
    """Raise unless a key padding mask is boolean or floating, and [batch, key] as the axes of key."""
    wanted = tuple(key.shape[:2])
    if not isinstance(mask, Tensor) or mask.shape != wanted:
        came = list(mask.shape) if isinstance(mask, Tensor) else type(mask).__name__
        raise ValueError(f"key_padding_mask must be [batch, key] = {list(wanted)}, got {came}.")
    need_mask(mask, wanted, "key_padding_mask")


def without_nan(x: Tensor, key_padding_mask: Tensor) -> Tensor:
    """Set what is no number in the padding of [batch, time, feature] to 0, and leave all else as it is.

    Padding gets no weight and no gradient. But 0 · NaN is NaN, in a product forward and in that of a weight's
    gradient.
    """
    padding = key_padding_mask if key_padding_mask.dtype == torch.bool else key_padding_mask == -torch.inf
    return x.masked_fill(padding[..., None] & ~x.detach().isfinite(), 0)
