"""How fast attention is beside torch's: `python benchmarks/bench_attention.py`."""

import torch
from harness import ratio, store
from torch import nn
from torch.nn import functional as F

from mmcourse.scratch.attention import scaled_dot_product_attention
from mmcourse.scratch.chunked import chunked_attention
from mmcourse.scratch.multihead import multi_head_attention
from mmcourse.scratch.transformer import transformer_encoder_layer

SHAPE = (16, 4, 256, 32)  # batch, head, time, feature


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


def main() -> None:
    torch.set_num_threads(2)
    store("attention", speed_rows(), "Theirs: torch.nn's; forward and backward, float32.")


if __name__ == "__main__":
    main()
