"""Every way to join two senses, on human speech, where both err: python benchmarks/bench_fusion_balanced.py

At the noise of bench_fusion.py a picture of mnist-fsdd tells nearly all alone, since noise averages out over
28 × 28 dots, and the voice of somebody unheard, under babble twice as strong, tells next to nothing: joining
them has little to gain. Here the picture gets more noise and the voice less, chosen by what each sense does
alone, before any fusion was trained. Settings are tuned on this data set, on a seed of their own. Some
methods are left out, most of them slow ones. It takes a quarter of an hour of one core; what was done is kept
in the course's cache.
"""

import torch
from bench_fusion import BATCH, SEEDS, STACKED, bar, keep, run, tuned
from fusion_data import VALIDATION, Spoken, is_here
from fusion_methods import RATES

from mmcourse import compare

NAME = "mnist-fsdd, balanced"
NOISE, RATIO = 0.7, 9.0  # of pictures, σ; of speech to babble, dB
PAIRS, EXAMPLES, EPOCHS = 2, 3200, 4
LEFT_OUT = (
    *STACKED,
    "Hadamard product",
    "Bilinear",
    "Multiplicative interactions",
    "Tensor fusion",
    "Low-rank tensor fusion",
    "Cross-modal attention",
    "Bottleneck tokens",
    "One transformer of all tokens",
    "Random forest, features joined",
)

NOTE = """\
Whole classifiers, trained from pairs of mnist-fsdd with noise of σ = {noise:g} on pictures and babble at
{ratio:+g} dB; each seed draws its own split: {examples:,} training pairs of 4 people, {pairs} recordings a
picture, tested on one other person. Mean ± standard deviation over {seeds} seeds. Each training has {epochs}
epochs with batches of {batch}.

The noise was chosen so that each sense alone errs clearly and is far from guessing: between three settings at
which the two were trained alone on seed 0, before any fusion was trained. Equal tuning: each method tried 2
settings (learning rates {rates}; for features joined: pixels or HOG) on this data set with a seed of its own;
the better on validation is used.

Left out, to keep the run short: {left_out}.

Rules that join decisions ask the same two models, trained apart, and each is charged with both. Weights,
reliabilities and temperatures are learned on validation. MFLOPs: matrix products and convolutions of one
forward pass. Seconds: one seed, on a machine with other work.

Behind the best: points, with the 95 % interval over paired seeds (Student's t). p: of that test, adjusted by
Holm for all comparisons with the best; from 0.05 on a method is within seed noise. Five seeds tell only large
differences apart.

## Bars

{bars}"""


def note(results: compare.Results) -> str:
    """Say how it was measured, and whether the bars are met."""
    return NOTE.format(
        noise=NOISE,
        ratio=RATIO,
        examples=EXAMPLES,
        pairs=PAIRS,
        seeds=len(next(iter(results.scores(NAME).values()))),
        epochs=EPOCHS,
        batch=BATCH,
        rates=" and ".join(f"{rate:g}" for rate in RATES),
        left_out="; ".join(LEFT_OUT),
        bars=bar(results, NAME),
    )


def main() -> None:
    torch.set_num_threads(1)  # as lessons do
    data = compare.Data(
        name="mnist-fsdd", image_noise=NOISE, snr_db=RATIO, pairs_per_image=PAIRS, examples=EXAMPLES
    )
    condition = Spoken(data, VALIDATION)
    chosen = tuned(condition, EPOCHS, LEFT_OUT)
    budget = compare.Budget(epochs=EPOCHS, batch_size=BATCH)
    for seeds in range(1, 1 + SEEDS):  # what was done before comes from the cache
        results = run(chosen, {NAME: condition}, range(seeds), budget)
        keep({NAME: results}, note(results), "fusion_balanced")


if __name__ == "__main__":
    if is_here():
        main()
