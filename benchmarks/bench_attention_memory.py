"""How much memory attention needs: `python benchmarks/bench_attention_memory.py`."""

import torch
from harness import peak_memory, store
from torch.nn import functional as F

from mmcourse.scratch.attention import scaled_dot_product_attention
from mmcourse.scratch.chunked import chunked_attention

LONG, SHORT, FEATURES = 8_192, 64, 64
MIB = 2**20


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
    generator = torch.Generator().manual_seed(0)
    inputs = [torch.randn(1, 1, time, FEATURES, generator=generator, requires_grad=True) for _ in range(3)]
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
    store(
        "attention_memory",
        memory_rows(),
        "Forward and backward in a process of its own, beyond what the same call needs at a length of "
        f"{SHORT}: the libraries' code, which a first call brings into memory.",
    )


if __name__ == "__main__":
    main()
