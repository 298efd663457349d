"""How long an epoch takes in scratch beside its module twin: `python benchmarks/bench_models.py`.

The whole of training counts: batches, forward, loss, backward, clipping, the step of AdamW.
"""

from collections.abc import Callable, Iterator

import torch
from harness import ratio, store
from torch import Tensor, nn

from mmcourse import data, features
from mmcourse.modules.image_models import ImageCNN, ImageResNet
from mmcourse.modules.speech_models import SpeechCNN, SpeechRNN, SpeechTransformer
from mmcourse.scratch import losses, optim
from mmcourse.scratch.image_models import image_cnn, image_resnet
from mmcourse.scratch.parameters import copied, learnable
from mmcourse.scratch.speech_models import speech_cnn, speech_rnn, speech_transformer

BATCH, CLASSES = 64, 10
Epoch = Callable[[], object]


def digits() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Pictures, log-mel frames every 10 ms, their lengths, and labels, of the training part of `digits`."""
    sets = data.load("digits", seed=0)
    table = sets.train.as_tensors()
    hop = sets.sample_rate // 100
    speech = torch.cat(
        [features.log_mel(clips, sets.sample_rate, hop_length=hop) for clips in table["speech"].split(500)]
    )
    speech = (speech - speech.mean()) / speech.std()
    return table["image"], speech, 1 + table["lengths"] // hop, table["label"]


def batches(*tensors: Tensor) -> Iterator[list[Tensor]]:
    order = torch.randperm(len(tensors[0]), generator=torch.Generator().manual_seed(0))
    for rows in order.split(BATCH):
        yield [values[rows] for values in tensors]


def scratch_epoch(function: Callable[..., Tensor], state: dict[str, Tensor], *tensors: Tensor) -> Epoch:
    """One epoch, as a function: a network of scratch, with scratch's loss, clipping and AdamW."""
    parameters = copied(state)
    optimiser = optim.AdamW(learnable(parameters), lr=1e-3)

    def epoch() -> None:
        for *batch, label in batches(*tensors):
            loss = losses.cross_entropy(function(parameters, *batch, training=True), label)
            optimiser.zero_grad()
            loss.backward()
            optim.clip_grad_norm(optimiser.parameters, 1.0)
            optimiser.step()

    return epoch


def module_epoch(module: nn.Module, *tensors: Tensor) -> Epoch:
    """The same with torch.nn and torch.optim."""
    module.train()
    optimiser = torch.optim.AdamW(module.parameters(), lr=1e-3)

    def epoch() -> None:
        for *batch, label in batches(*tensors):
            loss = nn.functional.cross_entropy(module(*batch), label)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(module.parameters(), 1.0)
            optimiser.step()

    return epoch


def row(
    what: str, function: Callable[..., Tensor], module: nn.Module, *tensors: Tensor, most: str, aim: str = "–"
) -> dict[str, str]:
    ours = scratch_epoch(function, module.state_dict(), *tensors)
    result = ratio(ours, module_epoch(module, *tensors), repeats=11)
    return {"what": what, **result.row(), "at most": most, "aim": aim}


def main() -> None:
    torch.set_num_threads(1)  # as lessons do: operations this small wait longer for threads than they work
    torch.manual_seed(0)
    image, speech, lengths, label = digits()
    rows = [
        row("image CNN", image_cnn, ImageCNN(CLASSES), image, label, most="3.00", aim="2.00"),
        row("image ResNet", image_resnet, ImageResNet(CLASSES), image, label, most="–"),
    ]
    heard = speech, lengths, label
    rows += [
        row("speech CNN", speech_cnn, SpeechCNN(CLASSES), *heard, most="–"),
        row("speech GRU", speech_rnn, SpeechRNN(CLASSES), *heard, most="–"),
        row("speech transformer", speech_transformer, SpeechTransformer(CLASSES), *heard, most="–"),
    ]
    note = (
        f"One epoch of `digits`: {len(label):,} pairs, batches of {BATCH}, pictures of 8 × 8 pixels, at most "
        f"{speech.shape[-1]} frames of speech. Ours: scratch's network, loss, clipping, AdamW. Theirs: the "
        "module, torch.nn.functional and torch.optim. Forward, backward and step, float32."
    )
    store("models", rows, note)


if __name__ == "__main__":
    main()
