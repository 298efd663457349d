"""What `fit` costs beside a bare loop that does the same: `python benchmarks/bench_training.py`.

Both take the same batches through the same steps and validate after each epoch; their weights end equal.
"""

import contextlib
import io
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy

import torch
from bench_models import digits
from harness import ratio, store
from torch import nn
from torch.nn.functional import cross_entropy

from mmcourse.modules.image_models import ImageCNN
from mmcourse.modules.multimodal import OneSense
from mmcourse.modules.speech_models import SpeechRNN
from mmcourse.training import Batches, ProgressBar, fit

BATCH, CLASSES, VALIDATED = 64, 10, 200
RATE, DECAY, LONGEST = 2e-3, 1e-2, 1.0


def bare(model: nn.Module, table: dict, val: dict, epochs: int) -> nn.Module:
    """What one writes by hand: AdamW, one cycle, clipping, mean loss, validation."""
    train = Batches(table, BATCH, seed=0)
    torch.manual_seed(0)
    optimiser = torch.optim.AdamW(model.parameters(), weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=epochs * len(train), pct_start=0.1
    )
    for _ in range(epochs):
        model.train()
        total = 0.0
        for batch in train:
            loss = cross_entropy(model(batch), batch["label"])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), LONGEST)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(batch["label"])
        model.eval()
        total = correct = 0.0
        with torch.no_grad():
            for batch in Batches(val, 256):
                logits = model(batch)
                total += cross_entropy(logits, batch["label"], reduction="sum").item()
                correct += (logits.argmax(dim=-1) == batch["label"]).sum().item()
    return model


def fitted(model: nn.Module, table: dict, val: dict, epochs: int, **options) -> nn.Module:
    batches = Batches(table, BATCH, seed=0), Batches(val, 256)
    fit(
        model,
        *batches,
        epochs=epochs,
        seed=0,
        learning_rate=RATE,
        weight_decay=DECAY,
        max_norm=LONGEST,
        **options,
    )
    return model


def row(what: str, ours: Callable, theirs: Callable, most: str, repeats: int = 9) -> dict[str, str]:
    """Time two ways to train; the model that each call returns is thrown away."""
    return {"what": what, **ratio(ours, theirs, repeats=repeats).row(), "at most": most}


def same_weights(one: nn.Module, other: nn.Module) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def with_checkpoints(train: Callable, every: int | None = None) -> Callable[[], nn.Module]:
    from mmcourse.training import Checkpoints

    def run() -> nn.Module:
        with tempfile.TemporaryDirectory() as folder:
            return train(checkpoints=Checkpoints(folder, every=every))

    return run


def with_bar(train: Callable) -> Callable[[], nn.Module]:
    def run() -> nn.Module:
        with contextlib.redirect_stderr(io.StringIO()):
            return train(callbacks=[ProgressBar()])

    return run


class WatchedBar(ProgressBar):
    """A bar with a clock around its own work."""

    def __init__(self):
        super().__init__()
        self.took = 0.0

    def on_step(self, run) -> None:
        """Do what a bar does, and add up what that took."""
        start = time.perf_counter()
        super().on_step(run)
        self.took += time.perf_counter() - start


def share_of_a_bar(train: Callable) -> float:
    """Share of a training's time that its bar takes."""
    bar = WatchedBar()
    with contextlib.redirect_stderr(io.StringIO()):
        start = time.perf_counter()
        train(callbacks=[bar])
        return bar.took / (time.perf_counter() - start)


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    image, speech, lengths, label = digits()
    table = {"image": image, "speech": speech, "lengths": lengths, "label": label}
    val = {name: values[:VALIDATED] for name, values in table.items()}
    seen, heard = OneSense("image", ImageCNN(64), CLASSES), OneSense("speech", SpeechRNN(64), CLASSES)

    def ours(model, epochs, **options):
        return lambda **more: fitted(deepcopy(model), table, val, epochs, **options, **more)

    def theirs(model, epochs):
        return lambda: bare(deepcopy(model), table, val, epochs)

    if not same_weights(ours(seen, 2)(), theirs(seen, 2)()):
        raise SystemExit("fit and the bare loop end at different weights: the comparison would not be fair")
    plain = ours(seen, 8)
    rows = [
        row("fit beside a bare loop, image CNN", plain, theirs(seen, 8), "1.05"),
        row("fit beside a bare loop, speech GRU", ours(heard, 2), theirs(heard, 2), "1.05"),
        row("a progress bar", with_bar(plain), plain, "1.01", repeats=31),
        row("a checkpoint each epoch", with_checkpoints(plain), plain, "–"),
        row("a checkpoint every 5 steps", with_checkpoints(plain, every=5), plain, "–"),
    ]
    share = max(share_of_a_bar(plain) for _ in range(5))
    note = (
        f"A clock around the bar's own work: at most {share:.2%} of a training, in five. "
        f"`digits`: {len(label):,} pairs, batches of {BATCH}, validation on {VALIDATED} after each "
        "epoch; image CNN 8 epochs, speech GRU 2. First two rows: theirs is the same loop written by "
        "hand, which ends at the same weights to the bit. Other rows: theirs is fit without it; "
        "checkpoints are synced to the disk, two are kept."
    )
    store("training", rows, note)


if __name__ == "__main__":
    main()
