"""Speed and memory of attention beside torch's: `python benchmarks/bench_attention.py`."""

import torch
from harness import peak_memory, ratio, store
from torch import nn
from torch.nn import functional as F

from mmcourse.scratch.attention import scaled_dot_product_attention
from mmcourse.scratch.chunked import chunked_attention
from mmcourse.scratch.multihead import multi_head_attention
from mmcourse.scratch.transformer import transformer_encoder_layer

SHAPE = (16, 4, 256, 32)  # batch, head, time, feature
LONG, SHORT, FEATURES = 8_192, 64, 64
MIB = 2**20


def leaves(*shape: int, count: int = 3) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(shape, generator=generator, requires_grad=True) for _ in range(count)]


def both_ways(function, inputs: list[torch.Tensor]):
    """A call of a function and of its backward."""
    upstream = torch.randn_like(function(*inputs))
    return lambda: torch.autograd.grad(function(*inputs), inputs, upstream)


def speed_row(what: str, ours, theirs, inputs: list[torch.Tensor], limit: str) -> dict[str, str]:
    return {"what": what, **ratio(both_ways(ours, inputs), both_ways(theirs, inputs)).row(), "at most": limit}


def speed_rows() -> list[dict[str, str]]:
    theirs, inputs = F.scaled_dot_product_attention, leaves(*SHAPE)
    batch, heads, time, features = SHAPE
    looks = torch.arange(time) < torch.arange(time - batch, time)[:, None]
    looks = looks[:, None, None].expand(batch, 1, time, time)
    many = nn.MultiheadAttention(heads * features, heads, batch_first=True)
    layer = nn.TransformerEncoderLayer(heads * features, heads, 4 * heads * features, 0.0, batch_first=True)
    parameters = [{n: x.detach() for n, x in m.state_dict().items()} for m in (many, layer)]
    sequence = leaves(batch, time, heads * features, count=1)
    size = " × ".join(map(str, SHAPE))
    return [
        speed_row(
            f"scaled_dot_product_attention, {size}", scaled_dot_product_attention, theirs, inputs, "1.30"
        ),
        speed_row(
            "the same, padded clips",
            lambda *x: scaled_dot_product_attention(*x, looks),
            lambda *x: theirs(*x, looks),
            inputs,
            "–",
        ),
        speed_row(
            "the same, causal",
            lambda *x: scaled_dot_product_attention(*x, is_causal=True),
            lambda *x: theirs(*x, is_causal=True),
            inputs,
            "–",
        ),
        speed_row("chunked_attention, the same size", chunked_attention, theirs, inputs, "–"),
        speed_row(
            "multi_head_attention, 16 × 256 × 128, 4 heads",
            lambda x: multi_head_attention(parameters[0], x, x, x, heads, need_weights=False)[0],
            lambda x: many(x, x, x, need_weights=False)[0],
            sequence,
            "–",
        ),
        speed_row(
            "transformer_encoder_layer, the same size",
            lambda x: transformer_encoder_layer(parameters[1], x, heads, dropout=0.0, training=True),
            layer,
            sequence,
            "–",
        ),
    ]


def plain(query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """Attention as it is first written: one matrix of scores, one of weights."""
    scores = query @ key.transpose(-2, -1) / query.shape[-1] ** 0.5
    return scores.softmax(dim=-1) @ value


WAYS = {
    "plain": plain,
    "scratch.attention, one buffer": scaled_dot_product_attention,
    "scratch.chunked": chunked_attention,
    "torch's": F.scaled_dot_product_attention,
    "nothing (inputs and gradients)": None,
}


def use(way: str, time: int) -> None:
    """One forward and backward, for a process of its own."""
    torch.set_num_threads(2)
    inputs = leaves(1, 1, time, FEATURES)
    output = sum(x * 1.0 for x in inputs) if WAYS[way] is None else WAYS[way](*inputs)
    torch.autograd.grad(output, inputs, torch.ones_like(output))


def needed(way: str, time: int) -> float:
    """MiB that one call needs beyond a short one, which loads the same code of the libraries."""
    long, short = (peak_memory(use, way, n) for n in (time, SHORT))
    return ((long.peak_bytes - long.start_bytes) - (short.peak_bytes - short.start_bytes)) / MIB


def memory_rows() -> list[dict[str, str]]:
    found = {way: needed(way, LONG) for way in WAYS}
    limits = {"scratch.chunked": "1/8"}
    return [
        {
            "what": f"{way}, n = {LONG:,}, one head of {FEATURES}",
            "peak (MiB)": f"{mib:.1f}",
            "of the plain one": f"1/{found['plain'] / mib:.1f}",
            "at most": limits.get(way, "–"),
        }
        for way, mib in found.items()
    ]


def main() -> None:
    torch.set_num_threads(2)
    store("attention", speed_rows(), "Theirs: torch.nn's; forward and backward, float32.")
    store(
        "attention_memory",
        memory_rows(),
        "Forward and backward in a process of its own, beyond what the same call needs at a length of "
        f"{SHORT}: the libraries' code, which a first call brings into memory.",
    )


if __name__ == "__main__":
    main()
