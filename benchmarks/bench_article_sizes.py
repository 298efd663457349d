"""Training at the article's sizes, and where its time goes: `python benchmarks/bench_article_sizes.py`.

CIFAR-10's pictures are 3 × 32 × 32. LibriSpeech's utterances last up to some 16 s: 80 mel bands every 10 ms.
"""

import torch
from bench_processes import Seen
from harness import store
from torch.utils.data import DataLoader, Dataset

from mmcourse import features
from mmcourse.modules.image_models import ImageCNN, ImageResNet
from mmcourse.modules.speech_models import SpeechCNN, SpeechRNN, SpeechTransformer
from mmcourse.training import Batches, where_time_goes

PICTURES, CLIPS, SECONDS, RATE, SPEAKERS = 64, 8, 15, 16_000, 250
MODELS = {
    "ImageCNN": lambda: ImageCNN(10, in_channels=3, channels=32),
    "ImageResNet": lambda: ImageResNet(10, in_channels=3, channels=32),
    "SpeechCNN": lambda: SpeechCNN(SPEAKERS, n_mels=80, channels=128),
    "SpeechRNN (GRU)": lambda: SpeechRNN(SPEAKERS, n_mels=80, hidden=128),
    "SpeechTransformer": lambda: SpeechTransformer(SPEAKERS, n_mels=80, width=128, num_heads=4),
}


class Utterances(Dataset):
    """Noise as long as an utterance, turned into log-mel frames when it is asked for."""

    def __len__(self) -> int:
        return 24 * CLIPS

    def __getitem__(self, index: int) -> dict:
        waveform = torch.randn(SECONDS * RATE, generator=torch.Generator().manual_seed(index))
        frames = features.log_mel(waveform, RATE, n_mels=80)
        return {"speech": frames, "lengths": frames.shape[-1], "label": index % SPEAKERS}


def pictures() -> Batches:
    """As many pictures as 24 batches take, in memory."""
    g = torch.Generator().manual_seed(0)
    rows = 24 * PICTURES
    image = torch.randn(rows, 3, 32, 32, generator=g)
    return Batches({"image": image, "label": torch.randint(10, (rows,), generator=g)}, PICTURES, seed=0)


def row(name: str, inputs: str, batches, batch_size: int, threads: int) -> dict[str, str]:
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = Seen(MODELS[name]())
    shares = where_time_goes(model, batches, steps=12)
    weights = sum(parameter.numel() for parameter in model.parameters())
    return {
        "network": name,
        "weights": f"{weights:,}",
        "batch": f"{batch_size} × {inputs}",
        "threads": threads,
        "samples a second": f"{shares.samples_a_second:,.1f}",
        **{
            part: f"{seconds / shares.seconds:.0%}"
            for part, seconds in shares.parts.items()
            if part != "copying"
        },
        "bound by": shares.bound_by,
    }


def main() -> None:
    loaded = pictures()
    frames = Utterances()[0]["speech"].shape[-1]
    rows = [
        row(name, "3 × 32 × 32", loaded, PICTURES, threads)
        for name in ("ImageCNN", "ImageResNet")
        for threads in (1, 2)
    ]
    heard = DataLoader(Utterances(), CLIPS)
    table = next(iter(DataLoader(Utterances(), 4 * CLIPS)))
    kept = Batches(table, CLIPS, seed=0)
    rows += [
        row(name, f"80 × {frames}", kept, CLIPS, 2)
        for name in ("SpeechCNN", "SpeechRNN (GRU)", "SpeechTransformer")
    ]
    rows.append(row("SpeechCNN", f"80 × {frames}, log-mel as they come", heard, CLIPS, 2))
    note = (
        f"Pictures of CIFAR-10's size, and log-mel of {SECONDS} s at {RATE // 1000} kHz, as "
        "LibriSpeech's utterances have: random numbers, since only their size counts here. The last "
        "row computes the log-mel of each clip whenever it is asked for, in the process that trains. "
        "A clock stands between the parts of each step."
    )
    store("article_sizes", rows, note)


if __name__ == "__main__":
    main()
