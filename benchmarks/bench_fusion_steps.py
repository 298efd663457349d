"""What a step of training costs with each fusion: `python benchmarks/bench_fusion_steps.py`.

Beside it stands concatenation. Fusions of embeddings are timed alone, on embeddings of 64 numbers a sense;
those that need tokens, maps or inputs as whole classifiers, beside a whole classifier with concatenation.
"""

import sys
from collections.abc import Callable
from functools import partial

import torch
from harness import Peak, peak_memory, ratio, store
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mmcourse.modules.fusions import FUSIONS, build

BATCH, WIDTH, CLASSES, MELS, TIME = 64, 64, 10, 40, 52


def trained(model: nn.Module, inputs: Callable[[], tuple], label: Tensor) -> Callable[[], object]:
    """One step of training, as a function."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)

    def step() -> None:
        optimiser.zero_grad()
        cross_entropy(model(*inputs()), label).backward()
        optimiser.step()

    return step


def step_of(name: str) -> tuple[Callable[[], object], nn.Module]:
    """A step of a fusion: alone with one linear layer as its head, or in a whole classifier."""
    torch.manual_seed(0)
    label = torch.arange(BATCH) % CLASSES
    if FUSIONS[name].joins == "embeddings":
        joined = FUSIONS[name].make([WIDTH, WIDTH], WIDTH)
        embeddings = [torch.randn(BATCH, WIDTH) for _ in range(2)]
        model = nn.Sequential(joined, nn.ReLU(), nn.Linear(WIDTH, CLASSES))
        return trained(model, lambda: (embeddings,), label), joined
    return whole(name, label)


def whole(name: str, label: Tensor | None = None) -> tuple[Callable[[], object], nn.Module]:
    """A step of a whole classifier of pictures of 8 × 8 pixels and a second of speech."""
    torch.manual_seed(0)
    label = torch.arange(BATCH) % CLASSES if label is None else label
    model = build(name, CLASSES, features=WIDTH, n_mels=MELS)
    batch = {
        "image": torch.randn(BATCH, 1, 8, 8),
        "speech": torch.randn(BATCH, MELS, TIME),
        "lengths": torch.full((BATCH,), TIME),
    }
    return trained(model, lambda: (batch,), label), model


def steps(name: str, alone: bool, count: int = 3) -> None:
    """A few steps, for the memory that they need."""
    torch.set_num_threads(1)
    step, _ = step_of(name) if alone else whole(name)
    for _ in range(count):
        step()


def grown(peak: Peak) -> int:
    """Bytes, most of which is what torch loads for any first step: only differences tell of a fusion."""
    return peak.peak_bytes - peak.start_bytes


def row(name: str, repeats: int) -> dict[str, str]:
    """Time and memory of a fusion beside those of concatenation."""
    alone = FUSIONS[name].joins == "embeddings"
    ours, model = step_of(name)
    theirs, _ = step_of("concat") if alone else whole("concat")
    result = ratio(ours, theirs, repeats=repeats)
    mine, other = (peak_memory(partial(steps, which, alone)) for which in (name, "concat"))
    return {
        "fusion": FUSIONS[name].title,
        "timed": "alone" if alone else "whole classifier",
        "parameters": f"{sum(p.numel() for p in model.parameters()):,}",
        "a step (ms)": f"{1e3 * result.ours:.2f}",
        "with concatenation (ms)": f"{1e3 * result.theirs:.2f}",
        "ratio": f"{result.ratio:.2f}",
        "middle half": f"{result.quarter:.2f} to {result.three_quarters:.2f}",
        "memory beyond it (MB)": f"{(grown(mine) - grown(other)) / 1e6:+.1f}",
    }


def main() -> None:
    torch.set_num_threads(1)  # as lessons do
    smoke = "--smoke" in sys.argv[1:]
    names = [name for name, chosen in FUSIONS.items() if chosen.joins != "decisions"]
    rows = [row(name, repeats=3 if smoke else 31) for name in (names[:3] if smoke else names)]
    if smoke:
        print(*rows, sep="\n")
        return
    note = (
        f"Batches of {BATCH}; two embeddings of {WIDTH} numbers, joined to {WIDTH}; pictures of 8 × 8, "
        f"{TIME} frames of {MELS} mel bands. Forward, backward and a step of AdamW, float32. Memory: how far "
        "a fresh process grows over three steps, less that of concatenation. Decisions are not listed: their "
        "models are trained apart."
    )
    store("fusion_steps", rows, note)


if __name__ == "__main__":
    main()
